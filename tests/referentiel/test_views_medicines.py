"""Pages of the medicines: public register, gestionnaire's pages."""

from datetime import date

import pytest
from django.urls import reverse

from referentiel.models import (
    Affectation,
    Cadre,
    CodeIndication,
    ImportRun,
    Organisation,
    Produit,
    Publication,
    Specialite,
    StatutAffectation,
    User,
)
from referentiel.roles import Role
from referentiel.services.imports import import_referentiel
from tests.factories import people
from tests.referentiel import samples
from tests.referentiel.publishing import proposing, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def base(tmp_path):
    import_referentiel("atih", samples.atih(tmp_path))


def login(client, role, organisation="ANSM"):
    org = Organisation.objects.create(type=organisation, nom="Organisme Exemple")
    user = User.objects.create_user("gestion@exemple.invalid", nom="Fictive", titre="Mme")
    Affectation.objects.create(
        user=user,
        role=role,
        organisation=org,
        debut=date(2021, 1, 1),
        statut=StatutAffectation.ACTIVE,
    )
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return user


@pytest.fixture
def editor(client, base):
    login(client, Role.GESTIONNAIRE_ANSM)
    return client


def indocin():
    return Specialite.objects.select_related("produit").get(ucd7="9321007")


# --- Public -----------------------------------------------------------------------------


def test_search_needs_no_account_and_finds_without_accents(client, base):
    page = client.get(reverse("referentiel:recherche"), {"q": "nephrotique"})
    assert page.status_code == 200
    text = page.content.decode()
    assert "INDOCIN 25MG/5ML BUV FL" in text
    assert "HEPCLUDEX" not in text
    assert "font foi" in text


@pytest.mark.parametrize(
    "query",
    [
        {"q": "\0'\"<script>%_\\"},
        {"page": "abc"},
        {"page": "-4"},
        {"cadre": "XX"},
        {"q": "a" * 9000},
    ],
)
def test_search_survives_anything_typed(client, base, query):
    page = client.get(reverse("referentiel:recherche"), query)
    assert page.status_code == 200
    assert b"<script>%" not in page.content


def test_search_filters_by_framework_and_day(client, base):
    Cadre.objects.filter(code="NTHAL01").update(fin=date(2025, 1, 1))
    url = reverse("referentiel:recherche")
    assert "Thalidomide" in client.get(url, {"cadre": "CPC", "statut": "tous"}).content.decode()
    opened = client.get(url, {"cadre": "CPC"}).content.decode()
    assert "MABTHERA" in opened
    assert "Thalidomide" not in opened


def test_search_and_sheet_ask_a_constant_number_of_queries(
    client, tmp_path, django_assert_max_num_queries
):
    import_referentiel("atih", samples.atih(tmp_path, [*samples.ATIH_ROWS, *samples.filler(60)]))
    client.get(reverse("referentiel:recherche"))  # the index is made by the first to search
    with django_assert_max_num_queries(7):
        client.get(reverse("referentiel:recherche"))
    with django_assert_max_num_queries(15):
        client.get(reverse("referentiel:produit", args=[indocin().produit_id]))


def test_sheet_shows_cadres_codes_and_source(client, base):
    text = client.get(reverse("referentiel:produit", args=[indocin().produit_id])).content.decode()
    for expected in ("Syndrome néphrotique congénital", "NINDO05", "NXXXX01", "3400893210079"):
        assert expected in text


def test_unknown_sheet_is_not_found(client):
    assert client.get(reverse("referentiel:produit", args=[Organisation().pk])).status_code == 404


# --- Gestionnaire -----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["gestion", "produit_nouveau", "imports"])
def test_pages_are_closed_to_others(client, base, name):
    url = reverse(f"referentiel:{name}")
    assert client.get(url).status_code == 302
    login(client, Role.EVALUATEUR_ANSM)
    assert client.get(url).status_code == 403


def test_list_shows_what_is_missing(editor):
    text = editor.get(reverse("referentiel:gestion"), {"etat": "incomplets", "q": "indocin"})
    assert "DCI, forme, dosage, laboratoire" in text.content.decode()


def test_each_cadre_holds_what_may_be_done_with_it(editor):
    produit = indocin().produit
    cadre = produit.cadres.get(code="NINDO05")
    Produit.objects.filter(pk=produit.pk).update(provenance={"condition_prescription": "ANSM"})
    text = editor.get(reverse("referentiel:gestion_produit", args=[produit.pk])).content.decode()
    card = next(part for part in text.split("<article")[1:] if cadre.indication in part)
    card = card.split("</article>")[0]
    for name in ("gestion_cadre", "gestion_criteres", "cadre_fermer"):
        assert reverse(f"referentiel:{name}", args=[cadre.pk]) in card
    assert "conditions de prescription, ANSM" in text
    assert "condition_prescription," not in text


def test_the_lists_to_choose_from_and_the_faults_are_in_french(editor):
    produit = indocin().produit
    cadre = reverse("referentiel:cadre_nouveau", args=[produit.pk])
    code = reverse("referentiel:code_nouveau", args=[produit.pk])
    assert "---" not in editor.get(cadre).content.decode()
    page = editor.get(code).content.decode()
    assert "---" not in page
    assert ">Spécialité</label>" in page
    faulty = editor.post(cadre, {"lien_officiel": "pas une adresse"})
    assert faulty.status_code == 422
    text = faulty.content.decode()
    assert "Donnez l&#x27;adresse entière" in text
    assert 'value="pas une adresse"' in text


def test_the_faults_of_a_page_stand_in_one_summary(editor):
    url = reverse("referentiel:document_nouveau", args=[indocin().produit.pk])
    answer = editor.post(url, {"titre": "Sans version ni motif"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert text.count('id="erreurs"') == 1
    summary = text.split('id="erreurs"')[1].split("</ul>")[0]
    assert ">Version</a>" in summary
    assert ">Pourquoi</a>" in summary


def test_gestionnaire_completes_a_product(editor):
    produit = indocin().produit
    url = reverse("referentiel:gestion_produit", args=[produit.pk])
    assert "Mentions manquantes" in editor.get(url).content.decode()
    data = {"nom": produit.nom, "dci": "indométacine", "forme": "suspension buvable"}
    data |= {"dosage": "25 mg/5 mL", "laboratoire": "Laboratoire Exemple"}
    published(editor, url, data)
    produit.refresh_from_db()
    assert (produit.dci, produit.provenance["dci"]) == ("indométacine", "gestionnaire")
    assert indocin().dci == "indométacine"
    assert "indometacine" in produit.texte_recherche
    assert produit.nom not in ("", None)


def test_empty_name_is_refused_and_nothing_lost(editor):
    url = reverse("referentiel:gestion_produit", args=[indocin().produit_id])
    page = editor.post(url, {"nom": "", "dci": "saisie gardée"})
    assert page.status_code == 422
    assert "saisie gardée" in page.content.decode()
    assert indocin().produit.dci == ""


def test_gestionnaire_adds_a_product_without_ucd_then_gives_it(editor):
    published(editor, reverse("referentiel:produit_nouveau"), {"nom": "CODE-123"})
    produit = Produit.objects.get(nom="CODE-123")
    url = reverse("referentiel:gestion_produit", args=[produit.pk])
    assert produit.specialites.get().ucd_en_attente
    data = {"nom": "CODE-123", "ucd7": "9321007"}
    assert editor.post(url, proposing(data)).status_code == 422
    published(editor, url, {"nom": "CODE-123", "ucd7": "9000001"})
    assert produit.specialites.get().ucd13 == "3400890000017"


def test_gestionnaire_adds_then_corrects_a_cadre(editor):
    produit = indocin().produit
    url = reverse("referentiel:cadre_nouveau", args=[produit.pk])
    data = {"framework": "AAC", "indication": "Cystinose", "statut": "ABROGE"}
    assert editor.post(url, proposing(data)).status_code == 422
    data |= {"statut": "SANS_CRITERES", "debut": "2025-02-01", "fin": "2025-01-01"}
    assert "précède" in editor.post(url, proposing(data)).content.decode()
    published(editor, url, data | {"fin": ""})
    cadre = produit.cadres.get(indication="Cystinose")
    assert cadre.cadre_source == "personne"
    change = reverse("referentiel:gestion_cadre", args=[cadre.pk])
    published(editor, change, data | {"fin": "2026-01-01"})
    cadre.refresh_from_db()
    assert cadre.fin == date(2026, 1, 1)


def test_changing_the_framework_changes_its_codes(editor):
    cadre = Cadre.objects.get(code="NINDO05")
    data = {"framework": "CPC", "indication": cadre.indication, "statut": "EN_VIGUEUR"}
    url = reverse("referentiel:gestion_cadre", args=[cadre.pk])
    published(editor, url, data)
    assert CodeIndication.objects.get(code="NINDO05").cadre_type == "CPC"


def test_gestionnaire_adds_then_corrects_a_code(editor):
    row = indocin()
    cadre = Cadre.objects.get(code="NINDO05")
    url = reverse("referentiel:code_nouveau", args=[row.produit_id])
    data = {"specialite": row.pk, "cadre": cadre.pk, "code": "xx", "debut": "2025-01-01"}
    for wrong in ({}, {"code": "NINDO05"}, {"code": "NINDO12", "cadre": ""}):
        assert editor.post(url, proposing(data | wrong)).status_code == 422
    published(editor, url, data | {"code": "nindo12"})
    code = CodeIndication.objects.get(code="NINDO12")
    change = reverse("referentiel:gestion_code", args=[code.pk])
    published(editor, change, {"libelle": "relu", "fin": "2025-12-31"})
    code.refresh_from_db()
    assert (code.libelle, code.fin, code.debut) == ("relu", date(2025, 12, 31), None)


def test_another_product_s_speciality_is_not_offered(editor):
    row, other = indocin(), Specialite.objects.get(ucd7="9000525")
    data = {"specialite": other.pk, "code": "NXXXX01"}
    url = reverse("referentiel:code_nouveau", args=[row.produit_id])
    assert editor.post(url, data).status_code == 422


def test_imports_and_their_rows_set_aside(editor, tmp_path):
    bad = "9426605;340089426605I;TYSABRI;NTYSA01;SEP;2024-08-07;"
    rows = [*samples.ATIH_ROWS, *samples.filler(200), bad]
    import_referentiel("atih", samples.atih(tmp_path, rows, name="a_2025-03.csv"))
    assert "a_2025-03.csv" in editor.get(reverse("referentiel:imports")).content.decode()
    run = ImportRun.objects.get(version="2025-03")
    page = editor.get(reverse("referentiel:import_detail", args=[run.pk])).content.decode()
    assert "ucd_13" in page
    assert "340089426605I" in page


def test_hand_edits_are_logged_and_imports_are_not(editor):
    from auditlog.models import LogEntry

    assert not LogEntry.objects.filter(content_type__model="produit").exists()
    produit = indocin().produit
    url = reverse("referentiel:gestion_produit", args=[produit.pk])
    editor.post(url, proposing(nom=produit.nom, dci="indométacine"))
    other, address = people.agent(Role.GESTIONNAIRE_ANSM), reverse("referentiel:publications")
    held = Publication.objects.get()
    people.login(editor, other).post(f"{address}{held.pk}/publier/")
    entry = LogEntry.objects.filter(content_type__model="produit").get()
    assert "dci" in entry.changes
    assert entry.actor.email == other.email
