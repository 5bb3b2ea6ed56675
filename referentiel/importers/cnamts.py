"""CNAMTS table UCD_TOT: one UCD a row (laboratory, form, ATC, restrictions), and its prices.

Tabulated with a header; `NA` stands for a missing value.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from referentiel.importers import base, completions, tables
from referentiel.importers.base import Lot
from referentiel.importers.completions import Mentions
from referentiel.importers.differences import Bilan, ListDifference, TableDifference
from referentiel.importers.values import RowError, iso_date, point_price, short, ucd7_code
from referentiel.models import ImportRun, PrixUcd, UcdCnamts
from referentiel.states import SourceImport

UCD, PRIX = "ucd", "prix"
# Prescription restrictions of the table, O or N, and the dates and codes kept as read.
KEPT = (
    "code_ucd_precedent",
    "code_ucd_suivant",
    "top_inscription",
    "date_maj",
    "conditionnement",
    "etat",
    "rh",
    "ph",
    "pih",
    "sp",
    "ps",
    "libelle_atc",
    "dosage",
    "unite_dosage",
    "voie_administration",
)
ATC_SUBSTANCE = 7  # a whole ATC code names one substance; a shorter one names a class


@dataclass(frozen=True)
class LigneUcdCnamts:
    ucd7: str
    libelle: str
    laboratoire: str
    forme: str
    atc: str
    maj: date | None
    brut: dict[str, str] = field(hash=False)


@dataclass(frozen=True)
class LignePrix:
    ucd7: str
    liste: str
    debut: date
    prix_ht: Decimal | None
    prix_ttc: Decimal | None


def _bare(text: str) -> str:
    text = text.strip()
    return "" if text == "NA" else text


def typed_ucd(cells: dict[str, str]) -> LigneUcdCnamts:
    """One UCD as the CNAMTS describes it."""
    libelle = short("libelle_long_ucd", _bare(cells["libelle_long_ucd"]), 200)
    if not libelle:
        raise RowError("libelle_long_ucd", "Le libellé manque.")
    return LigneUcdCnamts(
        ucd7_code("code_ucd", cells["code_ucd"]),
        libelle,
        short("laboratoire", _bare(cells["laboratoire"]), 200),
        short("libelle_forme", _bare(cells["libelle_forme"]), 200),
        short("code_atc", _bare(cells["code_atc"]), 10),
        iso_date("date_maj", _bare(cells["date_maj"])),
        {name: text for name in KEPT if (text := _bare(cells.get(name, "")))},
    )


def typed_prix(cells: dict[str, str]) -> LignePrix:
    """One price of one UCD on one list, from a day on."""
    debut = iso_date("date_application", _bare(cells["date_application"]))
    if debut is None:
        raise RowError("date_application", "La date d'application manque.")
    return LignePrix(
        ucd7_code("code_ucd", cells["code_ucd"]),
        short("top_liste", _bare(cells["top_liste"]), 10),
        debut,
        point_price("prix_fht", cells["prix_fht"]),
        point_price("prix_ttc", cells["prix_ttc"]),
    )


GENRES = {
    PRIX: tables.Genre(
        ("code_ucd", "date_application", "top_liste", "prix_fht", "prix_ttc"),
        typed_prix,
        lambda row: (row.ucd7, row.debut, row.liste),
    ),
    UCD: tables.Genre(
        ("code_ucd", "laboratoire", "libelle_long_ucd", "libelle_forme", "code_atc", *KEPT),
        typed_ucd,
        lambda row: row.ucd7,
    ),
}


def parse(path: Path) -> Lot:
    """Read the table, its prices, or the folder that holds both."""
    lot = tables.parse(path, SourceImport.CNAMTS, GENRES, "la table UCD de la CNAMTS", tabs=True)
    lot.version_contenu = lot.version_contenu or base.latest_month(
        [row.maj for row in lot.lignes.get(UCD, [])]
        + [row.debut for row in lot.lignes.get(PRIX, [])]
    )
    return lot


def apply(lot: Lot, run: ImportRun, version: str) -> Bilan:
    """Write what the lot holds, then complete the mentions that no other source gave."""
    bilan = Bilan()
    if UCD in lot.lignes:
        bilan += apply_ucd(lot, run, version)
    if PRIX in lot.lignes:
        bilan += apply_prix(lot, run, version)
    mentions = mentions_of(lot.lignes.get(UCD, []))
    bilan.ecarts += completions.complete(mentions, f"CNAMTS, table UCD {version}", run)
    return bilan


def apply_ucd(lot: Lot, run: ImportRun, version: str) -> Bilan:
    """Write the UCD of the table: added, changed, missing from it."""
    names = ("libelle", "laboratoire", "forme", "atc", "brut")
    difference = TableDifference(UcdCnamts, run=run, key="ucd7", names=names)
    rows: list[LigneUcdCnamts] = lot.lignes[UCD]
    for row in rows:
        difference.put_row(row.ucd7, row.libelle, row.laboratoire, row.forme, row.atc, row.brut)
    return difference.finish(version, lot.held(UCD))


def apply_prix(lot: Lot, run: ImportRun, version: str) -> Bilan:
    """Write the prices; the table says on which of its lists each one stands."""
    prices = PrixUcd.objects.filter(source=SourceImport.CNAMTS)
    stored = {f"{row.ucd7}/{row.nature}/{row.debut}": row for row in prices}
    difference = ListDifference(PrixUcd, stored, run=run)
    rows: list[LignePrix] = lot.lignes[PRIX]
    for row in rows:
        nature = f"liste {row.liste}" if row.liste else ""
        identity = f"{row.ucd7}/{nature}/{row.debut}"
        difference.put_row(
            identity,
            {"prix_ht": row.prix_ht, "prix_ttc": row.prix_ttc},
            ucd7=row.ucd7,
            nature=nature,
            debut=row.debut,
            source=SourceImport.CNAMTS.value,
        )
    return difference.finish(version, lot.held(PRIX))


def mentions_of(rows: Iterable[LigneUcdCnamts]) -> dict[str, Mentions]:
    """Laboratory and ATC of each UCD; a whole ATC code gives its substance too."""
    found = completions.Recueil()
    for row in rows:
        dci = row.brut.get("libelle_atc", "") if len(row.atc) == ATC_SUBSTANCE else ""
        atc = row.atc if len(row.atc) == ATC_SUBSTANCE else ""
        found.add(row.ucd7, dci=dci, laboratoire=row.laboratoire, atc=atc)
    return found.single()
