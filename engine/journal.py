"""Append-only, hash-chained record of who did what, one chain per subject."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import models, transaction

from engine.actors import signature
from engine.clocks import now
from engine.models import AccesLu, Entry


def subject_type(subject: models.Model | type[models.Model]) -> str:
    """The stable name of a subject's table, the same for all proxies of one table."""
    return subject._meta.concrete_model._meta.label_lower  # type: ignore[union-attr]


@dataclass(frozen=True)
class Move:
    """A state a subject took, and when."""

    at: datetime
    state: str


def record(
    subject: models.Model,
    action: str,
    *,
    by: Any,
    label: str = "",
    from_state: str = "",
    to_state: str = "",
    locked: bool = False,
    **payload: Any,
) -> Entry:
    """Write one act on a subject; must run in the transaction of the fact.

    `payload` holds technical values only (codes, names of fields), never a clinical one.
    `locked` says that the caller already holds the subject's row.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("The journal is written in the transaction of the fact.")
    if not locked:
        list(type(subject)._base_manager.select_for_update().filter(pk=subject.pk).values("pk"))
    stream = Entry.objects.filter(subject_type=subject_type(subject), subject_id=subject.pk)
    last = stream.order_by("-seq").first()
    sign = signature(by)
    context = structlog.contextvars.get_contextvars()
    entry = Entry(
        subject_type=subject_type(subject),
        subject_id=subject.pk,
        seq=last.seq + 1 if last else 1,
        at=now(),
        actor_id=sign.actor_id,
        actor_label=sign.actor_label,
        role=sign.role,
        organisation_id=sign.organisation_id,
        organisation_label=sign.organisation_label,
        action=action,
        label=label,
        from_state=from_state,
        to_state=to_state,
        request_id=str(context.get("request_id", ""))[:64],
        payload=payload,
        salt=secrets.token_hex(16),
        prev_hash=last.hash if last else "",
    )
    entry.digest = payload_digest(entry)
    entry.hash = entry_hash(entry)
    entry.save(force_insert=True)
    return entry


def record_read(subject: models.Model, *, by: Any, page: str) -> None:
    """Write that a person has read patient data."""
    sign = signature(by)
    AccesLu.objects.create(
        at=now(),
        actor_id=sign.actor_id,
        actor_label=sign.actor_label,
        role=sign.role,
        organisation_id=sign.organisation_id,
        subject_type=subject_type(subject),
        subject_id=subject.pk,
        page=page,
    )


def history(subject: models.Model) -> models.QuerySet[Entry]:
    """The acts on a subject, oldest first."""
    return Entry.objects.filter(subject_type=subject_type(subject), subject_id=subject.pk).order_by(
        "seq"
    )


def moves(model: type[models.Model], keys: Collection[UUID]) -> dict[UUID, list[Move]]:
    """The states each subject took, oldest first, one query for all; acts in place left out."""
    rows = Entry.objects.filter(subject_type=subject_type(model), subject_id__in=keys)
    rows = rows.exclude(to_state="").exclude(to_state=models.F("from_state")).order_by("seq")
    found: dict[UUID, list[Move]] = {key: [] for key in keys}
    for key, at, state in rows.values_list("subject_id", "at", "to_state"):
        found[key].append(Move(at, state))
    return found


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def payload_digest(entry: Entry) -> str:
    return hashlib.sha256((entry.salt + canonical(entry.payload)).encode()).hexdigest()


def entry_hash(entry: Entry) -> str:
    """sha256 of the previous hash and of everything the entry says."""
    sealed = {
        "stream": [entry.subject_type, str(entry.subject_id)],
        "seq": entry.seq,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": [str(entry.actor_id), entry.actor_label, entry.role],
        "organisation": [str(entry.organisation_id), entry.organisation_label],
        "action": [entry.action, entry.label, entry.from_state, entry.to_state],
        "request": entry.request_id,
        "digest": entry.digest,
    }
    return hashlib.sha256((entry.prev_hash + canonical(sealed)).encode()).hexdigest()


def _is_erased(entry: Entry) -> bool:
    """Erasure takes payload and salt together: the digest alone is left."""
    return not entry.payload and not entry.salt


@dataclass(frozen=True)
class Flaw:
    """The first bad entry of a chain and what is wrong with it."""

    entry: Entry
    reason: str


def flaws() -> Iterator[Flaw]:
    """Walk every chain and yield each entry that does not hold."""
    previous: Entry | None = None
    for entry in Entry.objects.order_by("subject_type", "subject_id", "seq").iterator():
        same = previous is not None and (
            (previous.subject_type, previous.subject_id) == (entry.subject_type, entry.subject_id)
        )
        expected = previous.hash if same and previous else ""
        number = previous.seq + 1 if same and previous else 1
        if entry.seq != number:
            yield Flaw(entry, f"le n° {number} manque")
        elif entry.prev_hash != expected:
            yield Flaw(entry, "le chaînage avec l'acte précédent est rompu")
        elif not _is_erased(entry) and entry.digest != payload_digest(entry):
            yield Flaw(entry, "le contenu a été modifié")
        elif entry.hash != entry_hash(entry):
            yield Flaw(entry, "l'acte a été modifié")
        previous = entry
