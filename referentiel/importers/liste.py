"""Any list of UCD, codes and dates, CSV or XLSX, read through a mapping of its columns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from referentiel.importers import base, tableaux
from referentiel.importers.atih import PAIR_MARKS, LigneAtih
from referentiel.importers.base import (
    Lot,
    Rejet,
)
from referentiel.importers.refusals import ImportRefuse
from referentiel.importers.tableaux import Tableau
from referentiel.importers.values import RowError, short
from referentiel.models import CorrespondanceListe
from referentiel.rules import codes, colonnes
from referentiel.states import SourceImport, TypeCadre

FORMATS_DATE: dict[str, tuple[str, tuple[int, int, int]]] = {
    "AAAA-MM-JJ": (r"(\d{4})-(\d{1,2})-(\d{1,2})", (1, 2, 3)),
    "JJ/MM/AAAA": (r"(\d{1,2})/(\d{1,2})/(\d{4})", (3, 2, 1)),
    "JJ-MM-AAAA": (r"(\d{1,2})-(\d{1,2})-(\d{4})", (3, 2, 1)),
    "JJ.MM.AAAA": (r"(\d{1,2})\.(\d{1,2})\.(\d{4})", (3, 2, 1)),
    "JJ/MM/AA": (r"(\d{1,2})/(\d{1,2})/(\d{2})", (3, 2, 1)),
    "AAAA/MM/JJ": (r"(\d{4})/(\d{1,2})/(\d{1,2})", (1, 2, 3)),
    "AAAAMMJJ": (r"(\d{4})(\d{2})(\d{2})", (1, 2, 3)),
}
_MIDNIGHT = re.compile(r"[ T]00:00(:00(\.0+)?)?$")
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True)
class LigneListe(LigneAtih):
    """A pair of a mapped list; `cadre` is what the list says of its framework, if it does."""

    cadre: TypeCadre | None = None


def parse(path: Path, correspondance: CorrespondanceListe) -> Lot:
    """Read a list through its mapping into typed rows and rows set aside."""
    table = table_of(path, correspondance)
    positions = positions_of(table, correspondance)
    check_digits(table, positions["ucd"])
    lot = Lot(SourceImport.LISTE, table.lu.nom, table.lu.sha256)
    width = len(table.colonnes)
    rows = [tableaux.padded(row, width) if table.feuilles else row for row in table.lignes]
    base.collect(
        lot,
        table.lu,
        rows,
        lambda cells: typed(cells, table.colonnes, positions, correspondance.format_date),
        columns=table.colonnes,
        key=lambda row: (row.ucd7, row.code),
        marks=PAIR_MARKS,
    )
    return lot


def table_of(path: Path, correspondance: CorrespondanceListe) -> Tableau:
    """The sheet the mapping names, else the first that holds its columns."""
    if correspondance.feuille:
        return tableaux.read_table(path, correspondance.feuille)
    tables = tableaux.read_tables(path)
    wanted = {name for name in correspondance.colonnes.values() if name}
    return next((table for table in tables if wanted <= set(table.colonnes)), tables[0])


def positions_of(table: Tableau, correspondance: CorrespondanceListe) -> dict[str, int]:
    """Where each of our fields stands; a mapped column the file lacks refuses it."""
    wanted = {champ: name for champ, name in correspondance.colonnes.items() if name}
    missing = sorted({name for name in wanted.values() if name not in table.colonnes})
    if missing:
        named = ", ".join(f"« {name} »" for name in missing)
        what = "les colonnes" if len(missing) > 1 else "la colonne"
        raise ImportRefuse(
            f"La correspondance « {correspondance.nom} » attend {what} {named}, "
            f"que le fichier « {table.lu.nom} » n'a pas."
        )
    return {champ: table.colonnes.index(name) for champ, name in wanted.items()}


def check_digits(table: Tableau, position: int) -> None:
    """A spreadsheet that rounded the codes, or ate their zeros, is told in one sentence."""
    cells = [row.cellules[position] for row in table.lignes if position < len(row.cellules)]
    rounded = [cell for cell in cells if colonnes.is_damaged(cell)]
    shortened = [cell for cell in cells if colonnes.lost_digits(cell)]
    name = table.colonnes[position]
    if len(rounded) * 200 > len(cells):
        raise ImportRefuse(
            f"Un tableur a arrondi les codes de la colonne « {name} » "
            f"(« {rounded[0].strip()} », {len(rounded)} fois) : leurs chiffres sont perdus. "
            "Mettez la colonne au format texte, puis collez-y de nouveau les codes d'origine."
        )
    if len(shortened) * 2 > len(cells):
        raise ImportRefuse(
            f"Les codes de la colonne « {name} » ont perdu des chiffres "
            f"(« {shortened[0].strip()} ») : un tableur a sans doute retiré les zéros de tête. "
            "Mettez la colonne au format texte, puis collez-y de nouveau les codes d'origine."
        )


def typed(
    cells: list[str], names: list[str], positions: dict[str, int], format_date: str
) -> LigneListe:
    """Check one row, field by field."""

    def cell(champ: str) -> tuple[str, str]:
        position = positions.get(champ)
        return ("", "") if position is None else (names[position], cells[position].strip())

    ucd7 = ucd7_of(*cell("ucd"))
    column, text = cell("code")
    code = text.upper()
    if not codes.is_indication_code(code):
        raise RowError(column, f"« {text} » n'est pas un code d'indication de ces cadres.")
    debut, fin = day_of(*cell("debut"), format_date), day_of(*cell("fin"), format_date)
    if debut and fin and fin < debut:
        raise RowError(cell("fin")[0], f"La fin ({fin}) précède le début ({debut}).")
    column, text = cell("cadre")
    framework = colonnes.cadre_of(text) if text else None
    if text and framework is None:
        raise RowError(column, f"« {text[:60]} » n'est pas un cadre connu.")
    libelle_ucd = short(cell("libelle_ucd")[0], cell("libelle_ucd")[1], 200)
    return LigneListe(ucd7, libelle_ucd, code, cell("libelle")[1], debut, fin, framework)


def format_of(texts: Iterable[str]) -> str:
    """The format most of these dates are written in; ISO when none is."""
    filled = [text.strip() for text in texts if text.strip()]
    counts = {
        name: sum(bool(re.fullmatch(pattern, text)) for text in filled)
        for name, (pattern, _) in FORMATS_DATE.items()
    }
    return max(counts, key=lambda name: counts[name])


def ucd7_of(column: str, text: str) -> str:
    """A UCD 7 as it is, or the one a UCD 13 holds; its key must be right."""
    if colonnes.is_damaged(text):
        raise RowError(column, f"« {text} » : un tableur a arrondi ce code.")
    ucd7 = text[5:12] if len(text) == 13 and text.startswith(codes.UCD_PREFIX) else text
    if len(text) == 13 and (not codes.is_ucd7(ucd7) or text != codes.ucd13_of(ucd7)):
        raise RowError(column, f"« {text} » n'est pas un code UCD à 13 chiffres.")
    if not codes.is_ucd7(ucd7):
        raise RowError(column, f"« {text[:40]} » n'est pas un code UCD à 7 ou 13 chiffres.")
    return ucd7


def day_of(column: str, text: str, format_date: str) -> date | None:
    """A day in the list's own format, or in ISO as a workbook gives it."""
    bare = _MIDNIGHT.sub("", text)
    if not bare:
        return None
    for name in (format_date, "AAAA-MM-JJ"):
        pattern, (year, month, day) = FORMATS_DATE[name]
        match = re.fullmatch(pattern, bare)
        if match is None:
            continue
        try:
            century = 2000 if len(match[year]) == 2 else 0
            found = date(century + int(match[year]), int(match[month]), int(match[day]))
        except ValueError:
            break
        if EARLIEST <= found < LATEST:
            return found
        raise RowError(column, f"« {bare} » est hors des années 1990 à 2099.")
    raise RowError(column, f"« {bare[:40]} » n'est pas une date {format_date}.")


def rejets_as_json(rejets: list[Rejet]) -> list[dict[str, object]]:
    """Rows set aside, as a review keeps them."""
    return [
        {
            "fichier": rejet.fichier,
            "ligne": rejet.ligne,
            "colonne": rejet.colonne,
            "raison": rejet.raison,
            "contenu": rejet.contenu,
        }
        for rejet in rejets
    ]
