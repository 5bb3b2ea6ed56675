"""What persons say of the lines of a review: accepted, set aside, or back to review."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from engine import clocks, journal
from engine.errors import Conflict
from referentiel.models import LigneRevue, RevueImport
from referentiel.services.revues import locked, require_editor
from referentiel.states import EtatLigneRevue, GenreLigneRevue, StatutRevue

E = EtatLigneRevue
LABELS = {
    E.ACCEPTEE: "Lignes acceptées",
    E.ECARTEE: "Lignes écartées",
    E.A_REVOIR: "Lignes remises à revoir",
}


@transaction.atomic
def decide(
    revue: RevueImport, *, by: Any, etat: EtatLigneRevue, lignes: Collection[UUID]
) -> tuple[int, datetime]:
    """Accept, set aside or take back named lines; returns how many, and the instant to undo."""
    return _mark(revue, by, etat, Q(pk__in=list(lignes)))


@transaction.atomic
def accept_certain(revue: RevueImport, *, by: Any) -> tuple[int, datetime]:
    """Accept every line marked certain that nobody has decided yet."""
    return _mark(revue, by, E.ACCEPTEE, Q(certaine=True, etat=E.A_REVOIR))


@transaction.atomic
def decide_kind(
    revue: RevueImport, *, by: Any, etat: EtatLigneRevue, genre: GenreLigneRevue
) -> tuple[int, datetime]:
    """Decide every undecided line of one kind; conflicts are decided one by one."""
    if genre == GenreLigneRevue.CONFLIT and etat == E.ACCEPTEE:
        raise Conflict("Les conflits se décident ligne par ligne, ou par sélection.")
    return _mark(revue, by, etat, Q(genre=genre, etat=E.A_REVOIR))


@transaction.atomic
def undo(revue: RevueImport, *, by: Any, at: datetime) -> tuple[int, datetime]:
    """Take back what the person decided in one act."""
    return _mark(revue, by, E.A_REVOIR, Q(vue_le=at, vue_par=by.full_name[:120]))


def _mark(revue: RevueImport, by: Any, etat: EtatLigneRevue, which: Q) -> tuple[int, datetime]:
    """Write a decision under the review's lock: once applied, nothing moves."""
    require_editor(by)
    current = locked(revue.pk, StatutRevue.A_REVOIR)
    at = clocks.now()
    lines: QuerySet[LigneRevue] = current.lignes.filter(which).exclude(etat=etat)
    count = lines.update(
        etat=etat,
        vue_par="" if etat == E.A_REVOIR else by.full_name[:120],
        vue_le=None if etat == E.A_REVOIR else at,
    )
    if count:
        journal.record(current, "decide", by=by, label=LABELS[etat], locked=True, lignes=count)
    return count, at
