"""ATIH list of UCD labels: the reference a gestionnaire picks a UCD from.

It opens no `Specialite`: only the derogatory lists and people do (decision 18).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from referentiel.importers import base
from referentiel.importers.base import Lot
from referentiel.importers.differences import Bilan, TableDifference
from referentiel.importers.records import Lu
from referentiel.importers.refusals import ImportRefuse
from referentiel.importers.values import RowError, short, ucd_in, ucd_pair
from referentiel.models import CodeUcd, ImportRun
from referentiel.rules import codes
from referentiel.states import SourceImport

COLUMNS = ("ucd_7", "ucd_13", "ucd_libelle")


@dataclass(frozen=True)
class LigneUcd:
    ucd7: str
    ucd13: str
    libelle: str


def typed(cells: dict[str, str]) -> LigneUcd:
    """Check one label; the UCD 13 must be the one its UCD 7 gives."""
    ucd7 = ucd_pair(cells)
    libelle = short("ucd_libelle", cells["ucd_libelle"], 200)
    if not libelle:
        raise RowError("ucd_libelle", "Le libellé manque.")
    return LigneUcd(ucd7, codes.ucd13_of(ucd7), libelle)


def check_header(lu: Lu, names: list[str]) -> list[str]:
    """The three columns, in any order."""
    if sorted(names) != sorted(COLUMNS):
        raise ImportRefuse(
            f"Le fichier « {lu.nom} » n'a pas les colonnes de la liste des UCD : "
            f"{', '.join(COLUMNS)}."
        )
    return names


def parse(path: Path) -> Lot:
    """Read the list of labels."""
    lot, lu, names, records = base.table_of(path, SourceImport.UCD, check_header)
    base.collect(
        lot,
        lu,
        records,
        lambda cells: typed(dict(zip(names, cells, strict=True))),
        columns=names,
        key=lambda row: row.ucd7,
        marks=(ucd_in,),
    )
    return lot


def apply(lot: Lot, run: ImportRun, version: str) -> Bilan:
    """Write the labels; one that disappears is kept and marked."""
    difference = TableDifference(CodeUcd, run=run, key="ucd7", names=["ucd13", "libelle"])
    for row in lot.lignes[lot.nom]:
        difference.put_row(row.ucd7, row.ucd13, row.libelle)
    return difference.finish(version, lot.held(lot.nom))
