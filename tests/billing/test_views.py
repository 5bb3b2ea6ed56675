import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.exporters import depot
from billing.models import Administration, Envoi, LigneFichcomp, Prix, Sejour
from billing.permissions import GRANTS, BillingPermission
from billing.services.export import export_month
from billing.services.preparation import prepare_month
from engine.models import AccesLu
from referentiel.roles import Role
from tests.billing import builders
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
GOLDEN = Path(__file__).parent.parent / "golden" / "fichcomp_mco_m3_2025.txt"
MOIS = {"annee": 2025, "mois": 3}


def log(client, user):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def biller(client, facturation):
    return log(client, facturation)


def page(client, name, data=None, status=200, **kwargs):
    response = client.get(reverse(f"billing:{name}", kwargs=kwargs), data)
    assert response.status_code == status
    return response.content.decode() if not response.streaming else response


def post(client, name, data=None, status=302, **kwargs):
    response = client.post(reverse(f"billing:{name}", kwargs=kwargs), data or {})
    assert response.status_code == status
    return response


def text_of(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.replace("&nbsp;", " ")))


# The table of pages: who opens them by GET (200), the others get 403.
ROUTES = {
    "mois": ({}, {"FACTURATION"}),
    "mois_detail": (MOIS, {"FACTURATION"}),
    "lignes": (MOIS, {"FACTURATION"}),
    "sejours": ({}, {"FACTURATION"}),
    "saisie": ({}, {"FACTURATION"}),
    "collage": ({}, {"FACTURATION"}),
    "prix": ({}, {"FACTURATION", "PHARMACIEN"}),
}
POSTS = {"controler": MOIS, "exporter": MOIS}


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_without_a_role_home_asks_for_one(client, name):
    """A person who has not picked a role is sent where it is picked, not refused."""
    person = UserFactory()
    kwargs = ROUTES[name][0]
    response = log(client, person).get(reverse(f"billing:{name}", kwargs=kwargs))
    assert (response.status_code, response.url) == (302, reverse("accueil"))


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("name", ROUTES)
def test_pages_open_to_their_roles_only(client, etablissement, role, name):
    kwargs, roles = ROUTES[name]
    builders.make_pui(etablissement)
    log(client, builders.make_user(etablissement, role))
    response = client.get(reverse(f"billing:{name}", kwargs=kwargs))
    assert response.status_code == (200 if role in roles else 403)


@pytest.mark.parametrize("role", [r for r in Role.values if r != "FACTURATION"])
@pytest.mark.parametrize("name", POSTS)
def test_only_facturation_checks_and_exports(client, etablissement, role, name):
    builders.make_pui(etablissement)
    log(client, builders.make_user(etablissement, role))
    post(client, name, status=403, **POSTS[name])


@pytest.mark.parametrize("name", [*ROUTES, *POSTS])
def test_nobody_enters_without_login(client, db, name):
    kwargs = ROUTES.get(name, (POSTS.get(name), None))[0]
    response = client.get(reverse(f"billing:{name}", kwargs=kwargs))
    assert response.status_code == 302


def test_every_page_has_its_empty_state(biller):
    assert "Pas encore contrôlé" in page(biller, "mois")
    assert "n'a pas encore été contrôlé" in page(biller, "mois_detail", **MOIS).replace(
        "&#x27;", "'"
    )
    assert "Aucune ligne ici" in page(biller, "lignes", **MOIS)
    assert "Aucun séjour" in page(biller, "sejours")
    assert "Aucun prix" in page(biller, "prix")


def test_from_home_to_the_file_in_five_actions_without_typing(biller, mois_exemple):
    """Budget: at most 6 actions, nothing typed (months, month, check, export, download)."""
    detail = reverse("billing:mois_detail", kwargs=MOIS)
    assert detail in page(biller, "mois", {"annee": 2025})
    assert reverse("billing:controler", kwargs=MOIS) in page(biller, "mois_detail", **MOIS)
    assert post(biller, "controler", **MOIS).url == detail
    assert reverse("billing:exporter", kwargs=MOIS) in page(biller, "mois_detail", **MOIS)
    assert post(biller, "exporter", **MOIS).url == detail
    envoi = Envoi.objects.get()
    html = page(biller, "mois_detail", **MOIS)
    assert reverse("billing:telecharger", kwargs={"pk": envoi.pk}) in html
    response = page(biller, "telecharger", pk=envoi.pk)
    assert b"".join(response.streaming_content) == GOLDEN.read_bytes()
    assert response["Content-Disposition"] == (
        'attachment; filename="SIMULATION_990000002.2025.3.medatu.txt"'
    )
    sidecar = biller.get(reverse("billing:lisezmoi", kwargs={"pk": envoi.pk}))
    assert sidecar.content.decode().startswith("SIMULATION")
    assert "SIMULATION_990000002.2025.3.medatu.LISEZMOI.txt" in sidecar["Content-Disposition"]


def test_the_month_shows_counts_amounts_reasons_and_the_control_prevented(
    biller, mois_exemple, etablissement, facturation, indocin_price_missing
):
    prepare_month(**mois_exemple, by=facturation)
    said = text_of(page(biller, "mois_detail", **MOIS))
    assert "2 prêtes" in said
    assert "6 815,03 €" in said
    assert "1 bloquée" in said
    assert "Aucun prix d'achat de l'UCD 9321007" in said.replace("&#x27;", "'")
    assert "MEDATU 005" in said
    assert "Saisir le prix" in said


@pytest.fixture
def indocin_price_missing(mois_exemple):
    Prix.objects.filter(specialite__ucd7="9321007").delete()


def test_the_delta_compares_the_discharges_of_two_months(
    biller, mois_exemple, etablissement, facturation
):
    specialite = Prix.objects.get(specialite__ucd7="9321007").specialite
    dispensation = builders.make_dispensation(etablissement, specialite, jour=date(2025, 2, 1))
    stay = builders.make_sejour(
        etablissement, dispensation.patient, "250", date(2025, 2, 1), date(2025, 2, 28)
    )
    builders.make_administration(dispensation, stay, date(2025, 2, 2), "10")
    prepare_month(**mois_exemple, by=facturation)
    said = text_of(page(biller, "mois_detail", **MOIS))
    assert "+99 % " in said
    assert "Δ février" in said


def test_retrocession_and_had_stand_apart(biller, etablissement, indocin):
    builders.make_dispensation(etablissement, indocin, contexte="RETROCESSION", quantite="7")
    builders.make_dispensation(etablissement, indocin, contexte="HAD", quantite="3")
    said = text_of(page(biller, "mois_detail", **MOIS))
    assert "Rétrocession 1 7" in said
    assert "Hospitalisation à domicile 1 3" in said


def test_an_s3404_hospital_is_told_what_exists(biller, etablissement):
    etablissement.route_facturation = "S3404"
    etablissement.route_a_confirmer = True
    etablissement.save()
    for name, kwargs in (("mois", {}), ("mois_detail", MOIS)):
        said = text_of(page(biller, name, **kwargs)).replace("&#x27;", "'")
        assert "Le FICHCOMP n'est pas la voie de cet établissement." in said
        assert "à confirmer" in said
    assert ">Contrôler<" not in page(biller, "mois_detail", **MOIS)
    response = biller.post(reverse("billing:controler", kwargs=MOIS), follow=True)
    assert "pas du FICHCOMP" in response.content.decode()


def test_lines_drill_by_state_and_reason(biller, mois_exemple, facturation, indocin_price_missing):
    prepare_month(**mois_exemple, by=facturation)
    assert page(biller, "lignes", **MOIS).count('<th scope="row">') == 3
    ready = page(biller, "lignes", {"etat": "PRETE"}, **MOIS)
    assert ready.count('<th scope="row">') == 2
    blocked = page(biller, "lignes", {"etat": "BLOQUEE", "motif": "prix_manquant"}, **MOIS)
    assert blocked.count('<th scope="row">') == 1
    assert "Aucune ligne ici" in page(biller, "lignes", {"motif": "inconnu"}, **MOIS)


def test_zero_lines_enter_when_the_box_is_ticked(biller, mois_exemple):
    Prix.objects.update(prix_unitaire_ttc=0)
    post(biller, "controler", **MOIS)
    assert LigneFichcomp.objects.filter(etat="EXCLUE").count() == 3
    post(biller, "controler", {"inclure_zero": "on"}, **MOIS)
    assert LigneFichcomp.objects.filter(etat="PRETE").count() == 3


def test_new_entries_ask_for_a_new_check(biller, mois_exemple, etablissement, facturation, indocin):
    prepare_month(**mois_exemple, by=facturation)
    dispensation = builders.make_dispensation(etablissement, Prix.objects.first().specialite)
    stay = builders.make_sejour(etablissement, dispensation.patient, "999")
    builders.make_administration(dispensation, stay)
    assert "1 administration saisie depuis le contrôle" in text_of(
        page(biller, "mois_detail", **MOIS)
    )


@pytest.fixture
def indocin(db):
    return builders.make_specialite("INDOCIN", ucd7="9321008")


@pytest.mark.parametrize("path", ["2025/13/", "2025/0/", "1999/1/", "2025/03/", "abcd/1/"])
def test_a_month_that_cannot_be_is_not_found(biller, path):
    assert biller.get(f"/facturation/{path}").status_code == 404


def test_a_month_to_come_is_refused_with_a_sentence(biller):
    response = biller.post("/facturation/2999/1/controler/", follow=True)
    assert response.status_code == 200
    assert "Ce mois n'a pas commencé." in response.content.decode().replace("&#x27;", "'")


@pytest.mark.parametrize("annee", ["1", "99999", "x", "", "2022"])
def test_any_year_in_the_address_gives_a_page(biller, annee):
    page(biller, "mois", {"annee": annee})


# Entry of stays, administrations, prices


def test_pasted_text_with_faults_comes_back_whole(biller, etablissement, indocin):
    text = "240012345;10/03/2025;20/03/2025;AAC-2025-999999;15/03/2025;1\nx"
    html = post(biller, "collage", {"texte": text}, status=422).content.decode()
    assert text in html
    assert "Ligne 1, dispensation" in html
    assert "Ligne 2" in html
    assert Administration.objects.count() == 0


def test_pasted_text_without_fault_is_recorded(biller, etablissement, indocin):
    dispensation = builders.make_dispensation(etablissement, indocin)
    numero = dispensation.titre.numero
    text = f"240012345;10/03/2025;20/03/2025;{numero};15/03/2025;1"
    post(biller, "collage", {"texte": text})
    assert Administration.objects.get().sejour.numero == "240012345"


def typed(choice, **changes):
    return {
        "dispensation": str(choice.pk),
        "numero_sejour": "a12",
        "entree": "2025-03-10",
        "sortie": "",
        "jour": "2025-03-15",
        "quantite": "2,5",
        "perte": "",
        "validation": "",
        **changes,
    }


def test_an_administration_is_typed(biller, etablissement, indocin):
    dispensation = builders.make_dispensation(etablissement, indocin)
    assert str(dispensation.pk) in page(biller, "sejours")
    page(biller, "saisie", {"dispensation": str(dispensation.pk)})
    post(biller, "saisie", typed(dispensation))
    assert str(Administration.objects.get().quantite) == "2.500"
    assert Sejour.objects.get().numero == "A12"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"quantite": "99"}, "Il ne reste que 10 unité(s)"),
        ({"quantite": "x"}, "Saisissez un nombre"),
        ({"sortie": "2025-03-01"}, "La sortie précède l'entrée."),
        ({"jour": "2025-03-09"}, "L'administration précède la dispensation."),
        ({"numero_sejour": "é"}, "Lettres capitales sans accent"),
        ({"dispensation": "00000000-0000-4000-8000-000000000000"}, "choix valide"),
        ({"dispensation": "x"}, "UUID valide"),
    ],
)
def test_a_typed_fault_is_said_and_nothing_is_lost(biller, etablissement, indocin, changes, said):
    dispensation = builders.make_dispensation(etablissement, indocin)
    data = typed(dispensation, **changes)
    html = post(biller, "saisie", data, status=422).content.decode().replace("&#x27;", "'")
    assert said in html
    assert f'value="{data["jour"]}"' in html
    assert Administration.objects.count() == 0


def test_the_page_of_a_stay_is_read_corrected_and_journalled(biller, etablissement, indocin):
    dispensation = builders.make_dispensation(etablissement, indocin)
    stay = builders.make_sejour(etablissement, dispensation.patient, sortie=None)
    administration = builders.make_administration(dispensation, stay)
    assert dispensation.titre.numero in page(biller, "sejour", pk=stay.pk)
    assert AccesLu.objects.filter(subject_id=stay.pk).count() == 1
    post(biller, "sejour", {"entree": "2025-03-10", "sortie": "2025-03-20"}, pk=stay.pk)
    stay.refresh_from_db()
    assert stay.sortie == date(2025, 3, 20)
    post(biller, "sejour", {"entree": "2025-03-10", "sortie": "x"}, status=422, pk=stay.pk)
    assert "sera supprimée" in page(biller, "supprimer_administration", pk=administration.pk)
    assert Administration.objects.count() == 1
    post(biller, "supprimer_administration", pk=administration.pk)
    assert Administration.objects.count() == 0


@pytest.mark.parametrize("what", ["price", "price-gone", "discharge", "reopened", "closed"])
def test_what_changed_since_the_check_is_said(biller, mois_exemple, facturation, what):
    stay = Sejour.objects.get(numero="240017890")
    if what == "closed":
        Sejour.objects.filter(pk=stay.pk).update(sortie=None)
    prepare_month(**mois_exemple, by=facturation)
    said = "Un prix ou une sortie a changé depuis le contrôle"
    assert said not in page(biller, "mois_detail", **MOIS)
    hospital = mois_exemple["etablissement"]
    builders.make_prix(hospital, builders.make_specialite("AUTRE", "9000257"))
    assert said not in page(biller, "mois_detail", **MOIS)
    if what == "price":
        Prix.objects.filter(specialite__ucd7="9321007").update(prix_unitaire_ttc="392.0001")
    elif what == "price-gone":
        Prix.objects.filter(specialite__ucd7="9321007").update(fin=date(2025, 3, 14))
    else:
        sortie = {"discharge": date(2025, 3, 21), "reopened": None, "closed": stay.sortie}[what]
        Sejour.objects.filter(pk=stay.pk).update(sortie=sortie)
    assert said in page(biller, "mois_detail", **MOIS)
    post(biller, "controler", **MOIS)
    assert said not in page(biller, "mois_detail", **MOIS)


def test_a_price_is_typed_from_the_list_of_the_missing_ones(biller, etablissement, indocin):
    builders.make_dispensation(etablissement, indocin)
    assert "?ucd=9321008#saisir" in page(biller, "prix")
    html = page(biller, "prix", {"ucd": "9321008"})
    assert 'value="9321008"' in html
    assert 'value="2025-03-10"' in html
    data = {
        "ucd7": "9321008",
        "prix_unitaire_ttc": "392,1234",
        "source": "Facture fictive",
        "debut": "2025-03-10",
        "fin": "",
    }
    post(biller, "prix", data)
    assert str(Prix.objects.get().prix_unitaire_ttc) == "392.1234"
    post(biller, "prix", {**data, "prix_unitaire_ttc": "392"})
    assert str(Prix.objects.get().prix_unitaire_ttc) == "392.0000"
    earlier = {**data, "debut": "2025-03-09"}
    html = post(biller, "prix", earlier, status=422).content.decode()
    assert "ne se chevauchent pas" in html
    html = post(biller, "prix", {**data, "ucd7": "9999999"}, status=422).content.decode()
    assert "pas au référentiel" in html


# Scope


def test_another_hospital_is_absent_everywhere(
    client, mois_exemple, facturation, autre_etablissement
):
    prepare_month(**mois_exemple, by=facturation)
    envoi = export_month(**mois_exemple, by=facturation)
    stay, administration = Sejour.objects.first(), Administration.objects.first()
    log(client, builders.make_user(autre_etablissement))
    for name in ("telecharger", "lisezmoi"):
        page(client, name, status=404, pk=envoi.pk)
    page(client, "sejour", status=404, pk=stay.pk)
    post(client, "supprimer_administration", status=404, pk=administration.pk)
    pages = [page(client, "mois", {"annee": 2025}), page(client, "mois_detail", **MOIS)]
    pages += [page(client, "lignes", **MOIS), page(client, "sejours"), page(client, "prix")]
    pages.append(page(client, "saisie"))
    for html in pages:
        assert "240012345" not in html
        assert "Fictive" not in html
        assert "INDOCIN" not in html
        assert "Exporté" not in html


def test_without_affectation_nothing_is_visible(etablissement, facturation, mois_exemple):
    prepare_month(**mois_exemple, by=facturation)
    models = (Sejour, Administration, Prix, LigneFichcomp)
    assert all(model.objects.visible_to(facturation).exists() for model in models)
    facturation.affectation = None
    for model in models:
        assert not model.objects.visible_to(facturation).exists()


def test_grants_are_the_two_roles_written_by_hand():
    assert set(GRANTS) == {Role.FACTURATION, Role.PHARMACIEN}
    assert GRANTS[Role.PHARMACIEN] == {
        BillingPermission.VIEW_PRIX,
        BillingPermission.RECORD_PRIX,
    }


# Constant queries


def queries(client, name, **kwargs):
    url = reverse(f"billing:{name}", kwargs=kwargs)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url, {"annee": 2025} if name == "mois" else None).status_code == 200
    return len(captured)


def test_lists_cost_the_same_whatever_their_length(biller, etablissement, facturation, indocin):
    builders.make_prix(etablissement, indocin)
    names = [("mois", {}), ("mois_detail", MOIS), ("lignes", MOIS), ("sejours", {}), ("prix", {})]
    names.append(("saisie", {}))

    def add(number):
        dispensation = builders.make_dispensation(etablissement, indocin)
        stay = builders.make_sejour(etablissement, dispensation.patient, str(number))
        builders.make_administration(dispensation, stay)
        prepare_month(etablissement=etablissement, **MOIS, by=facturation)
        prepare_month(etablissement=etablissement, annee=2025, mois=number, by=facturation)

    add(3)
    stay = Sejour.objects.get()
    page(biller, "mois")  # the first page of a session renews it
    few = {name: queries(biller, name, **kwargs) for name, kwargs in names}
    few_stay = queries(biller, "sejour", pk=stay.pk)
    for number in range(4, 9):
        add(number)
        dispensation = Administration.objects.filter(sejour=stay).first().dispensation
        builders.make_administration(dispensation, stay, date(2025, 3, 10 + number), "0.5")
    many = {name: queries(biller, name, **kwargs) for name, kwargs in names}
    assert many == few
    assert queries(biller, "sejour", pk=stay.pk) == few_stay


def test_no_clinical_text_on_the_pages_of_billing(biller, mois_exemple, facturation):
    prepare_month(**mois_exemple, by=facturation)
    from referentiel.models import CodeIndication

    CodeIndication.objects.update(libelle="CANARI-CLINIQUE")
    stay = Sejour.objects.first()
    pages = [page(biller, "mois_detail", **MOIS), page(biller, "lignes", **MOIS)]
    pages += [page(biller, "sejours"), page(biller, "sejour", pk=stay.pk)]
    for html in pages:
        assert "CANARI-CLINIQUE" not in html
        assert "1 par jour" not in html


def test_a_file_that_cannot_be_made_again_is_told_not_a_crash(biller, mois_exemple, facturation):
    prepare_month(**mois_exemple, by=facturation)
    envoi = export_month(**mois_exemple, by=facturation)
    default_storage.delete(depot.name_of(envoi.sha256))
    LigneFichcomp.objects.filter(ordre=1).update(nombre=2)
    response = biller.get(reverse("billing:telecharger", args=[envoi.pk]), follow=True)
    assert response.redirect_chain == [(reverse("billing:mois_detail", kwargs=MOIS), 302)]
    assert "n'a pas pu être refait à l'identique" in unescape(response.content.decode())
