"""Remedies and their terms, as a decision must state them to set them running."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from referentiel import parametres

TRIBUNAL = "tribunal administratif de Montreuil"
NOMBRES = {1: "un", 2: "deux", 3: "trois", 4: "quatre", 6: "six"}


@dataclass(frozen=True)
class Recours:
    """The term of the action before the court, and the court."""

    delai: str
    tribunal: str = TRIBUNAL


def recours(on: date) -> Recours:
    """The remedies open against a decision of a day (CJA, R. 421-1 and R. 421-5)."""
    months = int(parametres.valeur("recours.delai_mois", on))
    return Recours(f"{NOMBRES.get(months, months)}\u00a0mois")
