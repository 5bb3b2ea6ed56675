"""Imports beside what the database itself can do: COPY, and one row at a time."""

from __future__ import annotations

import io
from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.db import connection, models, transaction

from config.bench.ratios import Ratio
from config.bench.rows import VERSION, Files
from referentiel.models import (
    Cadre,
    CodeIndication,
    Presentation,
    Produit,
    Specialite,
    SpecialiteAmm,
)
from referentiel.services.imports import import_referentiel
from referentiel.states import SourceImport

# What the two imports write, a table before those that point to it.
TABLES: tuple[type[models.Model], ...] = (
    SpecialiteAmm, Presentation, Produit, Specialite, Cadre, CodeIndication,
)  # fmt: skip
SAMPLE = 100  # rows of each table written one at a time


def timed(work: Callable[[], Any]) -> float:
    """Seconds a piece of work takes."""
    start = perf_counter()
    work()
    return perf_counter() - start


def import_files(files: Files, *, again: bool = False) -> None:
    """Import both lists, as a person would; a refusal stops the bench."""
    for source, path in (
        (SourceImport.BDPM, files.bdpm_again if again else files.bdpm),
        (SourceImport.ATIH, files.atih_again if again else files.atih),
    ):
        rapport = import_referentiel(source, path, version=VERSION)
        if not rapport.accepted:
            raise RuntimeError(rapport.message)


def measure(files: Files) -> list[Ratio]:
    """First import, unchanged import, COPY and row by row: four times, three ratios."""
    first = timed(lambda: import_files(files))
    again = timed(lambda: import_files(files, again=True))
    copy = sum(_copy(model) for model in TABLES)
    alone = sum(_row_by_row(model) for model in TABLES)
    return [
        Ratio("Premier import / COPY des mêmes lignes", first, copy, 20),
        Ratio("Ligne à ligne (update_or_create) / premier import", alone, first, 10, at_least=True),
        Ratio("Réimport inchangé / premier import", again, first, 0.5),
    ]


def _copy(model: type[models.Model]) -> float:
    """Seconds to load the rows of a table into its empty twin, keys and indexes included."""
    table, twin = model._meta.db_table, f"banc_{model._meta.db_table}"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # a table as durable as the real one: a temporary one would write no log
            cursor.execute(f'CREATE TABLE "{twin}" (LIKE "{table}" INCLUDING ALL)')
            held = io.StringIO()
            cursor.copy_expert(f'COPY "{table}" TO STDOUT', held)
            held.seek(0)
            seconds = timed(lambda: cursor.copy_expert(f'COPY "{twin}" FROM STDIN', held))
            cursor.execute(f'DROP TABLE "{twin}"')
            return seconds
        cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 (a name of ours)
        rows = cursor.fetchall()
        _twin_of(cursor, table, twin)
        marks = ", ".join(["%s"] * len(rows[0])) if rows else ""
        seconds = timed(lambda: _insert(cursor, twin, marks, rows))
        cursor.execute(f'DROP TABLE "{twin}"')
    return seconds


def _twin_of(cursor: Any, table: str, twin: str) -> None:
    """The same columns, constraints and indexes under another name (SQLite)."""
    cursor.execute("SELECT sql, name, type FROM sqlite_master WHERE tbl_name = %s", [table])
    for sql, name, kind in cursor.fetchall():
        if not sql or kind not in ("table", "index"):
            continue
        renamed = sql.replace(f'"{table}"', f'"{twin}"')
        cursor.execute(renamed if kind == "table" else renamed.replace(name, f"banc_{name}"))


def _insert(cursor: Any, twin: str, marks: str, rows: list[Any]) -> None:
    with transaction.atomic():
        statement = f'INSERT INTO "{twin}" VALUES ({marks})'  # noqa: S608 (a name of ours)
        cursor.executemany(statement, rows)


def _row_by_row(model: type[models.Model]) -> float:
    """Seconds for the whole table by `update_or_create`, from a sample written as it stands.

    Each call is a transaction of its own, as in a loop that nobody thought about.
    """
    manager, total = model._base_manager, model._base_manager.count()
    sample = list(manager.all()[:SAMPLE])
    names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]

    def write() -> None:
        for row in sample:
            values = {name: getattr(row, name) for name in names}
            manager.update_or_create(pk=row.pk, defaults=values)

    return timed(write) * total / len(sample) if sample else 0.0
