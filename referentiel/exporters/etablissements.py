"""The list of organisations as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from referentiel.formats import csv_francais
from referentiel.formats.donnees import as_text
from referentiel.selectors.etablissements import FILE


def csv_lines(rows: Iterable[list[Any]]) -> Iterator[str]:
    """The columns of the page, as text."""
    header = (name for name, _ in FILE)
    return csv_francais.csv_lines(header, (map(as_text, row) for row in rows))
