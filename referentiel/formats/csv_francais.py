"""A CSV file as a French spreadsheet opens it: semicolons, a byte order mark, harmless cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

BOM = "\ufeff"
DANGEROUS = "=+-@\t\r\n\0"


def harmless(value: Any) -> Any:
    """A text that a spreadsheet cannot take for a formula; what is no text is left as it is."""
    dangerous = isinstance(value, str) and value[:1] and value[:1] in DANGEROUS
    return f"'{value}" if dangerous else value


def csv_lines(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The headings, then the rows, a line at a time."""
    yield BOM + _line(header)
    for row in rows:
        yield _line(row)


def _line(cells: Iterable[Any]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerow([harmless(cell) for cell in cells])
    return out.getvalue()
