"""What the sources share: typed rows, rows set aside, the threshold that refuses a file."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from engine import clocks
from referentiel.importers import reading
from referentiel.importers.differences import Held
from referentiel.importers.records import Ligne, Lu
from referentiel.importers.refusals import ImportRefuse
from referentiel.importers.values import RowError

CONTENT_LIMIT = 2000
# A whole release is judged on its dates and on what it lacks; a short extract says neither.
FULL_RELEASE = 500
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Rejet:
    """A row set aside: where it is, what is wrong, what it held."""

    fichier: str
    ligne: int
    colonne: str
    raison: str
    contenu: str
    abime: bool = False


@dataclass
class Lot:
    """What a source parsed: typed rows by file, the rows set aside, its version if it tells."""

    source: str
    nom: str
    sha256: str
    lignes: dict[str, list[Any]] = field(default_factory=dict)
    rejets: list[Rejet] = field(default_factory=list)
    lues: dict[str, int] = field(default_factory=dict)
    version_contenu: str = ""
    version_certaine: bool = False  # the file itself says which release it is
    # What the rows set aside are about, by file: parts of a key, "" where one cannot be read.
    douteuses: dict[str, set[tuple[str, ...]]] = field(default_factory=dict)
    regroupees: int = 0  # rows that say more of what another row is about
    ignorees: int = 0  # rows about what the register does not hold

    @property
    def total(self) -> int:
        return sum(self.lues.values())

    def may_hold(self, nom: str, identity: str) -> bool:
        """Whether a row set aside may be about this identity: it is then not gone."""
        parts = identity.split("/")
        return any(
            all(told in ("", part) for told, part in zip(doubtful, parts, strict=False))
            for doubtful in self.douteuses.get(nom, ())
        )

    def held(self, nom: str) -> Held:
        """What the rows set aside of one file keep standing."""
        return partial(self.may_hold, nom)


def collect(
    lot: Lot,
    lu: Lu,
    rows: Iterable[Ligne],
    typed: Callable[[list[str]], Any],
    *,
    columns: Sequence[str],
    key: Callable[[Any], Hashable] | None = None,
    marks: Sequence[Callable[[str], str]] = (),
) -> list[Any]:
    """Turn records into typed rows; set aside those that fail, and second copies of a key.

    `marks` find in a row set aside the parts of its key, wherever they stand.
    """
    kept: list[Any] = []
    dirty = bool(_CONTROL.search(lu.texte)) or not lu.texte
    seen: dict[Hashable, int] = {}
    read = 0
    for row in rows:
        read += 1
        try:
            if len(row.cellules) != len(columns):
                raise RowError("", f"{len(row.cellules)} colonnes au lieu de {len(columns)}.")
            if dirty:
                _check_control(columns, row.cellules)
            value = typed(row.cellules)
            if key is not None:
                identity = key(value)
                if identity in seen:
                    raise RowError("", f"Doublon de la ligne {seen[identity]}.")
                seen[identity] = row.numero
            kept.append(value)
        except RowError as error:
            about = tuple(_first(row.cellules, mark) for mark in marks)
            lot.douteuses.setdefault(lu.nom, set()).add(about)
            lot.rejets.append(
                Rejet(
                    lu.nom,
                    row.numero,
                    error.colonne,
                    error.raison,
                    row.contenu[:CONTENT_LIMIT],
                    error.abime,
                )
            )
    # A workbook has no text: its archive says whether it is whole.
    ended = not lu.texte or lu.texte.endswith(("\n", "\r"))
    last = lot.rejets[-1] if lot.rejets else None
    if read and not ended and last and (last.fichier, last.ligne) == (lu.nom, row.numero):
        raise ImportRefuse(
            f"Le fichier « {lu.nom} » est tronqué : "
            f"sa dernière ligne (ligne {row.numero}) s'arrête en chemin."
        )
    if not read:
        raise ImportRefuse(f"Le fichier « {lu.nom} » ne contient aucune ligne de données.")
    lot.lues[lu.nom] = read
    lot.lignes[lu.nom] = kept
    return kept


def _first(cells: Sequence[str], mark: Callable[[str], str]) -> str:
    return next((found for cell in cells if (found := mark(cell.strip()))), "")


def _check_control(columns: Sequence[str], cells: Sequence[str]) -> None:
    for name, cell in zip(columns, cells, strict=True):
        if _CONTROL.search(cell):
            raise RowError(name, "Un caractère de contrôle n'a rien à faire ici.")


def check_threshold(lot: Lot, limit: Decimal) -> None:
    """Decision 21: beyond the share of bad rows, a file is refused whole."""
    for nom, read in lot.lues.items():
        bad = [rejet for rejet in lot.rejets if rejet.fichier == nom]
        if Decimal(len(bad)) > limit * read:
            _check_spreadsheet(nom, bad)
            share = f"{limit * 100:f}".rstrip("0").rstrip(".").replace(".", ",")
            first = bad[0]
            faulty = "1 ligne fautive" if len(bad) == 1 else f"{len(bad)} lignes fautives"
            where = f", colonne {first.colonne}" if first.colonne else ""
            raise ImportRefuse(
                f"Le fichier « {nom} » est refusé en entier : {faulty} "
                f"sur {read}, plus de {share} %. Première faute, ligne {first.ligne}{where} : "
                f"{first.raison}"
            )


def _check_spreadsheet(nom: str, bad: list[Rejet]) -> None:
    """When most faults are damaged codes, the sentence names the spreadsheet."""
    damaged = [rejet for rejet in bad if rejet.abime]
    if len(damaged) * 2 > len(bad):
        first = damaged[0]
        raise ImportRefuse(
            f"Un tableur a abîmé les codes du fichier « {nom} » ({len(damaged)} fois ; ligne "
            f"{first.ligne} : {first.raison}) Des chiffres sont perdus : repartez du fichier "
            "d'origine, sans l'ouvrir dans un tableur."
        )


def latest_month(days: Iterable[date | None]) -> str:
    """The month of the latest day that has come: a file holds typing errors (2924) and ends."""
    today = clocks.today()
    latest = max((day for day in days if day and day <= today), default=None)
    return f"{latest:%Y-%m}" if latest else ""


def table_of(
    path: Path,
    source: str,
    check_header: Callable[[Lu, list[str]], list[str]],
    *,
    tabs: bool = False,
) -> tuple[Lot, Lu, list[str], list[Ligne]]:
    """Open a file with a header line: its lot, its column names as checked, its records."""
    lu = reading.read(path)
    rows = reading.csv_rows(lu, "\t" if tabs else ";")
    header = next(rows, None)
    if header is None:
        raise ImportRefuse(f"Le fichier « {lu.nom} » est vide.")
    names = check_header(lu, [name.strip().lower() for name in header.cellules])
    records = list(rows)
    if records:
        reading.check_last_line(lu, records[-1], columns=len(names))
    return Lot(source, lu.nom, lu.sha256), lu, names, records
