"""« Vérifié aujourd'hui »: one person read a sheet against the official page."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import transaction

from engine import journal
from engine.clocks import today
from engine.errors import Forbidden
from referentiel.models import Cadre, Produit
from referentiel.permissions import ReferentielPermission, is_granted
from referentiel.services.search_index import touch

Row = TypeVar("Row", Produit, Cadre)


@transaction.atomic
def mark_verified(row: Row, *, by: Any) -> Row:
    """Date the verification of a product or a cadre, and note who did it."""
    if not is_granted(by, ReferentielPermission.EDIT_MEDICAMENTS):
        raise Forbidden("Vérifier une fiche relève d'un gestionnaire du référentiel.")
    held = type(row)._default_manager.select_for_update().get(pk=row.pk)
    held.verifie_le = today()
    held.save(update_fields=["verifie_le"])
    touch()
    journal.record(held, "verifier", by=by, label="Fiche vérifiée", locked=True)
    return held
