"""Before a parameter changes: the open dossiers whose clock would move, old and new dates.

A value applies from its day on: a request sent before keeps the one it was sent under.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, cast

from django.db.models import QuerySet

from access.models import Aac, DemandeAac, DemandeComplement
from access.rules.delais import complement_closable_on, expiry_reminders, target_day
from access.selectors.attente import paused
from access.states import AacState, DemandeAacState, Voie
from engine.clocks import local, today
from referentiel import parametres
from referentiel.calendrier import feries_autour
from referentiel.dates import jour_court
from referentiel.models import Parametre
from referentiel.selectors.touches import Touche, previews_parametre

S = DemandeAacState
CIBLES = {
    "aac.cible_criteres_jours_ouvres": Voie.ACCELEREE,
    "aac.cible_justification_jours_ouvres": Voie.COMPLETE,
}
Values = Mapping[str, str]
Moved = Iterator[tuple[Any, date | None, date | None]]


@previews_parametre
def open_dossiers(code: str, valeur: str, on: date) -> list[Touche]:
    """The open dossiers whose next date differs under the new value."""
    if code not in READERS:
        return []
    later = Parametre.objects.filter(code=code, debut__gt=on).order_by("debut").first()
    until = later.debut if later else date.max
    try:
        moved = list(READERS[code](code, valeur, on, until))
    except (ValueError, OverflowError):
        return []  # not a value of this parameter: its form says so
    return [
        Touche(
            str(dossier),
            jour_court(old) if old else "–",
            jour_court(new) if new else "–",
        )
        for dossier, old, new in moved
        if old != new
    ]


def _targets(code: str, valeur: str, on: date, until: date) -> Moved:
    """Requests at the agency, sent from that day on: the day aimed at."""
    states = [S.TRANSMISE_ANSM, S.EN_INSTRUCTION]
    held = DemandeAac.objects.filter(state__in=states, detail_aac__voie_instruction=CIBLES[code])
    for dossier in held.prefetch_related("complements").iterator(chunk_size=500):
        sent = local(cast(datetime, dossier.transmitted_at)).date()
        if not on <= sent < until:
            continue
        aimed = target_day(sent, CIBLES[code], {code: valeur}, feries_autour(sent))
        yield dossier, dossier.echeance, aimed + paused(dossier)


def _reminders(code: str, valeur: str, on: date, until: date) -> Moved:
    """Authorisations in force: the next reminder of their end."""
    values, day = parametres.en_vigueur(today()), max(on, today())
    for aac in _active(day).iterator(chunk_size=500):
        old = _next_reminder(aac, day, values)
        yield aac, old, _next_reminder(aac, day, {**values, code: valeur})


def _active(day: date) -> QuerySet[Aac]:
    return Aac.objects.filter(state=AacState.ACTIVE, date_fin__gte=day)


def _next_reminder(aac: Any, day: date, values: Values) -> date | None:
    decided = local(aac.decided_at).date()
    due = expiry_reminders(aac.date_debut, aac.date_fin, decided, values)
    return next((when for when, _ in due if when >= day), None)


def _closings(code: str, valeur: str, on: date, until: date) -> Moved:
    """Complements reminded and unanswered: the first day the request may be closed.

    A day is judged by the value of that day: what may be closed before `on` does not move, and
    nothing is closed under the new value before `on` or after it has ended.
    """
    asked = DemandeComplement.objects.filter(
        cloturee_le=None, relancee_le__isnull=False, dossier__state=S.COMPLEMENT_DEMANDE
    )
    values = parametres.en_vigueur(today())
    for one in asked.select_related("dossier").iterator(chunk_size=500):
        reminded = local(cast(datetime, one.relancee_le)).date()
        old = complement_closable_on(one.echeance, reminded, values)
        aimed = complement_closable_on(one.echeance, reminded, {code: valeur})
        if old and aimed and old >= on and max(aimed, on) < until:
            yield one.dossier, old, max(aimed, on)


def _purges(code: str, valeur: str, on: date, until: date) -> Moved:
    """Idle drafts: the day they are erased."""
    held = int(parametres.valeur(code, today()))
    drafts = DemandeAac.objects.filter(state=S.BROUILLON, numero=None)
    for draft in drafts.iterator(chunk_size=500):
        touched = local(draft.touched_at).date()
        yield draft, touched + timedelta(days=held + 1), touched + timedelta(days=int(valeur) + 1)


READERS: dict[str, Callable[[str, str, date, date], Moved]] = {
    **dict.fromkeys(CIBLES, _targets),
    "aac.rappels_expiration": _reminders,
    "aac.validite_courte_jours": _reminders,
    "aac.complement_relance_jours": _closings,
    "aac.brouillon_purge_jours": _purges,
}
