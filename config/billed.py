"""The last stage of a dossier's path: billing tells access what reached a file."""

from __future__ import annotations

from typing import Any

from django.db.models import F

from access.selectors.path import billing_reader
from billing.models import LigneFichcomp
from billing.states import EtatLigne


@billing_reader
def in_a_fichcomp(aac: Any) -> bool:
    """A ready line of a month already exported comes from units given on this authorisation."""
    return LigneFichcomp.objects.filter(
        etat=EtatLigne.PRETE,
        preparation__envois__isnull=False,
        specialite_id=F("sejour__administrations__dispensation__specialite_id"),
        jour=F("sejour__administrations__jour"),
        sejour__administrations__dispensation__titre=aac,
    ).exists()
