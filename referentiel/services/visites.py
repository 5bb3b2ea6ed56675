"""The last visit of a professional: what changed since is marked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from engine.clocks import now
from referentiel.models import DerniereVisite


@transaction.atomic
def look(*, by: Any) -> datetime | None:
    """Note that this person reads the changes now; returns when they last did, None at first."""
    held = DerniereVisite.objects.select_for_update().filter(user_id=by.pk).first()
    DerniereVisite.objects.update_or_create(user_id=by.pk, defaults={"le": now()})
    return held.le if held else None
