"""Compressed files, measured before they are opened: gzip copies and XLSX workbooks."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from referentiel.importers.refusals import ImportRefuse

MAX_BYTES = 200 * 1024 * 1024
# Real lists shrink 5 to 40 times; a bomb, a thousand times.
MAX_RATIO = 200
RATIO_FROM = 5 * 1024 * 1024
CHUNK = 1024 * 1024
MAX_ENTRIES = 500
MAX_ROWS = 100_000
MAX_COLUMNS = 200
MAX_CELLS = 2_000_000
MAX_TEXT = 500 * 1024 * 1024

# A row, a cell or a shared text, with what its tag holds.
LONG_TAG = 4096
_ATTRIBUTES = 400
_TAG = re.compile(rb"<(?:\w+:)?(row|c|si)(?=[\s/>])([^<>]{0,400})")
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Z]{0,4})([0-9]{1,12})?(["']?)""")
_SHARED = re.compile(rb"""\st\s*=\s*["']s["']""")


def too_large(nom: str) -> ImportRefuse:
    """The refusal of a file beyond the size read."""
    return ImportRefuse(f"Le fichier « {nom} » dépasse {MAX_BYTES // (1024 * 1024)} Mo.")


def bomb(nom: str) -> ImportRefuse:
    """The refusal of a file that would grow out of proportion."""
    return ImportRefuse(
        f"Le fichier « {nom} » se décompresse en une taille anormale : il n'a pas été ouvert."
    )


def gunzip(nom: str, data: bytes) -> bytes:
    """Open a gzip copy piece by piece; stop as soon as it grows out of proportion."""
    parts, size = [], 0
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as opened:
            while chunk := opened.read(CHUNK):
                size += len(chunk)
                if size > RATIO_FROM and size > MAX_RATIO * len(data):
                    raise bomb(nom)
                if size > MAX_BYTES:
                    raise too_large(nom)
                parts.append(chunk)
    except (OSError, EOFError, zlib.error) as error:
        raise ImportRefuse(f"Le fichier « {nom} » ne peut pas être lu.") from error
    return b"".join(parts)


@dataclass
class Mesure:
    """How far a sheet reaches, and how much text its cells would hold once opened."""

    rows: int = 0
    columns: int = 0
    shared_cells: int = 0
    longest: int = 0
    run: int = 0
    last_item: int = 0
    offset: int = 0

    def feed(self, data: bytes) -> None:
        """Count the tags of one piece of an entry."""
        for match in _TAG.finditer(data):
            tag, attributes = match.groups()
            if tag == b"si":
                self.longest = max(self.longest, self.offset + match.start() - self.last_item)
                self.last_item = self.offset + match.start()
                continue
            if tag == b"row":
                self.run = 0
            else:
                self.run += 1
                self.shared_cells += bool(_SHARED.search(attributes))
            if len(attributes) == _ATTRIBUTES:  # what follows is not read: taken for the worst
                self.columns = MAX_COLUMNS + 1
            self._reach(tag, _REFERENCE.search(attributes))
        self.offset += len(data)
        self.longest = max(self.longest, self.offset - self.last_item if self.last_item else 0)

    def _reach(self, tag: bytes, reference: re.Match[bytes] | None) -> None:
        """`r="B12"` of a cell, `r="12"` of a row; without it, one further than the last."""
        if reference is None:
            self.rows += tag == b"row"
            self.columns = max(self.columns, self.run)
            return
        letters, digits, closed = reference.groups()
        column = 0
        for letter in letters:
            column = column * 26 + letter - 64
        # A reference written in no known way is taken for one beyond every limit.
        self.columns = max(self.columns, column if closed else MAX_COLUMNS + 1)
        self.rows = max(self.rows, int(digits or b"0"))

    def check(self, nom: str) -> None:
        """Refuse what the memory would not hold."""
        if self.rows > MAX_ROWS or self.columns > MAX_COLUMNS:
            raise ImportRefuse(
                f"Le classeur « {nom} » va jusqu'à la ligne {self.rows} et la colonne "
                f"{self.columns} : au plus {MAX_ROWS} lignes et {MAX_COLUMNS} colonnes."
            )
        if self.rows * self.columns > MAX_CELLS:
            raise bomb(nom)


def check_workbook(path: Path) -> None:
    """Refuse a workbook that is not one, is locked, or would fill the memory once opened."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check_directory(path, archive)
            measures = [_measure(path, archive, info) for info in archive.infolist()]
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise ImportRefuse(
            f"Le classeur « {path.name} » est endommagé ou incomplet : téléchargez-le à nouveau."
        ) from error
    longest = max((m.longest for m in measures), default=0)
    if longest * max((m.shared_cells for m in measures), default=0) > MAX_TEXT:
        raise bomb(path.name)


def _check_directory(path: Path, archive: zipfile.ZipFile) -> None:
    """What the directory announces, before anything is decompressed."""
    entries = archive.infolist()
    if "xl/workbook.xml" not in {info.filename for info in entries}:
        raise ImportRefuse(f"« {path.name} » n'est pas un classeur XLSX.")
    if any(info.flag_bits & 1 for info in entries):
        raise ImportRefuse(f"Le classeur « {path.name} » est protégé par un mot de passe.")
    size = sum(info.file_size for info in entries)
    if len(entries) > MAX_ENTRIES or size > MAX_BYTES:
        raise bomb(path.name)
    if size > RATIO_FROM and size > MAX_RATIO * path.stat().st_size:
        raise bomb(path.name)


def _measure(path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Mesure:
    """Read one entry through, cut between tags: its size and checksum hold, cells are counted."""
    mesure, carry = Mesure(), b""
    with archive.open(info) as opened:
        while chunk := opened.read(CHUNK):
            data = carry + chunk
            cut = data.rfind(b"<")
            if cut <= 0:
                cut = 0 if len(data) < LONG_TAG else len(data)
            mesure.feed(data[:cut])
            mesure.check(path.name)
            carry = data[cut:]
    mesure.feed(carry)
    mesure.check(path.name)
    return mesure
