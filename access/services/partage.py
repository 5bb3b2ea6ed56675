"""Sharing of a dossier with co-prescribers: named, journalled, revocable."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from access.models import Dossier
from access.permissions import AccessPermission, can
from engine import journal
from engine.errors import Forbidden


@transaction.atomic
def share(*, dossier: Dossier, personne: Any, by: Any) -> None:
    """Let a colleague of the establishment read and answer on a dossier and its authorisation."""
    for one in _pair(dossier, by):
        one.coprescripteurs.add(personne)
        journal.record(one, "share", by=by, label="Dossier partagé", personne=str(personne.pk))


@transaction.atomic
def unshare(*, dossier: Dossier, personne: Any, by: Any) -> None:
    """Take the reading back; what the colleague wrote stays signed."""
    for one in _pair(dossier, by):
        one.coprescripteurs.remove(personne)
        journal.record(one, "unshare", by=by, label="Partage retiré", personne=str(personne.pk))


def _pair(dossier: Dossier, by: Any) -> list[Dossier]:
    if not can(AccessPermission.SUBMIT_DEMANDE_AAC)(by, dossier):
        raise Forbidden("Seul un prescripteur du dossier choisit avec qui le partager.")
    return [dossier, *dossier.suites.filter(kind="AAC")]
