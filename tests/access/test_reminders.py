"""Reminders: rows with a unique key; two schedulers or a long sleep never make a burst."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine

from access.models import Aac
from access.services.reminders import prepare_reminders
from engine.clocks import PARIS, now, today
from engine.models import Outbox
from engine.outbox import relay
from referentiel.models import Parametre, Service
from tests.factories.dossiers import aac_at, do, dossier_at, monde

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def mails(name="rappel_expiration"):
    return Outbox.objects.filter(name=name)


def recipients(name="rappel_expiration"):
    return sorted(mails(name).values_list("recipient", flat=True))


@pytest.fixture
def chef():
    """A hospital whose service has a head, other than the prescriber."""
    m = monde()
    head = m.hopital.prescripteur(nom="Chef")
    Service.objects.filter(pk=m.hopital.service.pk).update(chef=head)
    m.chef = head
    return m


def months(m=None, **fields):
    """A long authorisation, decided well before its end."""
    aac = aac_at(m=m, jours=365, **fields)
    Outbox.objects.all().delete()
    return aac


@pytest.mark.parametrize("left", [90, 45, 15, 7, 1, 0])
def test_a_long_authorisation_is_recalled_at_each_date(left):
    aac = months()
    due = aac.date_fin - left * DAY
    prepare_reminders(due)
    keys = set(mails().values_list("dedupe_key", flat=True))
    person = f"user:{aac.prescripteur_id}"
    assert f"rappel:{aac.pk}:rappel_expiration:{due}:{person}" in keys
    assert person in recipients()
    assert f"pui:{aac.pui_id}" in recipients()


@pytest.mark.parametrize("left", [91, 365])
def test_nothing_is_recalled_before_the_first_date(left):
    aac = months()
    assert prepare_reminders(aac.date_fin - left * DAY) == 0


@pytest.mark.parametrize(("left", "told"), [(15, False), (8, False), (7, True), (1, True)])
def test_the_head_of_service_is_told_from_seven_days_on(chef, left, told):
    aac = months(chef)
    prepare_reminders(aac.date_fin - left * DAY)
    assert (f"user:{chef.chef.pk}" in recipients()) == told


def test_two_schedulers_make_one_mail():
    aac = months()
    due = aac.date_fin - 45 * DAY
    first = prepare_reminders(due)
    assert first == 3
    assert prepare_reminders(due) == 0
    assert prepare_reminders(due + DAY) == 0
    assert mails().count() == first


def test_a_scheduler_that_slept_sends_the_last_one_only():
    aac = months()
    prepare_reminders(aac.date_fin - 5 * DAY)
    dues = {key.split(":")[3] for key in mails().values_list("dedupe_key", flat=True)}
    assert dues == {str(aac.date_fin - 7 * DAY)}


def test_none_is_dated_before_the_decision():
    aac = aac_at(jours=60)
    assert prepare_reminders(today()) == 0  # D-90 was before the decision
    assert prepare_reminders(aac.date_fin - 45 * DAY) == 3


def test_a_short_authorisation_is_recalled_at_half_life_then_at_its_end():
    aac = aac_at(jours=20)
    found = []
    for n in range(20):
        if prepare_reminders(aac.date_debut + n * DAY):
            found.append(n)
    assert found == [9, 18, 19]


def test_an_ended_authorisation_is_not_recalled():
    aac = aac_at("EXPIREE")
    assert prepare_reminders(aac.date_fin) == 0


def test_a_reminder_overtaken_by_the_end_is_dropped_not_sent():
    aac = months()
    prepare_reminders(aac.date_fin)
    Aac.objects.filter(pk=aac.pk).update(state="EXPIREE")
    relay()
    assert set(mails().values_list("status", flat=True)) == {"dropped"}


@pytest.mark.parametrize(("left", "told"), [(4, 0), (3, 3), (1, 3), (-1, 0)])
def test_a_complement_is_recalled_three_days_before(left, told):
    dossier = dossier_at("COMPLEMENT_DEMANDE")
    deadline = dossier.complements.get().echeance
    assert prepare_reminders(deadline - left * DAY) == told
    assert mails("complement_rappel").count() == told
    assert prepare_reminders(deadline - left * DAY) == 0


def test_the_days_of_a_reminder_are_those_in_force():
    Parametre.objects.create(
        code="aac.complement_rappel_jours", valeur="5", debut=today(), source="fictive"
    )
    dossier = dossier_at("COMPLEMENT_DEMANDE")
    assert prepare_reminders(dossier.complements.get().echeance - 5 * DAY) == 3


def friday():
    """A Friday morning in Paris, without a holiday near."""
    return datetime.combine(date(2027, 2, 12), time(9), tzinfo=PARIS).astimezone(UTC)


def test_a_pharmacy_is_recalled_the_next_working_day():
    with time_machine.travel(friday(), tick=False):
        dossier = dossier_at("A_VALIDER_PUI")
        sent = today()
    assert prepare_reminders(sent) == 0
    assert prepare_reminders(sent + 2 * DAY) == 0  # Sunday
    assert prepare_reminders(sent + 3 * DAY) == 2
    assert f"pui:{dossier.pui_id}" in recipients("demande_a_rappeler")
    assert prepare_reminders(sent + 4 * DAY) == 0


@pytest.mark.parametrize(("days", "told"), [(44, 0), (45, 1), (60, 1)])
@pytest.mark.parametrize("state", ["TRANSMISE_ANSM", "EN_INSTRUCTION"])
def test_the_deciders_are_told_once_of_a_request_kept_for_45_days(state, days, told):
    m = monde()
    dossier_at(state, m)
    assert prepare_reminders(today() + days * DAY) == told
    assert recipients("demande_en_attente") == [f"user:{m.decideur.pk}"] * told
    assert prepare_reminders(today() + (days + 1) * DAY) == (1 if days == 44 else 0)


def test_the_time_waiting_for_the_hospital_is_not_the_agency_s():
    m = monde()
    dossier = dossier_at("COMPLEMENT_DEMANDE", m)
    asked = dossier.complements.get()
    Outbox.objects.all().delete()
    prepare_reminders(today() + 50 * DAY)
    assert not mails("demande_en_attente").exists()
    with time_machine.travel(now() + 10 * DAY, tick=False):
        element = asked.elements.get()
        do(dossier, "answer_complement", m.prescripteur, **{f"reponse_{element.pk}": "Voici."})
        do(dossier, "retransmit", m.pharmacien)
    prepare_reminders(today() + 54 * DAY)
    assert not mails("demande_en_attente").exists()
    prepare_reminders(today() + 55 * DAY)
    assert recipients("demande_en_attente") == [f"user:{m.decideur.pk}"]


def test_the_days_of_the_alert_are_those_in_force():
    Parametre.objects.create(
        code="aac.alerte_direction_jours", valeur="20", debut=today(), source="fictive"
    )
    dossier_at("EN_INSTRUCTION")
    assert prepare_reminders(today() + 19 * DAY) == 0
    assert prepare_reminders(today() + 20 * DAY) == 1


def test_a_decided_request_is_not_an_alert():
    m = monde()
    dossier = dossier_at("EN_INSTRUCTION", m)
    with time_machine.travel(now() + 45 * DAY, tick=False):
        prepare_reminders(today())
        do(dossier, "withdraw", m.prescripteur, motif="Patient transféré.")
        relay()
    assert set(mails("demande_en_attente").values_list("status", flat=True)) == {"dropped"}
