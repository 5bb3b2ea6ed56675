"""The open export as CSV or JSON lines, a line at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from referentiel.formats import csv_francais
from referentiel.formats import donnees as schema


def csv_lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """One line a row, every cell as text."""
    cells = (schema.cells(row, schema.as_text) for row in rows)
    return csv_francais.csv_lines(schema.header(), cells)


def json_lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """One object a line, the same names as the CSV, empty values as null."""
    names = schema.header()
    for row in rows:
        values = schema.cells(row, schema.as_json)
        yield json.dumps(dict(zip(names, values, strict=True)), ensure_ascii=False) + "\n"


WRITERS = {
    "csv": (csv_lines, "text/csv; charset=utf-8"),
    "jsonl": (json_lines, "application/jsonl; charset=utf-8"),
}
