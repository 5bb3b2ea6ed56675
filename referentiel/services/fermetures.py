"""Closing by hand: a cadre or a code that ends on a day, with its last status."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from referentiel.models import Cadre, CodeIndication
from referentiel.services.medicines import update_cadre, update_code


@transaction.atomic
def close_cadre(cadre: Cadre, *, by: Any, fin: date, statut: str = "") -> Cadre:
    """End a cadre on a day, with the status the agency announced; its codes keep their dates.

    The status closes it from the morrow: the last day is still one of its days.
    """
    morrow = fin + timedelta(days=1)
    return update_cadre(cadre, by=by, fin=fin, statut=statut or cadre.statut, ferme_depuis=morrow)


@transaction.atomic
def close_code(code: CodeIndication, *, by: Any, fin: date) -> CodeIndication:
    """End a code: the last day of administration it may be billed for."""
    return update_code(code, by=by, fin=fin)
