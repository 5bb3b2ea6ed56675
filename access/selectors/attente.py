"""How long the agency has had a request, the time spent waiting for complements left out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import prefetch_related_objects

from access.states import DemandeAacState as S
from engine.clocks import local
from referentiel import parametres

AT_AGENCY = (S.TRANSMISE_ANSM, S.EN_INSTRUCTION)
"""The clock runs: nothing is awaited from the hospital."""


def paused(dossier: Any) -> timedelta:
    """The days given back: those spent waiting for complements."""
    spans = (
        local(asked.cloturee_le).date() - local(asked.demandee_le).date()
        for asked in dossier.complements.all()
        if asked.cloturee_le
    )
    return sum(spans, timedelta())


def waiting_days(dossier: Any, on: date) -> int:
    """The days the agency has had a request."""
    return (on - local(dossier.transmitted_at).date() - paused(dossier)).days


def waiting_long(dossiers: Iterable[Any], on: date) -> dict[UUID, int]:
    """Those the agency has had for long enough to be marked, with their days (no text sets it)."""
    held = [one for one in dossiers if one.state in AT_AGENCY]
    if not held:
        return {}
    prefetch_related_objects(held, "complements")
    least = int(parametres.valeur("aac.alerte_rouge_jours", on))
    days = {one.pk: waiting_days(one, on) for one in held}
    return {pk: count for pk, count in days.items() if count >= least}
