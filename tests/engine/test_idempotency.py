"""A request under a key is done once: replayed, refused under another body, told when in flight."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from engine.clocks import real_now
from engine.idempotency import Answer, InFlight, KeyReused, fingerprint, forget_old, once
from engine.models import IdempotencyKey

pytestmark = pytest.mark.django_db
MARK = fingerprint("POST", "/x", "", {"a": 1})


class Work:
    """Counts how many times it is done."""

    def __init__(self):
        self.done = 0

    def __call__(self):
        self.done += 1
        return Answer(201, {"n": self.done})


def test_second_request_gets_the_first_answer():
    work, actor = Work(), uuid4()
    first = once(actor_id=actor, key="k", mark=MARK, work=work)
    again = once(actor_id=actor, key="k", mark=MARK, work=work)
    assert work.done == 1
    assert (again.status, again.body, again.replayed) == (first.status, first.body, True)


def test_keys_belong_to_their_actor():
    work = Work()
    for _ in range(2):
        once(actor_id=uuid4(), key="k", mark=MARK, work=work)
    assert work.done == 2


def test_another_body_under_the_key_is_refused():
    work, actor = Work(), uuid4()
    once(actor_id=actor, key="k", mark=MARK, work=work)
    other = fingerprint("POST", "/x", "", {"a": 2})
    with pytest.raises(KeyReused) as refusal:
        once(actor_id=actor, key="k", mark=other, work=work)
    assert refusal.value.status == 422
    assert work.done == 1


def test_a_request_in_flight_is_told():
    actor = uuid4()

    def twice():
        with pytest.raises(InFlight) as refusal:
            once(actor_id=actor, key="k", mark=MARK, work=Work())
        assert refusal.value.status == 409
        return Answer(200, {})

    once(actor_id=actor, key="k", mark=MARK, work=twice)
    assert IdempotencyKey.objects.count() == 1


def test_work_that_fails_keeps_nothing_and_frees_the_key():
    actor = uuid4()

    def fall():
        raise ValueError

    with pytest.raises(ValueError):
        once(actor_id=actor, key="k", mark=MARK, work=fall)
    assert IdempotencyKey.objects.count() == 0
    assert once(actor_id=actor, key="k", mark=MARK, work=Work()).status == 201


@pytest.mark.parametrize(("hours", "left"), [(47, 1), (49, 0)])
def test_answers_are_kept_two_days(hours, left):
    once(actor_id=uuid4(), key="k", mark=MARK, work=Work())
    with time_machine.travel(real_now() + timedelta(hours=hours)):
        forget_old()
    assert IdempotencyKey.objects.count() == left


def test_what_makes_two_requests_the_same():
    marks = {
        fingerprint("POST", "/x", "", {"a": 1}),
        fingerprint("PATCH", "/x", "", {"a": 1}),
        fingerprint("POST", "/y", "", {"a": 1}),
        fingerprint("POST", "/x", "role", {"a": 1}),
        fingerprint("POST", "/x", "", {"a": "1"}),
    }
    assert len(marks) == 5
    assert fingerprint("POST", "/x", "", {"a": 1, "b": 2}) == fingerprint(
        "POST", "/x", "", {"b": 2, "a": 1}
    )
