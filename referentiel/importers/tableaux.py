"""A table of any origin, CSV or XLSX: its headings, its rows, its first lines as a sample."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from referentiel.importers import archives, reading, workbooks
from referentiel.importers.records import Ligne, Lu
from referentiel.importers.refusals import ImportRefuse
from referentiel.rules.colonnes import guess

SAMPLE = 5
HEADING_LIMIT = 200
CELL_LIMIT = 120
MOST_COLUMNS = 200
MOST_SHEETS = 10
HEADING_WITHIN = 20  # rows: a list may begin with its title, its date, a note


@dataclass
class Tableau:
    """A table as read: identity, headings, rows, and the sheets it was chosen from."""

    lu: Lu
    colonnes: list[str]
    lignes: list[Ligne]
    feuilles: list[str] = field(default_factory=list)
    feuille: str = ""

    def sample(self) -> list[list[str]]:
        """The first rows, cut to what a page shows."""
        return [[cell[:CELL_LIMIT] for cell in row.cellules] for row in self.lignes[:SAMPLE]]


def read_table(path: Path, feuille: str = "") -> Tableau:
    """Read a CSV (any usual separator) or one sheet of a workbook."""
    if path.exists() and path.is_file() and workbooks.is_workbook(path):
        lu = workbooks.read_workbook(path)
        feuilles = workbooks.workbook_sheets(path)
        rows = iter(workbooks.workbook_rows(path, feuille))
        chosen = feuille or (feuilles[0] if feuilles else "")
    else:
        lu, feuilles, chosen = reading.read(path), [], ""
        rows = reading.csv_rows(lu, reading.usual_delimiter(lu))
    colonnes, rows = headed(lu, rows)
    records = list(islice(rows, archives.MAX_ROWS + 1))
    if len(records) > archives.MAX_ROWS:
        raise ImportRefuse(
            f"Le fichier « {lu.nom} » a plus de {archives.MAX_ROWS} lignes : "
            "ce n'est pas une liste d'UCD et de codes."
        )
    if not records:
        raise ImportRefuse(f"Le fichier « {lu.nom} » ne contient aucune ligne de données.")
    if not feuilles:
        reading.check_last_line(lu, records[-1], columns=len(colonnes))
    return Tableau(lu, colonnes, records, feuilles, chosen)


def read_tables(path: Path) -> list[Tableau]:
    """Every sheet that holds a table, the first ones of a large workbook; at least one."""
    if not workbooks.is_workbook(path):
        return [read_table(path)]
    found, refusals = [], []
    for name in workbooks.workbook_sheets(path)[:MOST_SHEETS]:
        try:
            found.append(read_table(path, name))
        except ImportRefuse as refusal:
            refusals.append(refusal)
    if not found:
        raise refusals[0] if refusals else ImportRefuse(f"Le classeur « {path.name} » est vide.")
    return found


def headed(lu: Lu, rows: Iterator[Ligne]) -> tuple[list[str], Iterator[Ligne]]:
    """The headings and the rows below them; a title above, or Excel's `sep=;`, is passed over."""
    first = list(islice(rows, HEADING_WITHIN))
    if not first:
        raise ImportRefuse(f"Le fichier « {lu.nom} » est vide.")
    likely = (at for at, row in enumerate(first) if {"ucd", "code"} <= guess(row.cellules).keys())
    several = (at for at, row in enumerate(first) if len(_filled(row)) > 1)
    at = next(likely, next(several, 0))
    return headings_of(lu, first[at]), chain(first[at + 1 :], rows)


def _filled(row: Ligne) -> list[str]:
    return [cell for cell in row.cellules if cell.strip()]


def headings_of(lu: Lu, header: Ligne) -> list[str]:
    """Headings, blank ones at the end left out; each must be there once."""
    names = [" ".join(name.replace("\0", " ").split())[:HEADING_LIMIT] for name in header.cellules]
    while names and not names[-1]:
        names.pop()
    filled = [name for name in names if name]
    if len(filled) < 2:
        raise ImportRefuse(
            f"Le fichier « {lu.nom} » n'a pas de ligne de titres : la première ligne doit nommer "
            "les colonnes."
        )
    if len(names) > MOST_COLUMNS:
        raise ImportRefuse(
            f"Le fichier « {lu.nom} » a {len(names)} colonnes : au plus {MOST_COLUMNS}."
        )
    twice = next((name for name in filled if filled.count(name) > 1), "")
    if twice:
        raise ImportRefuse(
            f"Le fichier « {lu.nom} » a deux colonnes « {twice} » : nommez-les différemment."
        )
    return names


def padded(row: Ligne, width: int) -> Ligne:
    """A row of a workbook as wide as its headings: the empty cells beyond say nothing."""
    cells = row.cellules
    if len(cells) > width and not any(cell.strip() for cell in islice(cells, width, None)):
        cells = cells[:width]
    return Ligne(row.numero, cells + [""] * (width - len(cells)))
