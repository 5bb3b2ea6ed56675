"""What time does: begin, expire at the Paris midnight, remind, open the fast lane."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.utils.module_loading import import_string

from access import tasks
from access.models import Aac, Commande, DemandeAac
from access.selectors.exploitation import CADENCES
from access.services import clock
from access.states import AacState, CommandeState, DemandeAacState
from config.schedule import SCHEDULE
from engine.clocks import PARIS, now
from engine.errors import Conflict
from engine.journal import history
from engine.models import Heartbeat, Outbox
from engine.outbox import relay
from tests.factories.dossiers import aac_at, dossier_at, monde, walk

pytestmark = pytest.mark.django_db


def paris(day, hour, minute=0):
    return datetime.combine(day, time(hour, minute), tzinfo=PARIS).astimezone(UTC)


def run_at(instant):
    with time_machine.travel(instant, tick=False):
        return clock.run_clocks(now())


def state(dossier):
    return type(dossier)._base_manager.get(pk=dossier.pk).state


@pytest.mark.parametrize(
    ("days", "hour", "minute", "expected"),
    [
        (0, 23, 59, AacState.ACTIVE),  # lives to 23:59 on its last day
        (1, 0, 0, AacState.EXPIREE),
        (200, 12, 0, AacState.EXPIREE),  # the scheduler slept
    ],
    ids=["last-minute", "next-midnight", "long-sleep"],
)
def test_an_authorisation_ends_with_its_last_day_in_paris(days, hour, minute, expected):
    aac = aac_at()
    run_at(paris(aac.date_fin + timedelta(days=days), hour, minute))
    assert state(aac) == expected


@pytest.mark.parametrize("fin", [date(2027, 3, 28), date(2026, 10, 25)], ids=["spring", "autumn"])
def test_the_change_of_hour_does_not_move_the_end(fin):
    with time_machine.travel(paris(fin - timedelta(days=10), 9), tick=False):
        aac = aac_at(jours=11)
        assert aac.date_fin == fin
    run_at(paris(fin, 23, 59))
    assert state(aac) == AacState.ACTIVE
    run_at(paris(fin + timedelta(days=1), 0, 1))
    assert state(aac) == AacState.EXPIREE


def test_an_authorisation_to_come_begins_on_its_first_day():
    aac = aac_at("A_VENIR")
    run_at(paris(aac.date_debut - timedelta(days=1), 23, 59))
    assert state(aac) == AacState.A_VENIR
    run_at(paris(aac.date_debut, 0, 0))
    assert state(aac) == AacState.ACTIVE
    assert history(aac).last().actor_label == "Horloge de Placet"


def test_one_whose_days_all_went_by_begins_then_ends():
    aac = aac_at("A_VENIR")
    run_at(paris(aac.date_fin + timedelta(days=3), 9))
    assert state(aac) == AacState.EXPIREE
    assert [e.action for e in history(aac)] == ["create", "begin", "expire"]


def test_the_next_authorisation_takes_the_place_of_the_one_that_ends():
    """One live authorisation per treatment: the old one leaves before the new one begins."""
    old = aac_at()
    coming = aac_at("A_VENIR", old.monde, debut=old.date_fin + timedelta(days=1))
    Aac.objects.filter(pk=coming.pk).update(traitement=old.traitement)
    run_at(paris(coming.date_debut, 0, 5))
    assert (state(old), state(coming)) == (AacState.EXPIREE, AacState.ACTIVE)


def test_running_again_changes_nothing():
    aac = aac_at()
    instant = paris(aac.date_fin + timedelta(days=1), 1)
    assert run_at(instant) == 1
    acts, mails = history(aac).count(), Outbox.objects.count()
    assert run_at(instant) == 0
    assert (history(aac).count(), Outbox.objects.count()) == (acts, mails)


def test_one_failing_dossier_does_not_stop_the_others(monkeypatch):
    first, second = aac_at(), aac_at()
    real = clock.perform

    def failing(dossier, *args, **kwargs):
        if dossier.pk == first.pk:
            raise RuntimeError("broken")
        return real(dossier, *args, **kwargs)

    monkeypatch.setattr(clock, "perform", failing)
    run_at(paris(first.date_fin + timedelta(days=1), 1))
    assert state(first) == AacState.ACTIVE
    assert state(second) == AacState.EXPIREE


def test_a_complement_past_its_deadline_is_recalled_once():
    dossier = dossier_at("COMPLEMENT_DEMANDE")
    asked = dossier.complements.get()
    run_at(paris(asked.echeance, 23, 59))
    asked.refresh_from_db()
    assert asked.relancee_le is None
    after = paris(asked.echeance + timedelta(days=1), 0, 1)
    assert run_at(after) == 1
    assert run_at(after + timedelta(hours=1)) == 0
    asked.refresh_from_db()
    assert asked.relancee_le == after
    assert state(dossier) == DemandeAacState.COMPLEMENT_DEMANDE
    told = Outbox.objects.filter(name="complement_relance").values_list("recipient", flat=True)
    assert len(told) == len(set(told)) == 3


def test_the_fast_lane_opens_by_itself_and_a_person_still_signs():
    dossier = dossier_at("TRANSMISE_ANSM")
    relay()
    found = DemandeAac.objects.get(pk=dossier.pk)
    assert found.state == DemandeAacState.EN_INSTRUCTION
    assert found.detail_aac.proposition == "FAVORABLE"
    assert found.decided_at is None
    assert history(found).last().actor_label == "Aiguillage de Placet"


def test_the_full_lane_waits_for_an_evaluator():
    dossier = dossier_at("TRANSMISE_ANSM", mode="JUSTIFICATION")
    relay()
    assert state(dossier) == DemandeAacState.TRANSMISE_ANSM


def row(dossier):
    return Outbox(kind="job", name="access.open_fast_lane", subject_id=dossier.pk)


def test_the_fast_lane_asked_twice_or_too_late_does_nothing():
    dossier = dossier_at("TRANSMISE_ANSM")
    clock.open_fast_lane(row(dossier))
    acts = history(dossier).count()
    clock.open_fast_lane(row(dossier))
    assert history(dossier).count() == acts
    clock.open_fast_lane(row(dossier_at("RETIREE")))


def test_the_fast_lane_tries_again_when_the_dossier_moves(monkeypatch):
    def moving(*args, **kwargs):
        raise Conflict("moved")

    monkeypatch.setattr(clock, "perform", moving)
    with pytest.raises(Conflict):
        clock.open_fast_lane(row(dossier_at("TRANSMISE_ANSM")))


@pytest.mark.parametrize("end", ["REFUSEE", "RETIREE"])
def test_the_order_drafted_for_a_request_that_fails_is_dropped(end):
    m = monde()
    dossier = dossier_at("EN_INSTRUCTION", m)
    order = Commande.objects.get(titre=dossier)
    assert order.state == CommandeState.PREPAREE
    walk(dossier, m, "contact")
    walk(dossier, m, "refuse" if end == "REFUSEE" else "withdraw")
    order.refresh_from_db()
    assert order.state == CommandeState.ANNULEE
    assert history(order).last().to_state == CommandeState.ANNULEE


def test_each_task_leaves_its_heartbeat():
    tasks.run_clocks()
    tasks.prepare_reminders()
    tasks.purge_idle_drafts()
    names = set(Heartbeat.objects.values_list("name", flat=True))
    assert names >= {"run_clocks", "prepare_reminders", "purge_idle_drafts"}


def test_every_task_that_leaves_a_heartbeat_is_watched():
    for entry in SCHEDULE.values():
        import_string(entry["task"])()
    assert set(Heartbeat.objects.values_list("name", flat=True)) == set(CADENCES)
