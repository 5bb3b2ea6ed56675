"""BDPM folder: CIS and CIS_CIP required, every other file used when it is there.

No header, tabs, one encoding per file (windows-1252 or UTF-8, it changes with the years). BDPM has
no UCD code, so its specialities stay in a table of their own.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from referentiel.folding import fold
from referentiel.importers import base, bdpm_suites, reading, values
from referentiel.importers.base import Lot
from referentiel.importers.differences import Bilan, TableDifference
from referentiel.importers.records import Lu
from referentiel.importers.refusals import ImportRefuse
from referentiel.importers.values import RowError, cis_code, french_date, french_price, short
from referentiel.models import ImportRun, Presentation, SpecialiteAmm
from referentiel.rules import codes
from referentiel.rules.noms import brand_of
from referentiel.states import SourceImport

CIS, CIP = "CIS_bdpm.txt", "CIS_CIP_bdpm.txt"
COMPO, CPD = "CIS_COMPO_bdpm.txt", "CIS_CPD_bdpm.txt"
COLUMNS = {
    CIS: (
        "cis",
        "denomination",
        "forme",
        "voies",
        "statut_amm",
        "procedure",
        "etat",
        "date_amm",
        "statut_bdm",
        "numero_europeen",
        "titulaire",
        "surveillance",
    ),
    CIP: (
        "cis",
        "cip7",
        "libelle",
        "statut",
        "etat",
        "date_declaration",
        "cip13",
        "agrement_collectivites",
        "taux",
        "prix",
        "prix_public",
        "honoraire",
        "remboursement",
    ),
    COMPO: (
        "cis",
        "element",
        "code_substance",
        "substance",
        "dosage",
        "reference",
        "nature",
        "numero_lien",
    ),
    CPD: ("cis", "condition"),
    **bdpm_suites.COLUMNS,
}
_OUI_NON = {"oui": True, "non": False}


class LigneCis(NamedTuple):
    cis: str
    denomination: str
    forme: str
    voies: str
    statut_amm: str
    procedure: str
    etat: str
    date_amm: date | None
    statut_bdm: str
    numero_europeen: str
    titulaire: str
    surveillance: bool


class LigneCip(NamedTuple):
    cis: str
    cip7: str
    libelle: str
    statut: str
    etat: str
    date_declaration: date | None
    cip13: str
    agrement_collectivites: bool | None
    taux: str
    prix: Decimal | None
    prix_public: Decimal | None
    honoraire: Decimal | None
    remboursement: str


class LigneCompo(NamedTuple):
    cis: str
    element: str
    code_substance: str
    substance: str
    dosage: str
    reference: str
    nature: str
    numero_lien: str

    def as_json(self) -> dict[str, str]:
        return dict(zip(COLUMNS[COMPO][1:], self[1:], strict=True))


class LigneCpd(NamedTuple):
    cis: str
    condition: str


def typed_cis(cells: list[str]) -> LigneCis:
    """One speciality; the holder's leading blank is trimmed."""
    surveillance = cells[11].strip().lower()
    if surveillance not in _OUI_NON:
        raise RowError("surveillance", f"« {cells[11].strip()} » au lieu de Oui ou Non.")
    denomination = short("denomination", cells[1], 500)
    if not denomination:
        raise RowError("denomination", "La dénomination manque.")
    return LigneCis(
        cis_code(cells[0]),
        denomination,
        short("forme", cells[2], 300),
        short("voies", cells[3], 300),
        short("statut_amm", cells[4], 60),
        short("procedure", cells[5], 80),
        short("etat", cells[6], 60),
        french_date("date_amm", cells[7]),
        short("statut_bdm", cells[8], 60),
        short("numero_europeen", cells[9], 60),
        short("titulaire", cells[10], 300),
        _OUI_NON[surveillance],
    )


def typed_cip(cells: list[str]) -> LigneCip:
    """One presentation; its CIP 13 is checked, its CIS may be absent from the CIS file."""
    cip7, cip13 = cells[1].strip(), cells[6].strip()
    if not codes.is_cip13(cip13):
        raise RowError("cip13", f"« {cip13} » n'est pas un code CIP à 13 chiffres.")
    if cip13[5:12] != cip7:
        raise RowError("cip7", f"« {cip7} » n'est pas le code CIP 7 de {cip13}.")
    return LigneCip(
        cis_code(cells[0]),
        cip7,
        short("libelle", cells[2], 500),
        short("statut", cells[3], 60),
        short("etat", cells[4], 100),
        french_date("date_declaration", cells[5]),
        cip13,
        _OUI_NON.get(cells[7].strip().lower()),
        short("taux", cells[8], 30).replace(" %", "%"),
        french_price("prix", cells[9]),
        french_price("prix_public", cells[10]),
        french_price("honoraire", cells[11]),
        cells[12].strip(),
    )


def typed_compo(cells: list[str]) -> LigneCompo:
    """One substance of a speciality: SA active substance, FT (or ST) therapeutic fraction."""
    return LigneCompo(cis_code(cells[0]), *(cell.strip() for cell in cells[1:]))


def typed_cpd(cells: list[str]) -> LigneCpd:
    """One prescription condition."""
    return LigneCpd(cis_code(cells[0]), cells[1].strip())


TYPED: dict[str, Callable[[list[str]], Any]] = {
    CIS: typed_cis,
    CIP: typed_cip,
    COMPO: typed_compo,
    CPD: typed_cpd,
    **bdpm_suites.TYPED,
}
# What a row set aside is searched for, when it is not its CIS alone.
MARKS = {CIP: (values.cip13_in,), bdpm_suites.GENER: (lambda cell: "", values.cis_in)}
KEYS: dict[str, Callable[[Any], Any]] = {
    CIS: lambda r: r.cis,
    CIP: lambda r: r.cip13,
    **bdpm_suites.KEYS,
}


def find(folder: Path, name: str) -> Path | None:
    """The file of that name in the folder, whatever its case, compressed or not."""
    wanted = {name.lower(), f"{name.lower()}.gz"}
    return next((p for p in sorted(folder.iterdir()) if p.name.lower() in wanted), None)


def parse(folder: Path) -> Lot:
    """Read the files of the folder; the checksum covers them all."""
    if not folder.exists():
        raise ImportRefuse(f"Le dossier « {folder} » n'existe pas.")
    if not folder.is_dir():
        raise ImportRefuse(
            f"« {folder} » est un fichier : donnez le dossier qui contient {CIS} et {CIP}."
        )
    paths = {name: find(folder, name) for name in COLUMNS}
    missing = [name for name in (CIS, CIP) if paths[name] is None]
    if missing:
        raise ImportRefuse(f"Le dossier « {folder.name} » ne contient pas {' ni '.join(missing)}.")
    lot = Lot(SourceImport.BDPM, folder.name, "")
    sums = []
    for name, path in paths.items():
        if path is not None:
            sums.append(parse_file(lot, name, path).sha256)
    lot.sha256 = sums[0] if len(sums) == 1 else hashlib.sha256("".join(sums).encode()).hexdigest()
    dates = [row.date_amm for row in lot.lignes[CIS]]
    dates += [row.date_declaration for row in lot.lignes[CIP]]
    if len(lot.lignes[CIS]) >= base.FULL_RELEASE:
        lot.version_contenu = base.latest_month(dates)
    return lot


def parse_file(lot: Lot, name: str, path: Path) -> Lu:
    """Read one file; most rows must have its number of fields, else it is another layout."""
    read = reading.read(path)
    lu = Lu(name, read.texte, read.sha256, read.encodage)
    records = list(reading.tab_rows(lu))
    columns = COLUMNS[name]
    if records:
        good = sum(len(row.cellules) == len(columns) for row in records)
        if good * 2 < len(records):
            raise ImportRefuse(
                f"Le fichier « {name} » n'a pas la forme attendue : "
                f"{len(columns)} champs séparés par des tabulations."
            )
        reading.check_last_line(lu, records[-1], columns=len(columns))
    base.collect(
        lot,
        lu,
        records,
        TYPED[name],
        columns=columns,
        key=KEYS.get(name),
        marks=MARKS.get(name, (values.cis_in,)),
    )
    return lu


def apply(lot: Lot, run: ImportRun, version: str) -> Bilan:
    """Write specialities (with their composition and conditions), presentations, the others."""
    bilan = apply_specialities(lot, run, version) + apply_presentations(lot, run, version)
    return bilan + bdpm_suites.apply(lot, run, version)


def apply_specialities(lot: Lot, run: ImportRun, version: str) -> Bilan:
    """Write the specialities of a release: added, changed, missing from it."""
    compositions: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in lot.lignes.get(COMPO, []):
        compositions[row.cis].append(row.as_json())
    conditions: dict[str, list[str]] = defaultdict(list)
    for row in lot.lignes.get(CPD, []):
        conditions[row.cis].append(row.condition)
    lot.regroupees += len(lot.lignes.get(COMPO, [])) + len(lot.lignes.get(CPD, []))
    names = [*COLUMNS[CIS][1:], "marque"]
    names += ["composition", "substances"] * (COMPO in lot.lignes)
    names += ["conditions"] * (CPD in lot.lignes)
    folded = lru_cache(maxsize=None)(fold)  # a substance is named by many specialities
    difference = TableDifference(SpecialiteAmm, run=run, key="cis", names=names)
    for row in lot.lignes[CIS]:
        values: list[Any] = [*row[1:], brand_of(row.denomination)[:300]]
        if COMPO in lot.lignes:
            composition = difference.in_order(row.cis, "composition", compositions[row.cis])
            values.append(composition)
            substances = dict.fromkeys(folded(part["substance"]) for part in composition)
            values.append("|".join(substances))
        if CPD in lot.lignes:
            values.append(difference.in_order(row.cis, "conditions", conditions[row.cis]))
        difference.put_row(row.cis, *values)
    return difference.finish(version, lot.held(CIS))


def apply_presentations(lot: Lot, run: ImportRun, version: str) -> Bilan:
    """Write the presentations of a release: added, changed, missing from it."""
    place = COLUMNS[CIP].index("cip13")
    names = [name for name in COLUMNS[CIP] if name != "cip13"]
    difference = TableDifference(Presentation, run=run, key="cip13", names=names)
    for row in lot.lignes[CIP]:
        difference.put_row(row.cip13, *row[:place], *row[place + 1 :])
    return difference.finish(version, lot.held(CIP))
