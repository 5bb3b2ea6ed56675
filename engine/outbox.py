"""Effects as rows: written with the change, delivered after it, never lost, never twice asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import structlog
from django.conf import settings
from django.db import models, transaction
from django.db.models import Case, Q, When

from engine.clocks import real_now
from engine.journal import subject_type
from engine.models import Entry, Heartbeat, Outbox, OutboxStatus
from engine.stopping import stopping

log = structlog.get_logger(__name__)

BACKOFF = [
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
]
CHUNK = 20  # rows claimed between two looks at what is due


@dataclass(frozen=True)
class Effect:
    """What a step causes outside: its kind, its name and the roles it is meant for."""

    kind: str
    name: str
    to: tuple[str, ...] = ()


def email(name: str, *, to: str | Iterable[str]) -> Effect:
    """An e-mail of one kind, to each holder of the roles on the dossier."""
    return Effect("email", name, (str(to),) if isinstance(to, str) else tuple(map(str, to)))


def document(name: str) -> Effect:
    """A PDF built once from frozen data, by a worker."""
    return Effect("document", name)


def job(name: str) -> Effect:
    """Work of an upper app, called by name."""
    return Effect("job", name)


class Undeliverable(Exception):
    """The effect no longer makes sense (recipient gone, right lost): drop it, do not retry."""


@dataclass(frozen=True)
class Draft:
    """One row to be written: recipient, ids and what makes it unique."""

    kind: str
    name: str
    key: str
    recipient: str = ""
    payload: dict[str, Any] = field(default_factory=dict)
    due_at: datetime | None = None


Handler = Callable[[Outbox], None]
Expander = Callable[[models.Model, Effect, Entry], Iterable[Draft]]
_handlers: dict[str, Handler] = {}
_expanders: dict[str, Expander] = {}


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Name the function that delivers one kind of row."""

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return register


def expander(kind: str) -> Callable[[Expander], Expander]:
    """Name the function that turns an effect on a subject into rows, one per recipient."""

    def register(function: Expander) -> Expander:
        _expanders[kind] = function
        return function

    return register


def emit(subject: models.Model, effects: Iterable[Effect], entry: Entry) -> int:
    """Write the rows of a step's effects, in its transaction, and wake the relay after it."""
    drafts: list[Draft] = []
    for effect in effects:
        expand = _expanders.get(effect.kind, _one_row)
        drafts.extend(expand(subject, effect, entry))
    return write(subject, drafts)


def write(subject: models.Model | None, drafts: Iterable[Draft]) -> int:
    """Insert rows; one whose key is already there is left as it is. Returns how many were given."""
    rows = [_row(subject, draft) for draft in drafts]
    Outbox.objects.bulk_create(rows, ignore_conflicts=True)
    if rows:
        transaction.on_commit(_ring)
    return len(rows)


def relay(limit: int = 200) -> int:
    """Deliver what is due, any number of relays at once; return how many were delivered."""
    at = real_now()
    Heartbeat.objects.update_or_create(name="relay", defaults={"at": at})
    Outbox.objects.filter(status=OutboxStatus.SENDING, lease_until__lt=at).update(
        status=OutboxStatus.PENDING, lease_until=None
    )
    delivered = tried = 0
    while tried < limit and not stopping.is_set():
        rows = _due(real_now())[: min(CHUNK, limit - tried)]
        if not rows:
            break
        for pk in rows:
            if stopping.is_set():
                break
            delivered += deliver(pk)
        tried += len(rows)
    return delivered


def _due(at: datetime) -> models.QuerySet[Outbox, Any]:
    """What is due, oldest first, but work a person waits for before mails and PDFs."""
    due = Outbox.objects.filter(status=OutboxStatus.PENDING, due_at__lte=at)
    rank = Case(When(kind="job", then=0), default=1)
    return due.order_by(rank, "due_at", "created_at").values_list("pk", flat=True)


def deliver(pk: Any) -> bool:
    """Claim one row by conditional update, commit, deliver, mark. False when another has it."""
    claimed = Outbox.objects.filter(pk=pk, status=OutboxStatus.PENDING).update(
        status=OutboxStatus.SENDING,
        lease_until=real_now() + timedelta(seconds=settings.PLACET_OUTBOX_LEASE),
        attempts=models.F("attempts") + 1,
    )
    if not claimed:
        return False
    row = Outbox.objects.get(pk=pk)
    try:
        _handlers[row.kind](row)
    except Undeliverable as reason:
        _mark(row, OutboxStatus.DROPPED, str(reason))
    except Exception as error:  # any failure is retried later, then shown on the dossier
        _postpone(row, error)
    else:
        _mark(row, OutboxStatus.SENT)
        return True
    return False


def backlog() -> models.QuerySet[Outbox]:
    """What is not delivered: waiting, being delivered or failed."""
    return Outbox.objects.exclude(Q(status=OutboxStatus.SENT) | Q(status=OutboxStatus.DROPPED))


def requeue_failed() -> int:
    """Put the failed rows back as new, under the same Message-ID; return how many."""
    return Outbox.objects.filter(status=OutboxStatus.FAILED).update(
        status=OutboxStatus.PENDING, attempts=0, due_at=real_now(), lease_until=None
    )


def _one_row(subject: models.Model, effect: Effect, entry: Entry) -> list[Draft]:
    return [Draft(effect.kind, effect.name, f"{effect.kind}:{effect.name}:{entry.pk}")]


def _row(subject: models.Model | None, draft: Draft) -> Outbox:
    pk = uuid4()
    return Outbox(
        id=pk,
        dedupe_key=draft.key,
        kind=draft.kind,
        name=draft.name,
        subject_type=subject_type(subject) if subject else "",
        subject_id=subject.pk if subject else None,
        recipient=draft.recipient,
        payload=draft.payload,
        due_at=draft.due_at or real_now(),
        message_id=f"<{pk}@placet.invalid>",
        created_at=real_now(),
    )


def _held(row: Outbox) -> models.QuerySet[Outbox]:
    """The row while this claim is the last one: a sender whose lease is over writes nothing."""
    return Outbox.objects.filter(pk=row.pk, status=OutboxStatus.SENDING, attempts=row.attempts)


def _mark(row: Outbox, status: OutboxStatus, error: str = "") -> None:
    _held(row).update(
        status=status,
        lease_until=None,
        sent_at=real_now() if status == OutboxStatus.SENT else None,
        last_error=error[:200],
    )


def _postpone(row: Outbox, error: Exception) -> None:
    """Put back with a longer wait each time; after the last one, failed and shown."""
    name = type(error).__name__
    log.warning("outbox_delivery_failed", row=str(row.pk), kind=row.kind, name=row.name, error=name)
    if row.attempts > len(BACKOFF):
        _mark(row, OutboxStatus.FAILED, name)
        return
    _held(row).update(
        status=OutboxStatus.PENDING,
        lease_until=None,
        due_at=real_now() + BACKOFF[row.attempts - 1],
        last_error=name,
    )


def _ring() -> None:
    from engine.tasks import ring  # the doorbell is a Celery task, above this module

    ring()
