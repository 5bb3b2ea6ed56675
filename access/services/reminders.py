"""Reminders as rows with a unique key: any number of sweeps, one mail (decision table of §6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import cast

from django.db.models import QuerySet

from access import emails
from access.models import Aac, DemandeAac, DemandeComplement, Dossier
from access.rules.delais import expiry_reminders
from access.selectors.attente import AT_AGENCY, waiting_days
from access.selectors.recipients import CHEF
from access.states import AacState, DemandeAacState
from engine import outbox
from engine.clocks import local
from engine.models import Outbox
from engine.outbox import Draft
from referentiel import parametres
from referentiel.roles import Role

HOSPITAL = (Role.PRESCRIPTEUR, Role.PHARMACIEN)
LINKED = ("service", "pui", "organisation")


def prepare_reminders(on: date) -> int:
    """Write the mails due on a day and not yet written. Returns how many are new."""
    values = parametres.en_vigueur(on)
    written = 0
    for aac in _live(on).iterator(chunk_size=500):
        written += _write(aac, _expiry(aac, on, values))
    for asked in _complements(on, values):
        drafts = _drafts(asked.dossier, "complement_rappel", asked.echeance, HOSPITAL)
        written += _write(asked.dossier, drafts)
    for demande in _idle(on):
        due = cast(date, demande.echeance)
        drafts = _drafts(demande, "demande_a_rappeler", due, (Role.PHARMACIEN,))
        written += _write(demande, drafts)
    for demande in _kept_long(on, values):
        # Once for each request, whatever its later stops: the key holds the day it was sent.
        sent = local(cast(datetime, demande.transmitted_at)).date()
        drafts = _drafts(demande, "demande_en_attente", sent, (Role.DECIDEUR_ANSM,))
        written += _write(demande, drafts)
    return written


def _live(on: date) -> QuerySet[Aac]:
    active = Aac.objects.filter(state=AacState.ACTIVE, date_fin__gte=on)
    return active.select_related(*LINKED)


def _expiry(aac: Aac, on: date, values: Mapping[str, str]) -> list[Draft]:
    """The latest reminder due, if any: after a long sleep one mail leaves, not a burst."""
    debut, fin = cast(date, aac.date_debut), cast(date, aac.date_fin)
    decided = local(cast(datetime, aac.decided_at)).date()
    due = [day for day, _ in expiry_reminders(debut, fin, decided, values) if day <= on]
    if not due:
        return []
    last_days = (fin - due[-1]).days <= int(values["aac.rappel_chef_jours"])
    roles = (*HOSPITAL, CHEF) if last_days else HOSPITAL
    return _drafts(aac, "rappel_expiration", due[-1], roles)


def _complements(on: date, values: Mapping[str, str]) -> QuerySet[DemandeComplement]:
    """Complements whose deadline comes within a few days."""
    last = on + timedelta(days=int(values["aac.complement_rappel_jours"]))
    waiting = DemandeComplement.objects.filter(
        cloturee_le=None,
        dossier__state=DemandeAacState.COMPLEMENT_DEMANDE,
        echeance__gte=on,
        echeance__lte=last,
    )
    return waiting.select_related("dossier", *(f"dossier__{name}" for name in LINKED))


def _idle(on: date) -> QuerySet[DemandeAac]:
    """Requests that wait at a pharmacy since the working day before, or longer."""
    waiting = DemandeAac.objects.filter(state=DemandeAacState.A_VALIDER_PUI, echeance__lte=on)
    return waiting.select_related(*LINKED)


def _kept_long(on: date, values: Mapping[str, str]) -> Iterator[DemandeAac]:
    """Requests the agency has had for so long that its deciders are told (no text sets it)."""
    least = int(values["aac.alerte_direction_jours"])
    held = DemandeAac.objects.filter(state__in=AT_AGENCY).prefetch_related("complements")
    for demande in held.iterator(chunk_size=500):
        if waiting_days(demande, on) >= least:
            yield demande


def _drafts(dossier: Dossier, kind: str, due: date, roles: tuple[str, ...]) -> list[Draft]:
    key = f"rappel:{dossier.pk}:{kind}:{due}"
    return emails.drafts(dossier, kind, roles, key=key)


def _write(dossier: Dossier, drafts: list[Draft]) -> int:
    """Only the rows not there yet; the unique key settles a race between two sweeps."""
    keys = [draft.key for draft in drafts]
    known = set(Outbox.objects.filter(dedupe_key__in=keys).values_list("dedupe_key", flat=True))
    return outbox.write(dossier, [draft for draft in drafts if draft.key not in known])
