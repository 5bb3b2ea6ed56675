"""Work lists: what waits first, filters in the address, counts, exports, constant queries."""

import csv
import io
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from access.models import Commande, Dossier
from access.selectors.work_lists import counts, dossiers_of, onglet_named, waiting_count
from access.states import DemandeAacState as S
from engine.clocks import now, today
from referentiel.formats.csv_francais import harmless
from referentiel.models import Parametre
from tests.factories import people
from tests.factories.dossiers import aac_at, dossier_at, monde

pytestmark = pytest.mark.django_db

LIST = "/dossiers/"


def many(dossier, count):
    """Copies of one dossier: a long list, without walking each one."""
    detail = dossier.detail_aac
    fields = {f.attname: getattr(dossier, f.attname) for f in Dossier._meta.concrete_fields}
    parts = {f.attname: getattr(detail, f.attname) for f in type(detail)._meta.concrete_fields}
    rows = []
    for n in range(count):
        changed = {"id": None, "numero": f"DEM-2030-{Dossier.objects.count():04d}{n:04d}"}
        values = {**fields, **changed}
        del values["id"]
        rows.append(Dossier(**values))
    Dossier.objects.bulk_create(rows)
    type(detail).objects.bulk_create(type(detail)(**{**parts, "dossier_id": r.pk}) for r in rows)
    return rows


def test_what_waits_for_me_comes_first(client):
    m = monde()
    mine, sent = dossier_at(S.BROUILLON, m), dossier_at(S.A_VALIDER_PUI, m)
    people.login(client, m.prescripteur)
    answer = client.get(LIST)
    assert [row["url"] for row in answer.context["rows"]] == [f"/dossiers/{mine.pk}/"]
    people.login(client, m.pharmacien)
    answer = client.get(LIST)
    assert [row["url"] for row in answer.context["rows"]] == [f"/dossiers/{sent.pk}/"]


def test_urgent_then_clock():
    m = monde()
    later = dossier_at(S.A_VALIDER_PUI, m, differable=True)
    urgent = dossier_at(S.A_VALIDER_PUI, m, differable=False)
    tab = onglet_named(m.pharmacien, "a_valider")
    assert [d.pk for d in dossiers_of(m.pharmacien, tab)] == [urgent.pk, later.pk]


def test_counts_follow_the_states():
    m = monde()
    dossier_at(S.BROUILLON, m)
    dossier_at(S.A_VALIDER_PUI, m)
    dossier_at(S.COMPLEMENT_DEMANDE, m)
    dossier_at(S.REFUSEE, m)
    aac_at(m=m, jours=60)
    assert counts(m.prescripteur) == {
        "a_faire": 2, "en_cours": 2, "bientot": 1, "touches": 0, "termines": 2,
    }  # fmt: skip
    held = counts(m.pharmacien)
    assert (held["a_valider"], held["commandes"], held["livraisons"]) == (1, 1, 0)
    agency = counts(m.decideur)
    assert (agency["complement"], agency["decidees"]) == (1, 2)
    assert waiting_count(m.prescripteur) == 2
    assert waiting_count(m.pharmacien) == 2


def test_an_interne_at_the_pharmacy_counts_what_they_prepare():
    m = monde()
    dossier_at(S.BROUILLON, m)
    dossier_at(S.A_VALIDER_PUI, m)
    dossier_at(S.RETOURNEE_PRESCRIPTEUR, m)
    aac = aac_at(m=m, jours=60)
    interne = m.hopital.interne_pui()
    assert counts(interne) == {
        "a_faire": 1, "a_valider": 1, "reponses": 0, "livraisons": 0, "bientot": 1, "touches": 0,
        "en_cours": 3, "termines": 1,
    }  # fmt: skip
    assert waiting_count(interne) == 1
    Commande.objects.filter(titre=aac).update(state="ENVOYEE")
    assert (counts(interne)["livraisons"], waiting_count(interne)) == (1, 0)
    own = dossier_at(S.BROUILLON, m)
    Dossier.objects.filter(pk=own.pk).update(created_by=interne)
    tab = onglet_named(interne, "")
    assert [d.pk for d in dossiers_of(interne, tab)] == [own.pk]
    assert waiting_count(interne) == 1


def test_an_interne_at_another_pharmacy_counts_nothing():
    m = monde()
    aac_at(m=m)
    second = people.PuiFactory(etablissement=m.hopital.etablissement)
    for interne in (m.hopital.interne_pui(pui=second), people.hopital().interne_pui()):
        assert set(counts(interne).values()) == {0}
        assert waiting_count(interne) == 0


def test_expected_delivery_leaves_the_orders_to_send():
    aac = aac_at()
    Commande.objects.filter(titre=aac).update(state="ENVOYEE")
    held = counts(aac.monde.pharmacien)
    assert (held["commandes"], held["livraisons"]) == (0, 1)


def test_search_finds_number_product_and_initials(client):
    m = monde()
    dossier = dossier_at(S.A_VALIDER_PUI, m)
    people.login(client, m.pharmacien)
    for words in (dossier.numero, dossier.produit_nom.lower(), "f. d."):
        found = client.get(LIST, {"q": words}).context["rows"]
        assert [row["title"] for row in found] == [dossier.numero], words
    assert client.get(LIST, {"q": "introuvable"}).context["rows"] == []


def test_filters_live_in_the_address(client):
    m = monde()
    urgent = dossier_at(S.A_VALIDER_PUI, m, differable=False)
    dossier_at(S.A_VALIDER_PUI, m, differable=True)
    people.login(client, m.pharmacien)
    found = client.get(LIST, {"urgence": "oui"}).context["rows"]
    assert [row["title"] for row in found] == [urgent.numero]
    by_product = {"produit": str(urgent.produit_id)}
    assert len(client.get(LIST, by_product).context["rows"]) == 2


@pytest.mark.parametrize(
    "query", ["produit=abc", "service=%00", "urgence=peut", "onglet=x", "page=zz", "page=-1"]
)
def test_unreadable_address_is_no_error(client, query):
    people.login(client, dossier_at(S.A_VALIDER_PUI).monde.pharmacien)
    assert client.get(f"{LIST}?{query}").status_code == 200


def test_choices_of_filters_are_those_of_my_dossiers(client):
    m, other = monde(), monde()
    dossier_at(S.A_VALIDER_PUI, m)
    dossier_at(S.A_VALIDER_PUI, other)
    people.login(client, m.pharmacien)
    text = client.get(LIST).content.decode()
    assert m.medicament.produit.nom in text
    assert other.medicament.produit.nom not in text


def test_empty_list_says_what_would_fill_it(client):
    people.login(client, monde().pharmacien)
    assert "arrivent ici" in client.get(LIST).content.decode()


@pytest.mark.parametrize(
    "role", ["prescripteur", "pharmacien", "interne_pui", "evaluateur", "decideur"]
)
def test_queries_do_not_grow_with_the_list(client, role):
    m = monde()
    m.interne_pui = m.hopital.interne_pui()
    state = {
        "prescripteur": S.BROUILLON, "pharmacien": S.A_VALIDER_PUI, "interne_pui": S.A_VALIDER_PUI,
    }.get(role, S.TRANSMISE_ANSM)  # fmt: skip
    dossier = dossier_at(state, m)
    people.login(client, getattr(m, role))
    address = f"{LIST}?onglet=tous"
    many(dossier, 4)
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as few:
        assert len(client.get(address).context["rows"]) == 5
    many(dossier, 45)
    with CaptureQueriesContext(connection) as more:
        assert len(client.get(address).context["rows"]) == 50
    assert len(more) == len(few)
    assert len(more) <= 16


def test_queries_do_not_grow_on_the_home_page(client):
    m = monde()
    dossier = dossier_at(S.A_VALIDER_PUI, m)
    people.login(client, m.pharmacien)
    many(dossier, 2)
    client.get("/")
    with CaptureQueriesContext(connection) as few:
        client.get("/")
    many(dossier, 30)
    with CaptureQueriesContext(connection) as more:
        client.get("/")
    assert len(more) == len(few)


def test_pages_of_fifty(client):
    m = monde()
    many(dossier_at(S.A_VALIDER_PUI, m), 59)
    people.login(client, m.pharmacien)
    assert len(client.get(LIST).context["rows"]) == 50
    assert len(client.get(LIST, {"page": 2}).context["rows"]) == 10


def test_csv_holds_all_that_is_shown(client):
    m = monde()
    many(dossier_at(S.A_VALIDER_PUI, m), 54)
    people.login(client, m.pharmacien)
    answer = client.get(reverse("access:dossiers_export", args=["csv"]), {"onglet": "a_valider"})
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert len(lines) == 56
    assert lines[0][0] == "Dossier"
    assert "attachment" in answer["Content-Disposition"]


def test_xlsx_opens_and_keeps_text_as_text(client):
    m = monde()
    dossier = dossier_at(S.A_VALIDER_PUI, m)
    Dossier.objects.filter(pk=dossier.pk).update(produit_nom="=CMD()")
    people.login(client, m.pharmacien)
    answer = client.get(reverse("access:dossiers_export", args=["xlsx"]))
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[1][0] == dossier.numero
    assert rows[1][2] == "'=CMD()"


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t1", "\r1", "\n1", "\x001"])
def test_dangerous_cell_is_prefixed(text):
    assert harmless(text) == "'" + text


def test_ordinary_and_empty_cells_are_left():
    assert harmless("Brouillon") == "Brouillon"
    assert harmless("") == ""


def test_unknown_format_is_404(client):
    people.login(client, monde().pharmacien)
    assert client.get("/dossiers/export.pdf").status_code == 404


def test_role_without_dossiers_is_403(client):
    people.login(client, monde().hopital.facturation())
    assert client.get(LIST).status_code == 403


@pytest.mark.parametrize(("days", "marked"), [(14, False), (15, True)])
def test_the_agency_sees_in_words_what_it_has_kept_for_15_days(client, days, marked):
    m = monde()
    dossier_at(S.TRANSMISE_ANSM, m, differable=True)
    with time_machine.travel(now() + timedelta(days=days), tick=False):
        people.login(client, m.evaluateur)
        (row,) = client.get(LIST).context["rows"]
        people.login(client, m.prescripteur)
        (own,) = client.get(LIST + "?onglet=en_cours").context["rows"]
    assert row["urgent"] is marked
    assert (f"en retard\u00a0: à l'agence depuis {days}\u00a0jours" in row["sub"]) is marked
    assert "en retard" not in own["sub"]
    assert not own["urgent"]


def test_the_days_before_the_mark_are_those_in_force(client):
    Parametre.objects.create(
        code="aac.alerte_rouge_jours", valeur="3", debut=today(), source="fictive"
    )
    m = monde()
    dossier_at(S.TRANSMISE_ANSM, m, differable=True)
    with time_machine.travel(now() + timedelta(days=3), tick=False):
        people.login(client, m.evaluateur)
        answer = client.get(LIST)
    assert "depuis 3\u00a0jours" in answer.context["rows"][0]["sub"]
    assert "en retard" in answer.content.decode()
