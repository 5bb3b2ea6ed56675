"""The authorisations a patient already holds for one treatment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from access.models import Aac
from access.rules.aac import Droit
from access.rules.instruction import VIVANTES


@dataclass(frozen=True)
class Vivante:
    """One that leaves no place to a second; `jumelle` when it is for another strength asked."""

    numero: str
    droit: Droit
    jumelle: bool


def living(demande: Any) -> list[Vivante]:
    """Those of the same patient, product and indication, without a reason of their own."""
    if demande.traitement_id is None:
        return []
    root = demande.jumeau_id or demande.pk
    found = Aac.objects.filter(
        traitement_id=demande.traitement_id, state__in=VIVANTES, doublon_motif=""
    )
    rows = found.order_by("date_debut", "numero").values_list(
        "numero", "state", "date_debut", "date_fin", "parent_id", "parent__jumeau_id"
    )
    return [
        Vivante(
            numero=str(numero),
            droit=Droit(state, cast(date, debut), cast(date, fin)),
            jumelle=root in (parent, jumeau),
        )
        for numero, state, debut, fin, parent, jumeau in rows
    ]
