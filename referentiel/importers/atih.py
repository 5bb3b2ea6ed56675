"""ATIH list AP-AC-CPC: the derogatory UCD and their indication codes, in both its layouts.

The key of a row is the pair (UCD, code). The first letter of the code announces the framework;
the corrections table says where it lies. Rows stay after their end date: the list is a history.
Labels are kept as published, damage included: those of 2021 hold C1 control characters and line
breaks, those of 2024 are cut at 200 characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from referentiel.importers import base, reading
from referentiel.importers.base import Lot
from referentiel.importers.records import Lu
from referentiel.importers.refusals import ImportRefuse
from referentiel.importers.values import (
    RowError,
    bad_code,
    french_date,
    indication_in,
    iso_date,
    short,
    ucd_in,
    ucd_pair,
)
from referentiel.rules import codes
from referentiel.states import SourceImport

COLUMNS = (
    "ucd_7",
    "ucd_13",
    "ucd_libelle",
    "indication",
    "indication_libelle",
    "date_debut",
    "date_fin",
)
# The layout of August 2021: other names, French dates, and the list each row comes from.
RENAMED_2021 = {
    "ucd7": "ucd_7",
    "ucd13": "ucd_13",
    "libelleucd": "ucd_libelle",
    "codeindication": "indication",
    "libelleindication": "indication_libelle",
    "source": "source",
    "datededebut": "date_debut",
    "datedefin": "date_fin",
}
_SOURCE_2021 = re.compile(r"Liste (?:AP|AC|CPC) \d{2}/(\d{2})/(20\d{2})")
PAIR_MARKS = (ucd_in, indication_in)


@dataclass(frozen=True)
class LigneAtih:
    """One (UCD, indication code) pair of a release."""

    ucd7: str
    libelle_ucd: str
    code: str
    libelle: str
    debut: date | None
    fin: date | None


def typed(cells: dict[str, str]) -> LigneAtih:
    """Check one row, column by column; a `source` column announces the layout of 2021."""
    ucd7 = ucd_pair(cells)
    if not codes.is_ucd7(ucd7):
        raise bad_code("ucd_7", ucd7, "un code UCD à 7 chiffres")
    code = cells["indication"].strip()
    if not codes.is_indication_code(code):
        raise RowError("indication", f"« {code} » n'est pas un code d'indication de ces cadres.")
    read_day = french_date if "source" in cells else iso_date
    debut = read_day("date_debut", cells["date_debut"])
    fin = read_day("date_fin", cells["date_fin"])
    if debut and fin and fin < debut:
        raise RowError("date_fin", f"La fin ({fin}) précède le début ({debut}).")
    libelle_ucd = short("ucd_libelle", cells["ucd_libelle"], 200)
    if not libelle_ucd:
        raise RowError("ucd_libelle", "Le libellé de l'UCD manque.")
    if not _SOURCE_2021.match(cells.get("source", "Liste AP 01/08/2021")):
        raise RowError("source", f"« {cells['source'][:40]} » au lieu de « Liste AP 01/08/2021 ».")
    return LigneAtih(ucd7, libelle_ucd, code, cells["indication_libelle"].strip(), debut, fin)


def check_header(lu: Lu, names: list[str]) -> list[str]:
    """The seven columns, or the eight of 2021, in any order; anything else is another layout."""
    if set(names) == set(RENAMED_2021) and len(names) == len(RENAMED_2021):
        return [RENAMED_2021[name] for name in names]
    missing = [name for name in COLUMNS if name not in names]
    if missing or len(names) != len(COLUMNS):
        if (mark := reading.delimiter_of(lu)) != ";" and len(names) == 1:
            raise ImportRefuse(
                f"Le fichier « {lu.nom} » n'a pas les colonnes de la liste AP-AC-CPC : "
                f"elles y sont séparées par {reading.NAMED[mark]}, "
                "la liste officielle l'est par des points-virgules."
            )
        detail = (
            "il manque " + ", ".join(missing)
            if missing
            else f"{len(names)} colonnes au lieu de {len(COLUMNS)}"
        )
        raise ImportRefuse(
            f"Le fichier « {lu.nom} » n'a pas les colonnes de la liste AP-AC-CPC : {detail}."
        )
    return names


def parse(path: Path) -> Lot:
    """Read a release into typed rows and rows set aside."""
    lot, lu, names, records = base.table_of(path, SourceImport.ATIH, check_header)
    old = "source" in names
    kept: list[LigneAtih] = base.collect(
        lot,
        lu,
        records,
        lambda cells: typed(dict(zip(names, cells, strict=True))),
        columns=names,
        key=None if old else _pair,
        marks=PAIR_MARKS,
    )
    if old:
        rows, kept = kept, merged(kept)
        lot.lignes[lu.nom], lot.regroupees = kept, len(rows) - len(kept)
        position = names.index("source")
        lot.version_contenu = max(
            (f"{m[2]}-{m[1]}" for row in records if (m := _dated(row.cellules, position))),
            default="",
        )
        lot.version_certaine = bool(lot.version_contenu)
    elif len(kept) >= base.FULL_RELEASE:
        lot.version_contenu = base.latest_month(row.debut for row in kept)
    return lot


def _dated(cells: list[str], position: int) -> re.Match[str] | None:
    return _SOURCE_2021.match(cells[position]) if position < len(cells) else None


def _pair(row: LigneAtih) -> tuple[str, str]:
    return row.ucd7, row.code


def merged(rows: Iterable[LigneAtih]) -> list[LigneAtih]:
    """In 2021 a pair has one row per wording or period: one remains, its whole period covered.

    The label is the longest; a start or an end that one of the rows leaves open stays open.
    """
    pairs: dict[tuple[str, str], LigneAtih] = {}
    for row in rows:
        held = pairs.setdefault(_pair(row), row)
        if held is row:
            continue
        starts, ends = (held.debut, row.debut), (held.fin, row.fin)
        pairs[_pair(row)] = replace(
            held,
            libelle=max(held.libelle, row.libelle, key=len),
            debut=None if None in starts else min(d for d in starts if d),
            fin=None if None in ends else max(d for d in ends if d),
        )
    return list(pairs.values())
