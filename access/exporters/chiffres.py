"""The figures as CSV, a line at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from access.selectors.chiffres import COLONNES
from referentiel.formats import csv_francais


def csv_lines(rows: Iterable[list[Any]]) -> Iterator[str]:
    """The same columns as the page."""
    return csv_francais.csv_lines(COLONNES, rows)
