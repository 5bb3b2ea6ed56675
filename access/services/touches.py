"""A change of the référentiel reaches those who hold a dossier it concerns; no dossier changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from access.models import Dossier, DossierTouche
from access.permissions import AccessPermission, can
from access.selectors.touches import alert_recipients, concerned
from engine import journal, outbox
from engine.clocks import now
from engine.errors import Forbidden
from engine.jobs import job_handler
from engine.models import Outbox, OutboxStatus
from engine.outbox import Draft
from referentiel.models import Changement
from referentiel.services.changes import JOB

ALERT = "changement_referentiel"
BATCH = 500


@job_handler(JOB)
def list_touched(row: Outbox) -> None:
    """List the dossiers a batch of changes concerns and alert each pharmacy; repeatable."""
    changements = Changement.objects.filter(
        produit_id__in=row.payload["produits"],
        le=datetime.fromisoformat(row.payload["le"]),
        sensible=True,
    )
    list_dossiers(list(changements), key=str(row.pk))


@transaction.atomic
def list_dossiers(changements: list[Changement], *, key: str) -> int:
    """Write one row per dossier and change, and one mail per pharmacy that holds some."""
    at = now()
    pairs = concerned(changements)
    DossierTouche.objects.bulk_create(
        [DossierTouche(dossier=dossier, changement=line, le=at) for dossier, line in pairs],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    puis = {d.pui_id for d, _ in pairs if d.pui_id is not None and d.sent_at is not None}
    _alert(puis, key=key)
    return len(pairs)


def _alert(puis: set[UUID], *, key: str) -> None:
    """One mail per pharmacy; one that has not left yet tells the new count by itself."""
    waiting = set(
        Outbox.objects.filter(kind="email", name=ALERT, status=OutboxStatus.PENDING).values_list(
            "recipient", flat=True
        )
    )
    drafts = [
        Draft(
            "email",
            ALERT,
            f"email:{ALERT}:{key}:{pui}",
            recipient=recipient,
            payload={"pui": str(pui)},
        )
        for pui, recipient in sorted(alert_recipients(puis).items())
        if recipient not in waiting
    ]
    outbox.write(None, drafts)


@transaction.atomic
def mark_seen(*, dossier: Dossier, by: Any) -> int:
    """A holder of the dossier says they saw what changed; the journal keeps it."""
    if not can(AccessPermission.SEE_CHANGE)(by, dossier):
        raise Forbidden("Seuls le prescripteur et la pharmacie du dossier répondent à une alerte.")
    waiting = DossierTouche.objects.select_for_update().filter(dossier=dossier, vu_le=None)
    seen = [str(pk) for pk in waiting.values_list("changement_id", flat=True)]
    if seen:
        waiting.update(vu_le=now(), vu_par=by)
        label = "Changement du référentiel vu"
        journal.record(dossier, "see_change", by=by, label=label, changements=seen)
    return len(seen)
