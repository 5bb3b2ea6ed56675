"""A POST repeated under one Idempotency-Key is done once and answered the same way."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from engine.clocks import real_now
from engine.errors import StepError
from engine.journal import canonical
from engine.models import IdempotencyKey

KEPT = timedelta(hours=48)
MAX_KEY = 80

_running: set[tuple[UUID, str]] = set()
_guard = threading.Lock()


class KeyReused(StepError):
    """The key already answered another request."""

    status = 422


class InFlight(StepError):
    """The first request under this key is not over."""

    status = 409


@dataclass(frozen=True)
class Answer:
    """What was answered, and is answered again."""

    status: int
    body: Any
    replayed: bool = False


def fingerprint(method: str, path: str, scope: str, body: Any) -> str:
    """What makes two requests the same: method, path, who it is done as, and body."""
    return hashlib.sha256(canonical([method, path, scope, body]).encode()).hexdigest()


def once(*, actor_id: UUID, key: str, mark: str, work: Callable[[], Answer]) -> Answer:
    """Do the work and keep its answer in one transaction, or give the kept answer back.

    A refused request keeps nothing: it changed nothing, and may be repeated under its key.
    """
    with _claimed(actor_id, key), transaction.atomic():
        _lock(actor_id, key)
        known = IdempotencyKey.objects.filter(actor_id=actor_id, key=key).first()
        if known is not None:
            if known.fingerprint != mark:
                raise KeyReused("Cette clé d'idempotence a déjà servi pour une autre demande.")
            return Answer(known.status, known.response.get("body"), replayed=True)
        answer = work()
        IdempotencyKey.objects.create(
            actor_id=actor_id,
            key=key,
            fingerprint=mark,
            status=answer.status,
            response={"body": answer.body},
            created_at=real_now(),
        )
        return answer


def forget_old() -> int:
    """Erase the answers older than they need be kept (24 hours at least)."""
    deleted, _ = IdempotencyKey.objects.filter(created_at__lt=real_now() - KEPT).delete()
    return deleted


@contextmanager
def _claimed(actor_id: UUID, key: str) -> Iterator[None]:
    """Within one process (the embedded wiring is one), a second request is told at once."""
    claim = (actor_id, key)
    with _guard:
        if claim in _running:
            raise _in_flight()
        _running.add(claim)
    try:
        yield
    finally:
        with _guard:
            _running.discard(claim)


def _lock(actor_id: UUID, key: str) -> None:
    """Between processes: an advisory lock that ends with the transaction (PostgreSQL)."""
    if connection.vendor != "postgresql":
        return
    digest = hashlib.sha256(f"{actor_id}:{key}".encode()).digest()
    number = int.from_bytes(digest[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise _in_flight()


def _in_flight() -> InFlight:
    return InFlight("La même demande est en cours : attendez sa réponse avant de la répéter.")
