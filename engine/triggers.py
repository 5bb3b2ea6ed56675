"""Append-only tables: the database itself refuses to change or delete a row of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import migrations

APPEND_ONLY = ("engine_entry", "engine_acceslu")

_SQLITE = """
CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
_FUNCTION = """
CREATE OR REPLACE FUNCTION placet_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""
_POSTGRESQL = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
FOR EACH {level} EXECUTE FUNCTION placet_append_only()
"""


def protect(schema_editor: Any, tables: Iterable[str]) -> None:
    """Create the triggers of some tables; a migration that remakes one calls this again."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_FUNCTION, params=None)
        statements = [("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT")]
        for table in tables:
            for verb, level in statements:
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb} ON {table}")
                schema_editor.execute(_POSTGRESQL.format(table=table, verb=verb, level=level))
        return
    for table in tables:
        for verb in ("update", "delete"):
            schema_editor.execute(_SQLITE.format(table=table, verb=verb))


def release(schema_editor: Any, tables: Iterable[str]) -> None:
    """Drop the triggers of some tables."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    verbs = ("update", "delete", "truncate") if postgresql else ("update", "delete")
    for table in tables:
        for verb in verbs:
            suffix = f" ON {table}" if postgresql else ""
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}{suffix}")


def install(apps: Any, schema_editor: Any) -> None:
    """Protect the engine's own tables (migration)."""
    protect(schema_editor, APPEND_ONLY)


def remove(apps: Any, schema_editor: Any) -> None:
    """Release the engine's own tables (reverse of the migration)."""
    release(schema_editor, APPEND_ONLY)


def append_only(*tables: str) -> migrations.RunPython:
    """The operation that makes tables append-only, last in the migration that creates them."""
    return migrations.RunPython(
        lambda apps, schema_editor: protect(schema_editor, tables),
        lambda apps, schema_editor: release(schema_editor, tables),
    )
