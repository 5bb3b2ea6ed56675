"""A database made for the bench, in the wiring in force, and removed after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.core.management import CommandError
from django.db import DatabaseError, connection

from access.models import Dossier

REFUSAL = "Cette base contient des dossiers : le banc d'essai ne s'y mesure pas."


@contextmanager
def scratch(folder: Path) -> Iterator[None]:
    """Create and migrate « banc_… » beside the database of the wiring; drop it at the end."""
    name = str(connection.settings_dict["NAME"])
    test = connection.settings_dict.setdefault("TEST", {})
    before = test.get("NAME")
    sqlite = connection.vendor == "sqlite"
    wanted = str(folder / "banc.sqlite3") if sqlite else f"banc_{name}"
    refuse_dossiers_of(wanted)
    test["NAME"] = wanted
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
        test["NAME"] = before


def refuse_dossiers_of(name: str) -> None:
    """A database of that name that already exists must hold no dossier."""
    kept = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return  # always a new file
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        with suppress(DatabaseError):
            refuse_dossiers()
    finally:
        connection.close()
        connection.settings_dict["NAME"] = kept


def refuse_dossiers() -> None:
    """The bench never writes beside real work."""
    if Dossier.objects.exists():
        raise CommandError(REFUSAL)
