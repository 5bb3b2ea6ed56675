"""Effects as rows: nothing leaves on a rollback, nothing is lost, nothing asked twice."""

from datetime import timedelta
from io import StringIO
from threading import Event

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import transaction

from engine import jobs, outbox
from engine.clocks import real_now
from engine.models import Heartbeat, Outbox, OutboxStatus
from engine.outbox import Draft, Undeliverable, deliver, relay, write

pytestmark = pytest.mark.django_db


class Broken(Exception):
    """A delivery that fails."""


@pytest.fixture
def delivered(monkeypatch):
    """The rows handed to the handler of the kind « essai »; set `error` to make it fail."""

    def handle(row):
        handle.seen.append(row)
        if handle.error is not None:
            raise handle.error

    handle.seen, handle.error = [], None
    monkeypatch.setitem(outbox._handlers, "essai", handle)
    monkeypatch.setattr("engine.tasks.ring", lambda: None)
    return handle


def put(*keys, **fields):
    write(None, [Draft("essai", "test", key, **fields) for key in keys])


def test_a_rollback_sends_nothing(delivered, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        try:
            with transaction.atomic():
                put("a")
                raise Broken
        except Broken:
            pass
    assert callbacks == []
    assert relay() == 0
    assert not Outbox.objects.exists()


def test_a_commit_rings_the_relay(monkeypatch, django_capture_on_commit_callbacks):
    rung = []
    monkeypatch.setattr("engine.tasks.ring", lambda: rung.append(1))
    with django_capture_on_commit_callbacks(execute=True):
        put("a", "b")
    assert rung == [1]


def test_the_same_key_is_one_row(delivered):
    put("a")
    put("a", "b")
    assert Outbox.objects.count() == 2
    assert relay() == 2
    assert relay() == 0
    assert len(delivered.seen) == 2


def test_a_row_is_claimed_by_one_relay_only(delivered):
    put("a")
    row = Outbox.objects.get()
    Outbox.objects.update(status=OutboxStatus.SENDING, lease_until=real_now() + timedelta(hours=1))
    assert deliver(row.pk) is False
    assert relay() == 0
    assert delivered.seen == []


def test_a_lease_over_is_taken_up_with_the_same_message_id(delivered):
    put("a")
    before = Outbox.objects.get().message_id
    Outbox.objects.update(status=OutboxStatus.SENDING, lease_until=real_now() - timedelta(1))
    assert relay() == 1
    assert delivered.seen[0].message_id == before


def test_a_slow_sender_does_not_undo_what_another_delivered(delivered, monkeypatch):
    def slow(row):
        if row.attempts == 1:
            Outbox.objects.update(lease_until=real_now() - timedelta(1))
            assert relay() == 1
            raise Broken

    monkeypatch.setitem(outbox._handlers, "essai", slow)
    put("a")
    assert deliver(Outbox.objects.get().pk) is False
    row = Outbox.objects.get()
    assert (row.status, row.attempts, row.last_error) == (OutboxStatus.SENT, 2, "")
    assert relay() == 0


def test_a_failure_waits_longer_each_time_then_is_shown(delivered):
    delivered.error = Broken("smtp")
    put("a")
    waits = []
    for _ in range(len(outbox.BACKOFF) + 1):
        Outbox.objects.update(due_at=real_now() - timedelta(seconds=1))
        relay()
        row = Outbox.objects.get()
        waits.append(round((row.due_at - real_now()).total_seconds() / 60))
    assert waits[:5] == [1, 5, 30, 120, 720]
    assert row.status == OutboxStatus.FAILED
    assert row.last_error == "Broken"
    assert len({seen.message_id for seen in delivered.seen}) == 1
    assert outbox.backlog().count() == 1


def test_one_failing_row_does_not_stop_the_others(delivered, monkeypatch):
    def handle(row):
        if row.dedupe_key == "a":
            raise Broken

    monkeypatch.setitem(outbox._handlers, "essai", handle)
    put("a", "b")
    assert relay() == 1
    assert Outbox.objects.get(dedupe_key="b").status == OutboxStatus.SENT


def test_what_no_longer_makes_sense_is_dropped_with_its_reason(delivered):
    delivered.error = Undeliverable("compte fermé")
    put("a")
    relay()
    row = Outbox.objects.get()
    assert (row.status, row.last_error) == (OutboxStatus.DROPPED, "compte fermé")
    assert not outbox.backlog().exists()


def test_a_kind_without_handler_is_kept_for_later():
    write(None, [Draft("inconnu", "test", "a")])
    relay()
    assert Outbox.objects.get().status == OutboxStatus.PENDING


def test_a_row_waits_for_its_hour(delivered):
    put("a", due_at=real_now() + timedelta(hours=1))
    assert relay() == 0


def test_failed_rows_are_put_back_as_new(delivered):
    put("a")
    Outbox.objects.update(status=OutboxStatus.FAILED, attempts=6)
    assert outbox.requeue_failed() == 1
    assert relay() == 1


def test_work_a_person_waits_for_goes_before_mails(delivered, monkeypatch):
    seen = []
    monkeypatch.setitem(outbox._handlers, "job", lambda row: seen.append(row.kind))
    monkeypatch.setitem(outbox._handlers, "essai", lambda row: seen.append(row.kind))
    put("a", "b")
    write(None, [Draft("job", "essai.lire", "c")])
    assert relay() == 3
    assert seen == ["job", "essai", "essai"]


def test_what_comes_while_a_long_queue_is_delivered_does_not_wait_for_its_end(
    delivered, monkeypatch
):
    seen = []

    def handle(row):
        if not seen:
            write(None, [Draft("job", "essai.lire", "urgent")])
        seen.append(row.kind)

    monkeypatch.setitem(outbox._handlers, "essai", handle)
    monkeypatch.setitem(outbox._handlers, "job", handle)
    put(*(f"mail-{n}" for n in range(outbox.CHUNK + 5)))
    relay()
    assert seen.index("job") == outbox.CHUNK
    assert len(seen) == outbox.CHUNK + 6


def test_a_process_that_stops_leaves_the_rest_for_the_next(delivered, monkeypatch):
    put("a", "b")
    monkeypatch.setattr(outbox, "stopping", Event())
    outbox.stopping.set()
    assert relay() == 0
    outbox.stopping.clear()
    assert relay() == 2


def test_the_relay_leaves_its_heartbeat():
    relay()
    assert Heartbeat.objects.get(name="relay").at <= real_now()


def test_a_mail_server_down_loses_nothing(delivered):
    delivered.error = ConnectionRefusedError()
    put("a")
    relay()
    delivered.error = None
    Outbox.objects.update(due_at=real_now())
    assert relay() == 1
    assert mail.outbox == []


def test_a_job_is_done_by_name(monkeypatch):
    done = []
    monkeypatch.setitem(jobs._jobs, "essai.compter", lambda row: done.append(row.name))
    write(None, [Draft("job", "essai.compter", "a"), Draft("job", "essai.inconnu", "b")])
    assert relay() == 1
    assert done == ["essai.compter"]
    assert Outbox.objects.get(dedupe_key="b").status == OutboxStatus.DROPPED


@pytest.mark.parametrize(
    ("options", "left"), [({}, 0), ({"once": True, "limit": 2}, 3)], ids=["drain", "once"]
)
def test_the_command_delivers_and_says_how_many(delivered, options, left):
    put(*"abcde")
    out = StringIO()
    call_command("relay", stdout=out, **({"limit": 2} | options))
    assert outbox.backlog().count() == left
    assert f"{5 - left} envois distribués" in out.getvalue()
