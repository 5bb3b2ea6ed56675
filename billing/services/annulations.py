"""A dispensing is cancelled by its pharmacy: what billing holds of it goes, or forbids it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from access.models import Dispensation
from access.selectors.annulations import prevents_cancelling
from billing.models import Administration, LigneFichcomp, Preparation
from billing.services.preparation import retire
from billing.services.sejours import remove_administration
from billing.states import EtatLigne
from engine.errors import Blocked
from engine.steps import Blocker, after_step
from referentiel.models import Etablissement


def _lines_of(dispensation: Dispensation) -> list[LigneFichcomp]:
    """The prepared lines made of its units, of every month kept."""
    lines = LigneFichcomp.objects.filter(
        sejour__patient_id=dispensation.patient_id, specialite_id=dispensation.specialite_id
    ).select_related("preparation")
    return [line for line in lines if str(dispensation.pk) in line.references["dispensations"]]


@prevents_cancelling
def already_exported(dispensation: Dispensation) -> str:
    """Units written in a file stay proved by their dispensing; a line held back is in no file."""
    for line in _lines_of(dispensation):
        envoi = line.preparation.envois.first() if line.etat == EtatLigne.PRETE else None
        if envoi is not None:
            return (
                f"Ces unités sont dans le fichier {envoi.nom}, déjà exporté : la dispensation ne "
                "s'annule plus. La facturation peut retirer leur administration du prochain envoi."
            )
    return ""


@after_step("billing.take_out_dispensation")
def take_out_dispensation(
    dossier: Any, *, by: Any, at: datetime, dispensation: Dispensation, **_: Any
) -> None:
    """Its administrations go; a month prepared with them, and not exported, is checked again.

    Under the locks of a preparation and of an export: neither can take the units meanwhile.
    """
    Etablissement.objects.select_for_update().get(pk=dispensation.etablissement_id)
    months = {line.preparation_id for line in _lines_of(dispensation)}
    held = list(Preparation.objects.select_for_update().filter(pk__in=months).order_by("pk"))
    obstacle = already_exported(dispensation)
    if obstacle:
        raise Blocked([Blocker("DEJA_EXPORTEE", obstacle, "dispensation")])
    for preparation in held:
        retire(preparation)
    for administration in Administration.objects.filter(dispensation=dispensation):
        remove_administration(administration=administration, by=by)
