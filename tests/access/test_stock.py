"""The stock by lot: received less given less sent away, seen by its own pharmacy only."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from access.models import Reception, SortieLot
from access.selectors import stock as selectors
from access.services.stock import send_away
from access.states import AacState
from engine.clocks import today
from engine.errors import Blocked, Forbidden
from referentiel.models import Parametre
from tests.factories import people
from tests.factories.dossiers import do, dossier_at
from tests.factories.pharmacie import dispensing, lot_inputs, order_of, step, stocked


@pytest.fixture
def aac(db):
    return dossier_at(AacState.ACTIVE)


def lots(aac):
    return selectors.lots_visible_to(aac.monde.pharmacien)


def exit_of(aac, **fields):
    values = {"lot": "LOT1", "nature": "DESTRUCTION", "quantite": 3, "motif": "flacon cassé"}
    return send_away(by=aac.monde.pharmacien, specialite_id=aac.specialite_id, **(values | fields))


def test_stock_is_received_less_given_less_sent_away(aac):
    by = aac.monde.pharmacien
    order = step(order_of(aac), "send", by)
    step(order, "receive_part", by, **lot_inputs("LOT1", "10"))
    step(order, "receive_part", by, **lot_inputs("LOT1", "5"))
    step(order, "receive", by, **lot_inputs("LOT2", "7"))
    do(aac, "dispense", by, **dispensing(quantite="2,5"))
    exit_of(aac)
    found = {lot.lot: lot for lot in lots(aac)}
    assert found["LOT1"].reste == Decimal("9.5")
    assert found["LOT2"].reste == 7


def test_an_exit_never_empties_more_than_the_lot(aac):
    stocked(aac, quantite="4")
    with pytest.raises(Blocked):
        exit_of(aac, quantite=5)
    with pytest.raises(Blocked):
        exit_of(aac, lot="AUTRE")
    with pytest.raises(Forbidden):
        send_away(
            by=aac.monde.prescripteur,
            specialite_id=aac.specialite_id,
            lot="LOT1",
            nature="RETOUR",
            quantite=1,
            motif="essai",
        )
    exit_of(aac, quantite=4)
    assert lots(aac)[0].reste == 0
    assert selectors.usable_lots(aac.pui_id, aac.specialite_id) == []


@pytest.mark.parametrize(
    ("days", "onglet"),
    [(-1, "perimes"), (0, "proches"), (90, "proches"), (91, "disponibles")],
)
def test_expiring_lots_stand_apart(aac, days, onglet):
    stocked(aac)
    Reception.objects.update(peremption=today() + timedelta(days=days))
    lot = lots(aac)[0]
    assert selectors.stand_of(lot, today()) == onglet
    in_stock = selectors.in_tab([lot], "disponibles", today())
    assert bool(in_stock) is (onglet != "perimes")


def test_how_long_before_its_expiry_a_lot_is_told_is_a_dated_parameter(aac):
    code = "stock.peremption_proche_jours"
    Parametre.objects.create(code=code, valeur="10", debut=today(), source="fictive")
    stocked(aac)
    Reception.objects.update(peremption=today() + timedelta(days=11))
    assert selectors.stand_of(lots(aac)[0], today()) == "disponibles"


def test_first_expiring_lot_is_proposed(aac):
    from access.forms.dispensation import DispensationForm

    by = aac.monde.pharmacien
    order = step(order_of(aac), "send", by)
    soon = (today() + timedelta(days=30)).isoformat()
    step(order, "receive_part", by, **lot_inputs("TARD", "10"))
    step(order, "receive", by, **lot_inputs("TOT", "10", peremption=soon))
    form = DispensationForm(subject=aac, by=by)
    assert form["lot"].value() == "TOT"


def test_another_pharmacy_sees_none_of_it(client, aac):
    stocked(aac)
    stranger = people.hopital().pharmacien()
    assert selectors.lots_visible_to(stranger) == []
    assert selectors.lots_visible_to(aac.monde.prescripteur) == []
    url = reverse("access:lot", args=[aac.specialite_id]) + "?lot=LOT1"
    assert people.login(client, stranger).get(url).status_code == 404
    found = client.get(reverse("access:stock") + "?q=LOT1").content.decode()
    assert "Aucun lot ne correspond" in found
    assert people.login(client, aac.monde.prescripteur).get(url).status_code == 403


def test_lot_page_lists_the_authorisations_that_received_it(client, aac):
    stocked(aac)
    do(aac, "dispense", aac.monde.pharmacien, **dispensing())
    page = people.login(client, aac.monde.pharmacien)
    url = reverse("access:lot", args=[aac.specialite_id]) + "?lot=LOT1"
    content = page.get(url).content.decode()
    assert aac.numero in content
    assert aac.patient.nom not in content
    assert page.get(url.replace("LOT1", "RIEN")).status_code == 404
    assert page.get(url.split("?")[0]).status_code == 404
    assert page.get(url + "%00").status_code in (200, 404)


def test_lot_page_notes_an_exit(client, aac):
    stocked(aac, quantite="10")
    page = people.login(client, aac.monde.pharmacien)
    url = reverse("access:lot", args=[aac.specialite_id]) + "?lot=LOT1"
    typed = {"nature": "RETOUR", "quantite": "11", "motif": "rappel du fabricant"}
    refused = page.post(url, typed)
    assert refused.status_code == 422
    assert "rappel du fabricant" in refused.content.decode()
    assert page.post(url, {"quantite": "x"}).status_code == 422
    assert page.post(url, typed | {"quantite": "10"}).status_code == 302
    assert SortieLot.objects.get().quantite == 10
    assert "Épuisé" in page.get(url).content.decode()
    assert page.post(url, typed | {"quantite": "1"}).status_code == 422


def test_stock_page_and_search(client, aac):
    stocked(aac)
    page = people.login(client, aac.monde.pharmacien)
    url = reverse("access:stock")
    assert "LOT1" in page.get(url).content.decode()
    assert "LOT1" in page.get(url + "?q=lot1").content.decode()
    assert "Aucun lot" in page.get(url + "?onglet=perimes").content.decode()
    assert page.get(url + "?onglet=zzz&page=-4").status_code == 200


def test_stock_has_a_constant_query_count(client, aac):
    stocked(aac)
    page = people.login(client, aac.monde.pharmacien)
    url = reverse("access:stock")
    page.get(url)
    with CaptureQueriesContext(
        connection,
    ) as few:
        page.get(url)
    by = aac.monde.pharmacien
    do(aac, "order", by, quantite="50", fournisseur="Labo")
    order = step(aac.commandes.order_by("-creee_le").first(), "send", by)
    for number in range(6):
        step(order, "receive_part", by, **lot_inputs(f"SERIE{number}", "2"))
    with CaptureQueriesContext(connection) as many:
        assert "SERIE5" in page.get(url).content.decode()
    assert len(many) == len(few)


def test_lists_are_downloaded_as_shown(client, aac):
    order = stocked(aac, lot="=LOT1")
    order.fournisseur = "@Labo"
    order.save()
    page = people.login(client, aac.monde.pharmacien)
    lots_file = page.get(reverse("access:stock_export")).content.decode("utf-8-sig")
    assert "'=LOT1;" in lots_file
    assert aac.specialite.ucd7 in lots_file
    orders_file = page.get(reverse("access:commandes_export") + "?onglet=recues").content.decode()
    assert order.numero in orders_file
    assert "'@Labo" in orders_file
    for name in ("access:stock_export", "access:commandes_export"):
        assert people.login(client, aac.monde.prescripteur).get(reverse(name)).status_code == 403
