"""The refused lines of a list as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from referentiel.formats import csv_francais

COLUMNS = ("fichier", "ligne", "colonne", "raison", "contenu")


def csv_lines(rejets: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Where each line stood, why it was refused, what it held."""
    rows = ([rejet.get(name, "") for name in COLUMNS] for rejet in rejets)
    return csv_francais.csv_lines(COLUMNS, rows)
