"""Rows of an XLSX workbook, as the text a CSV of the same sheet would hold."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from referentiel.importers import archives
from referentiel.importers.records import Ligne, Lu
from referentiel.importers.refusals import ImportRefuse

MAGIC, OLD_MAGIC = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def is_workbook(path: Path) -> bool:
    """Whether the bytes are those of a workbook, whatever the name says."""
    with path.open("rb") as raw:
        return raw.read(4) in (MAGIC, OLD_MAGIC)


def workbook_sheets(path: Path) -> list[str]:
    """The sheets of a workbook, in order."""
    with _opened(path) as workbook:
        return list(workbook.sheet_names)


def workbook_rows(path: Path, sheet: str = "") -> list[Ligne]:
    """The rows of a sheet (the first one unless named) with the numbers a spreadsheet shows."""
    with _opened(path) as workbook:
        names = list(workbook.sheet_names)
        if sheet and sheet not in names:
            raise ImportRefuse(
                f"Le classeur « {path.name} » n'a pas de feuille « {sheet} » : "
                f"il a {', '.join(f'« {name} »' for name in names[:10])}."
            )
        try:
            cells = workbook.get_sheet_by_name(sheet or names[0]).to_python(skip_empty_area=False)
        except (CalamineError, IndexError) as error:
            raise _damaged(path) from error
    texts = [[as_text(value) for value in row] for row in cells]
    return [
        Ligne(numero, values)
        for numero, values in enumerate(texts, start=1)
        if any(value.strip() for value in values)
    ]


def as_text(value: Any) -> str:
    """A cell as text: whole numbers without their point, days in ISO."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time(0):
        value = value.date()
    return value.isoformat() if isinstance(value, (date, time)) else str(value)


def read_workbook(path: Path) -> Lu:
    """The identity of a workbook: its name and the checksum of its bytes."""
    if not path.exists():
        raise ImportRefuse(f"Le fichier « {path} » n'existe pas.")
    if path.stat().st_size > archives.MAX_BYTES:
        raise archives.too_large(path.name)
    with path.open("rb") as raw:
        return Lu(path.name, "", hashlib.file_digest(raw, "sha256").hexdigest(), "xlsx")


def _opened(path: Path) -> CalamineWorkbook:
    """A workbook whose archive was measured first; old and locked ones are refused."""
    read_workbook(path)
    with path.open("rb") as raw:
        head = raw.read(4)
    if head == OLD_MAGIC:
        raise ImportRefuse(
            f"« {path.name} » est un ancien classeur (XLS) ou est protégé par un mot de passe : "
            "enregistrez-le en XLSX ou en CSV."
        )
    if head != MAGIC:
        raise ImportRefuse(f"« {path.name} » n'est pas un classeur XLSX.")
    archives.check_workbook(path)
    try:
        return CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError) as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> ImportRefuse:
    return ImportRefuse(
        f"Le classeur « {path.name} » est endommagé ou incomplet : téléchargez-le à nouveau."
    )
