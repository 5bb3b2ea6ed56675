"""The pharmacy through the API: orders, lots, dispensing, stock."""

from datetime import timedelta

import pytest

from engine.clocks import today
from tests.factories import people
from tests.factories.dossiers import aac_at, dossier_at, monde
from tests.factories.jetons import api

pytestmark = pytest.mark.django_db
BASE = "/api/v1/"


def do(client, address, name, **data):
    version = client.get(BASE + address).json()["version"]
    return client.post(f"{BASE}{address}steps/{name}/", {"version": version, "data": data})


def test_order_reception_dispensing():
    m = monde()
    aac = aac_at(m=m)
    client = api(m.pharmacien)
    (order,) = client.get(f"{BASE}commandes/").json()["resultats"]
    address = f"commandes/{order['id']}/"
    assert {step["nom"] for step in client.get(BASE + address).json()["etapes"]} == {
        "send", "revise", "cancel",
    }  # fmt: skip
    assert do(client, address, "send").json()["etat"] == "ENVOYEE"
    form = client.get(f"{BASE}{address}steps/receive/").json()["champs"]
    assert [c["nom"] for c in form] == [
        "lot",
        "peremption",
        "quantite",
        "certificat",
        "commentaire",
    ]
    expiry = (today() + timedelta(days=400)).isoformat()
    received = do(client, address, "receive", lot="l1", peremption=expiry, quantite="180")
    assert received.json()["etat"] == "RECUE", received.json()
    assert client.get(f"{BASE}stock/").json()["resultats"][0]["reste"] == "180.000"
    given = do(
        client,
        f"dossiers/{aac.pk}/",
        "dispense",
        jour=today().isoformat(),
        lot="L1",
        quantite="30",
        contexte="SEJOUR",
        ordonnance_date=today().isoformat(),
        ordonnance_prescripteur="Dr Exemple",
        ordonnance_dose="10 mg",
        ordonnance_duree_jours=30,
        mention_legale=True,
    )
    assert given.status_code == 200, given.json()
    assert client.get(f"{BASE}dispensations/").json()["resultats"][0]["quantite"] == "30.000"
    assert client.get(f"{BASE}receptions/").json()["resultats"][0]["lot"] == "L1"
    assert client.get(f"{BASE}stock/").json()["resultats"][0]["reste"] == "150.000"


def test_orders_belong_to_their_pharmacy():
    m, other = monde(), monde()
    aac_at(m=m)
    order = api(m.pharmacien).get(f"{BASE}commandes/").json()["resultats"][0]["id"]
    stranger = api(other.pharmacien)
    assert stranger.get(f"{BASE}commandes/").json()["total"] == 0
    assert stranger.get(f"{BASE}commandes/{order}/").status_code == 404
    answer = stranger.post(f"{BASE}commandes/{order}/steps/send/", {"version": 1})
    assert answer.status_code == 404
    assert api(m.prescripteur).get(f"{BASE}commandes/").status_code == 403


def test_an_interne_at_the_pharmacy_reads_and_prepares():
    m = monde()
    aac = aac_at(m=m)
    client = api(m.hopital.interne_pui())
    (order,) = client.get(f"{BASE}commandes/").json()["resultats"]
    address = f"commandes/{order['id']}/"
    assert [s["nom"] for s in client.get(BASE + address).json()["etapes"]] == ["revise"]
    revised = do(client, address, "revise", quantite="12", fournisseur="Labo Z")
    assert revised.json()["quantite"] == "12.000"
    for name in ("send", "cancel", "receive"):
        assert do(client, address, name).status_code == 403, name
    dossier = f"dossiers/{aac.pk}/"
    told = client.get(BASE + dossier).json()
    assert [step["nom"] for step in told["etapes"]] == ["order"]
    assert told["patient"]["ipp"] == aac.patient.ipp
    assert do(client, dossier, "order", quantite="3", fournisseur="Labo Z").status_code == 200
    assert do(client, dossier, "dispense").status_code == 403
    said = client.post(f"{BASE}{dossier}messages/", {"texte": "Lot vérifié."})
    assert said.status_code == 201
    for name in ("receptions", "dispensations", "stock"):
        assert client.get(f"{BASE}{name}/").status_code == 200, name
    body = {"specialite": str(aac.specialite_id), "quantite": "1", "fournisseur": "Labo Z"}
    assert client.post(f"{BASE}commandes/", body).status_code == 403


def test_the_api_opens_nothing_of_the_pharmacy_to_other_internes():
    m = monde()
    aac = aac_at(m=m)
    order = aac.commandes.get().pk
    service = api(m.hopital.interne())
    for name in ("commandes", f"commandes/{order}", "receptions", "dispensations", "stock"):
        assert service.get(f"{BASE}{name}/").status_code == 403, name
    assert do(service, f"dossiers/{aac.pk}/", "order").status_code == 403
    elsewhere = people.PuiFactory(etablissement=m.hopital.etablissement)
    for user in (m.hopital.interne_pui(pui=elsewhere), people.hopital().interne_pui()):
        stranger = api(user)
        assert stranger.get(f"{BASE}commandes/").json()["total"] == 0
        for address in (f"commandes/{order}", f"dossiers/{aac.pk}"):
            assert stranger.get(f"{BASE}{address}/").status_code == 404, address


def test_a_returned_request_is_read_not_written_by_an_interne_at_the_pharmacy():
    m = monde()
    dossier = dossier_at("RETOURNEE_PRESCRIPTEUR", m)
    client = api(m.hopital.interne_pui())
    address = f"{BASE}demandes/{dossier.pk}/"
    assert client.get(address).json()["etapes"] == []
    assert client.get(address + "formulaire/").status_code == 403
    assert client.patch(address, {"version": dossier.version, "data": {}}).status_code == 403


def test_blocked_order_says_why():
    m = monde()
    dossier_at("TRANSMISE_ANSM", m)
    client = api(m.pharmacien)
    order = client.get(f"{BASE}commandes/").json()["resultats"][0]["id"]
    blocked = do(client, f"commandes/{order}/", "send")
    assert (blocked.status_code, blocked.json()["code"]) == (422, "bloque")
    assert blocked.json()["blockers"][0]["message"]


def test_stock_orders_where_permitted():
    m = monde()
    body = {
        "specialite": str(m.medicament.specialite.pk),
        "quantite": "10",
        "fournisseur": "Laboratoire Imaginaire",
    }
    client = api(m.pharmacien)
    assert client.post(f"{BASE}commandes/", body).status_code == 422
    m.medicament.produit.stock_autorise = m.hopital.pui.stock_autorise = True
    m.medicament.produit.save()
    m.hopital.pui.save()
    opened = client.post(f"{BASE}commandes/", body)
    assert (opened.status_code, opened.json()["pour_stock"]) == (201, True)
    assert client.post(f"{BASE}commandes/", body | {"state": "RECUE"}).status_code == 400


def test_a_lot_received_in_several_deliveries_may_exceed_one_of_them():
    """Each delivery has ten digits; their sum may have one more."""
    m = monde()
    aac_at(m=m)
    client = api(m.pharmacien)
    (order,) = client.get(f"{BASE}commandes/").json()["resultats"]
    address = f"commandes/{order['id']}/"
    do(client, address, "send")
    expiry = (today() + timedelta(days=400)).isoformat()
    lot = {"lot": "L1", "peremption": expiry, "quantite": "9999999.999", "commentaire": "Erreur"}
    for name in ("receive_part", "receive"):
        assert do(client, address, name, **lot).status_code == 200
    assert client.get(f"{BASE}stock/").json()["resultats"][0]["reste"] == "19999999.998"
