"""What time does to dossiers by itself: begin, expire, remind, open the fast lane."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import structlog
from django.db.models import Q

from access.models import Aac, DemandeAac
from access.states import AacState, DemandeAacState, Voie
from engine.actors import CLOCK, ROUTER
from engine.clocks import local
from engine.errors import Conflict
from engine.jobs import job_handler
from engine.models import Outbox
from engine.steps import perform

log = structlog.get_logger(__name__)


def run_clocks(at: datetime) -> int:
    """Do every act whose day has come; run again, it changes nothing. Returns how many were done.

    An authorisation that ends leaves its place before the next one begins; one whose days have
    all gone by while the clock was stopped begins, then ends.
    """
    day = local(at).date()
    done = _each(_ending(day), "expire")
    done += _each(_beginning(day), "begin")
    done += _each(_ending(day), "expire")
    return done + _each(_unanswered(day), "remind")


def _beginning(day: date) -> Iterable[Any]:
    return Aac.objects.filter(state=AacState.A_VENIR, date_debut__lte=day)


def _ending(day: date) -> Iterable[Any]:
    """Their last day is over: it ended at 23:59 in Paris."""
    return Aac.objects.filter(state=AacState.ACTIVE, date_fin__lt=day)


def _unanswered(day: date) -> Iterable[Any]:
    """A complement past its deadline and not yet recalled."""
    late = Q(
        complements__cloturee_le=None,
        complements__relancee_le=None,
        complements__echeance__lt=day,
    )
    state = DemandeAacState.COMPLEMENT_DEMANDE
    return DemandeAac.objects.filter(late, state=state).distinct()


def _each(dossiers: Iterable[Any], step: str) -> int:
    """The same step on each; one that fails is logged and does not stop the others."""
    done = 0
    for dossier in list(dossiers):
        try:
            perform(dossier, step, by=CLOCK, version=dossier.version)
        except Conflict:
            continue  # someone acted meanwhile: the next minute looks again
        except Exception as error:  # one bad dossier must not stop the clock of the others
            log.error(
                "clock_step_failed", dossier=str(dossier.pk), step=step, error=type(error).__name__
            )
        else:
            done += 1
    return done


@job_handler("access.open_fast_lane")
def open_fast_lane(row: Outbox) -> None:
    """All criteria met: the router opens the fast lane; a person still signs."""
    for _ in range(3):
        dossier = DemandeAac.objects.filter(pk=row.subject_id).select_related("detail_aac").first()
        if dossier is None or dossier.state != DemandeAacState.TRANSMISE_ANSM:
            return
        if dossier.detail_aac.voie_instruction != Voie.ACCELEREE:
            return
        try:
            perform(dossier, "open_fast_lane", by=ROUTER, version=dossier.version)
        except Conflict:
            continue
        return
    raise Conflict("Le dossier change sans cesse : l'aiguillage réessaiera.")
