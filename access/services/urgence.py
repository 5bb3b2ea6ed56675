"""Emergency opening: a dossier of another service, for a few hours, with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction

from access.models import Dossier, OuvertureUrgence
from access.permissions import AccessPermission, has
from access.selectors.urgence import closed_dossiers
from engine import journal
from engine.clocks import local, now
from engine.errors import Forbidden, InvalidInput
from referentiel import parametres

MOTIF_MIN = 10


@dataclass(frozen=True)
class Ouverture:
    """What was opened, and until when."""

    dossiers: list[Dossier]
    jusqu_a: Any


@transaction.atomic
def open_in_emergency(*, ipp: str, service_id: Any, motif: str, by: Any) -> Ouverture:
    """Open the dossiers of one patient held by another service of the same establishment."""
    if not has(by, AccessPermission.OPEN_IN_EMERGENCY):
        raise Forbidden("Seul un prescripteur ouvre un dossier en urgence.")
    if len(motif.strip()) < MOTIF_MIN:
        raise InvalidInput("Dites pourquoi : le chef de service lira ce motif.")
    found = list(closed_dossiers(ipp, by).filter(service_id=service_id))
    if not found:
        raise InvalidInput("Aucun dossier de ce patient n'est fermé pour vous dans ce service.")
    at = now()
    hours = int(parametres.valeur("urgence.duree_heures", local(at).date()))
    until = at + timedelta(hours=hours)
    for dossier in found:
        OuvertureUrgence.objects.create(
            dossier=dossier, par=by, motif=motif.strip(), le=at, jusqu_a=until
        )
        journal.record(
            dossier, "open_in_emergency", by=by, label="Ouverture en urgence", hours=hours
        )
    return Ouverture(found, until)
