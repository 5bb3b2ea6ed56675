"""A dispensing noted by mistake is cancelled: its units come back, its trace stays."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from access.models import Dispensation
from access.selectors.stock import lots_of
from access.states import AacState as A
from engine.clocks import now
from engine.errors import Conflict, Forbidden, InvalidInput
from engine.journal import history
from tests.factories import people
from tests.factories.dossiers import do, dossier_at, take_state
from tests.factories.pharmacie import dispensing, stocked

MOTIF = "Saisie sur la mauvaise autorisation."


@pytest.fixture
def aac(db):
    found = dossier_at(A.ACTIVE, jours=30, quantite="10")
    stocked(found, quantite="20")
    return found


@pytest.fixture
def given(aac):
    do(aac, "dispense", aac.monde.pharmacien, **dispensing(quantite="8"))
    return Dispensation.objects.get()


def cancel(aac, given, by=None, **data):
    values = {"dispensation": str(given.pk), "motif": MOTIF} | data
    return do(aac, "cancel_dispensing", by or aac.monde.pharmacien, **values)


def left_in_lot(aac):
    return lots_of(aac.pui_id, specialite_id=aac.specialite_id)[0].reste


def test_units_come_back_to_the_lot_and_to_the_authorised_quantity(aac, given):
    assert (left_in_lot(aac), aac.quantite_dispensee()) == (12, 8)
    done = cancel(aac, given)
    assert (left_in_lot(aac), done.quantite_dispensee()) == (20, 0)
    do(aac, "dispense", aac.monde.pharmacien, **dispensing(quantite="9"))


def test_what_was_cancelled_stays_with_who_when_and_why(aac, given):
    done = cancel(aac, given)
    assert not Dispensation.objects.exists()
    kept = Dispensation.toutes.get()
    assert (kept.annulee_par, kept.annulation_motif) == (aac.monde.pharmacien, MOTIF)
    entry = history(done).last()
    assert entry.action == "cancel_dispensing"
    assert MOTIF not in str(entry.payload)


def test_the_same_pharmacy_alone_cancels(aac, given):
    for by in (aac.monde.prescripteur, aac.monde.decideur, people.hopital().pharmacien()):
        with pytest.raises(Forbidden):
            cancel(aac, given, by)
    assert Dispensation.objects.get() == given


@pytest.mark.parametrize(
    ("data", "field"),
    [({"motif": " "}, "motif"), ({"motif": "x" * 501}, "motif"), ({"dispensation": ""}, None)],
)
def test_a_reason_and_a_dispensing_are_asked(aac, given, data, field):
    with pytest.raises(InvalidInput) as caught:
        cancel(aac, given, **data)
    assert set(caught.value.errors) == {field or "dispensation"}


def test_a_dispensing_of_another_authorisation_is_refused(aac, given):
    other = dossier_at(A.ACTIVE)
    with pytest.raises(InvalidInput):
        cancel(other, given)


def test_of_two_who_cancel_one_is_told(aac, given):
    version = type(aac).objects.get(pk=aac.pk).version
    cancel(aac, given)
    with pytest.raises(InvalidInput):
        cancel(aac, given)
    from engine.steps import perform

    with pytest.raises(Conflict):
        perform(
            aac,
            "cancel_dispensing",
            by=aac.monde.pharmacien,
            version=version,
            dispensation=str(given.pk),
            motif=MOTIF,
        )


@pytest.mark.parametrize("state", [A.EXPIREE, A.SUSPENDUE, A.RETIREE_ANSM])
def test_a_mistake_found_after_the_end_is_cancelled_too(aac, given, state):
    with time_machine.travel(now() + timedelta(days=3), tick=False):
        cancel(take_state(aac, state), given)
    assert not Dispensation.objects.exists()


def test_the_database_asks_who_when_and_why(given):
    with pytest.raises(IntegrityError), transaction.atomic():
        Dispensation.toutes.filter(pk=given.pk).update(annulee_le=now())


def test_the_page_of_the_dossier_offers_it_once_there_is_something_to_cancel(client, aac):
    people.login(client, aac.monde.pharmacien)
    page = reverse("access:dossier", args=[aac.pk])
    assert "Annuler une dispensation" not in client.get(page).content.decode()
    do(aac, "dispense", aac.monde.pharmacien, **dispensing(quantite="8"))
    given = Dispensation.objects.get()
    assert "Annuler une dispensation" in client.get(page).content.decode()
    step = reverse("access:step", args=[aac.pk, "cancel_dispensing"])
    asked = client.get(step).content.decode()
    assert f"{given.jour:%d/%m/%Y}, 8 du lot LOT1" in asked
    version = type(aac).objects.get(pk=aac.pk).version
    typed = {"version": version, "dispensation": given.pk, "motif": MOTIF}
    done = client.post(step, typed, follow=True).content.decode()
    assert "de nouveau en stock" in done
    assert "Annulée le" in done
    assert MOTIF in done
