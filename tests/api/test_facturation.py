"""Billing through the API: the same forms and services as the pages, one hospital's own."""

from datetime import date

import pytest

from engine import journal
from engine.clocks import today
from engine.models import AccesLu
from referentiel.models import Portee
from tests.billing.builders import (
    make_administration,
    make_dispensation,
    make_etablissement,
    make_prix,
    make_sejour,
    make_specialite,
    make_user,
)
from tests.factories.jetons import api

pytestmark = pytest.mark.django_db
BASE = "/api/v1/facturation/"
PRICE = {
    "ucd7": "9321007",
    "prix_unitaire_ttc": "392.00",
    "source": "Facture",
    "debut": "2025-01-01",
}


@pytest.fixture
def hospital():
    return make_etablissement()


@pytest.fixture
def client(hospital):
    return api(make_user(hospital))


def administration(dispensation, **more):
    values = {
        "dispensation": str(dispensation.pk),
        "numero_sejour": "240012345",
        "entree": "2025-03-10",
        "sortie": "2025-03-20",
        "jour": "2025-03-15",
        "quantite": "2.5",
    }
    return values | more


def test_month_from_administration_to_file(hospital, client):
    specialite = make_specialite()
    given = make_dispensation(hospital, specialite)
    assert client.post(f"{BASE}prix/", PRICE).status_code == 201
    waiting = client.get(f"{BASE}dispensations/").json()
    assert waiting["resultats"][0]["reste"] == "10.000"
    done = client.post(f"{BASE}administrations/", administration(given))
    assert done.status_code == 201, done.json()
    assert client.get(f"{BASE}sejours/").json()["resultats"][0]["administrations"] == 1
    month = f"{BASE}mois/2025/3/"
    assert client.post(f"{month}exporter/", {}).status_code == 422
    checked = client.post(f"{month}controler/", {})
    assert checked.json()["prete"] == {"lignes": 1, "montant": "980.000"}
    assert client.get(f"{month}lignes/").json()["resultats"][0]["code_indication"] == "NINDO05"
    made = client.post(f"{month}exporter/", {}, headers={"Idempotency-Key": "mars"})
    again = client.post(f"{month}exporter/", {}, headers={"Idempotency-Key": "mars"})
    assert made.status_code == 201
    assert made.json() == again.json()
    down = client.get(f"{BASE}envois/{made.json()['id']}/")
    assert len(down.content) == 107
    assert down["Content-Disposition"].endswith('.2025.3.medatu.txt"')
    assert (
        "SIMULATION" in client.get(f"{BASE}envois/{made.json()['id']}/lisezmoi/").content.decode()
    )
    assert client.get(month).json()["envoi"]["sha256"] == made.json()["sha256"]
    assert client.get(f"{BASE}mois/", {"annee": "2025"}).json()[0]["annee"] == 2025


def test_another_hospital_sees_none_of_it(hospital, client):
    specialite = make_specialite()
    given = make_dispensation(hospital, specialite)
    make_administration(given, make_sejour(hospital, given.patient), quantite="2.5")
    make_prix(hospital, specialite)
    client.post(f"{BASE}mois/2025/3/controler/", {})
    envoi = client.post(f"{BASE}mois/2025/3/exporter/", {}).json()["id"]
    other = api(make_user(make_etablissement("CH Fictif", "990000028")))
    for path in ("dispensations/", "sejours/", "prix/", "mois/2025/3/lignes/"):
        assert other.get(BASE + path).json()["total"] == 0, path
    assert other.get(f"{BASE}envois/{envoi}/").status_code == 404
    refused = other.post(f"{BASE}administrations/", administration(given))
    assert refused.status_code == 422
    assert "dispensation" in refused.json()["errors"]


def test_faults_are_told(hospital, client):
    given = make_dispensation(hospital, make_specialite())
    late = client.post(f"{BASE}administrations/", administration(given, quantite="99"))
    assert late.status_code == 422
    assert "10" in late.json()["errors"]["__all__"][0]
    assert client.post(f"{BASE}administrations/", administration(given, x=1)).status_code == 400
    assert client.post(f"{BASE}prix/", PRICE | {"ucd7": "9999999"}).status_code == 422
    assert client.get(f"{BASE}mois/2025/13/").status_code == 404
    assert client.get(f"{BASE}mois/", {"annee": "abc"}).status_code == 400
    assert client.get(f"{BASE}mois/", {"annee": "3660"}).status_code == 400
    future = today().replace(year=today().year + 1)
    assert client.post(f"{BASE}mois/{future.year}/1/controler/", {}).status_code == 422


def test_only_billing_opens_the_months(hospital):
    for role in ("PRESCRIPTEUR", "ADMIN_ETABLISSEMENT"):
        assert api(make_user(hospital, role)).get(f"{BASE}mois/").status_code == 403
    assert date(2025, 3, 1) < today()


def recorded(hospital, sortie=None):
    """A stay with one administration."""
    given = make_dispensation(hospital, make_specialite())
    stay = make_sejour(hospital, given.patient, sortie=sortie)
    return stay, make_administration(given, stay)


def test_a_discharge_is_added_and_dates_are_corrected(hospital, client):
    stay, given = recorded(hospital)
    address = f"{BASE}sejours/{stay.pk}/"
    assert [a["id"] for a in client.get(address).json()["liste"]] == [str(given.pk)]
    assert AccesLu.objects.filter(subject_id=stay.pk, page="api:sejour").exists()
    done = client.patch(address, {"sortie": "2025-03-21"})
    assert (done.status_code, done.json()["sortie"]) == (200, "2025-03-21")
    assert done.json()["entree"] == "2025-03-10"
    assert client.patch(address, {"sortie": None}).json()["sortie"] is None
    assert [e.action for e in journal.history(stay)] == ["update_stay", "update_stay"]


def test_a_wrong_date_of_a_stay_is_told_at_its_field(hospital, client):
    stay, _ = recorded(hospital, sortie=date(2025, 3, 20))
    address = f"{BASE}sejours/{stay.pk}/"
    refused = client.patch(address, {"entree": "2025-03-30"})
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["sortie"])
    assert client.patch(address, {"entree": "hier"}).status_code in (400, 422)
    assert client.patch(address, {"numero": "1"}).status_code == 400
    stay.refresh_from_db()
    assert (stay.entree, stay.sortie) == (date(2025, 3, 10), date(2025, 3, 20))


def test_an_administration_recorded_by_mistake_is_taken_out(hospital, client):
    stay, given = recorded(hospital)
    address = f"{BASE}administrations/{given.pk}/"
    assert client.get(address).json()["numero_sejour"] == stay.numero
    assert client.delete(address).status_code == 204
    assert client.delete(address).status_code == 404
    assert not stay.administrations.exists()
    assert journal.history(stay).get().action == "remove_administration"
    waiting = client.get(f"{BASE}dispensations/").json()["resultats"]
    assert waiting[0]["reste"] == "10.000"


def test_another_hospital_or_a_reader_s_token_corrects_nothing(hospital):
    stay, given = recorded(hospital)
    other = api(make_user(make_etablissement("CH Fictif", "990000028")))
    reader = api(make_user(hospital), scopes=(Portee.LECTURE,))
    pharmacist = api(make_user(hospital, "PHARMACIEN"))
    for client, status in ((other, 404), (reader, 403), (pharmacist, 403)):
        changed = client.patch(f"{BASE}sejours/{stay.pk}/", {"sortie": "2025-03-21"})
        assert changed.status_code == status
        assert client.delete(f"{BASE}administrations/{given.pk}/").status_code == status
    stay.refresh_from_db()
    assert stay.sortie is None
    assert stay.administrations.exists()
