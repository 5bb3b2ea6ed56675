"""FINESS, extraction of the establishments (etalab cs1100502): no header, 32 fields a line.

The register holds the hospitals that treat (SAE): FINESS refreshes those it knows, and opens no
other — nursing homes, laboratories and pharmacies fill most of the file. Its tariff codes are not
those of the survey: only the three whose meaning is established are read (decision 29).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from referentiel.importers import base, reading
from referentiel.importers.base import Lot
from referentiel.importers.differences import Bilan, Difference
from referentiel.importers.records import Ligne, Lu
from referentiel.importers.refusals import ImportRefuse
from referentiel.importers.sae import SAE, SAE_FINESS, hospitals_by_finess, note_absent
from referentiel.importers.values import RowError, bad_code, finess_in, iso_date, short
from referentiel.models import Etablissement, ImportRun, Organisation
from referentiel.rules.departements import REGION_OF, departement_of
from referentiel.states import SourceImport

MARK = "structureet"
COLUMNS = (
    "structureet",
    "nofinesset",
    "nofinessej",
    "rs",
    "rslongue",
    "complrs",
    "compldistrib",
    "numvoie",
    "typvoie",
    "voie",
    "compvoie",
    "lieuditbp",
    "commune",
    "departement",
    "libdepartement",
    "ligneacheminement",
    "telephone",
    "telecopie",
    "categetab",
    "libcategetab",
    "categagretab",
    "libcategagretab",
    "siret",
    "codeape",
    "codemft",
    "libmft",
    "codesph",
    "libsph",
    "dateouv",
    "dateautor",
    "datemaj",
    "numuai",
)
# FINESS tariff mode → that of the SAE, for the three compared without exception.
MODES = {"03": "0", "04": "1", "07": "4"}
FULL_RELEASE = 20_000  # a short extract says nothing of what closed
_FINESS = re.compile(r"[0-9][0-9A-Z][0-9]{7}")
_DEPARTEMENT = re.compile(r"[0-9][0-9A-Z]")
_ACHEMINEMENT = re.compile(r"[0-9]{5} (.{1,40})")


@dataclass(frozen=True)
class LigneFiness:
    finess: str
    finess_juridique: str
    nom: str
    siret: str
    departement: str
    ville: str
    mode: str
    maj: date | None


def typed(cells: dict[str, str]) -> LigneFiness:
    """Check one establishment."""
    if cells["structureet"] != MARK:
        raise RowError("structureet", f"« {cells['structureet'][:40]} » au lieu de « {MARK} ».")
    finess, juridique = cells["nofinesset"].strip(), cells["nofinessej"].strip()
    if not _FINESS.fullmatch(finess):
        raise bad_code("nofinesset", finess, "un numéro FINESS")
    if not _FINESS.fullmatch(juridique):
        raise bad_code("nofinessej", juridique, "un numéro FINESS")
    nom = short("rs", cells["rslongue"] or cells["rs"], 200)
    if not nom:
        raise RowError("rs", "La raison sociale manque.")
    siret = cells["siret"].strip()
    if siret and not re.fullmatch(r"[0-9]{14}", siret):
        raise bad_code("siret", siret, "un numéro SIRET")
    code = cells["departement"].strip().upper()
    if not _DEPARTEMENT.fullmatch(code):
        raise bad_code("departement", code, "un code de département")
    town = _ACHEMINEMENT.match(cells["ligneacheminement"].strip())
    return LigneFiness(
        finess,
        juridique,
        nom,
        siret,
        departement_of(code),
        town[1].strip() if town else "",
        MODES.get(cells["codemft"].strip(), ""),
        iso_date("datemaj", cells["datemaj"]),
    )


def parse(path: Path) -> Lot:
    """Read the extraction; its first line tells its date."""
    lu = reading.read(path)
    rows = list(reading.csv_rows(lu))
    lot = Lot(SourceImport.FINESS, lu.nom, lu.sha256)
    lot.version_contenu, lot.version_certaine = version_of(lu, rows), True
    records = rows[1:]
    if records:
        reading.check_last_line(lu, records[-1], columns=len(COLUMNS))
    base.collect(
        lot,
        lu,
        records,
        lambda cells: typed(dict(zip(COLUMNS, cells, strict=True))),
        columns=COLUMNS,
        key=lambda row: row.finess,
        marks=(finess_in,),
    )
    return lot


def version_of(lu: Lu, rows: list[Ligne]) -> str:
    """`finess;etalab;<version>;<date>`: anything else is not this extraction."""
    first = rows[0].cellules if rows else []
    if first[:2] != ["finess", "etalab"] or len(first) != 4:
        raise ImportRefuse(
            f"Le fichier « {lu.nom} » n'est pas l'extraction FINESS des établissements : "
            "sa première ligne doit commencer par « finess;etalab »."
        )
    second = rows[1].cellules if len(rows) > 1 else []
    if second and second[0] != MARK:
        raise ImportRefuse(
            f"Le fichier « {lu.nom} » est une autre extraction FINESS (« {second[0][:40]} ») : "
            "donnez celle des établissements (etalab-cs1100502)."
        )
    try:
        return date.fromisoformat(first[3].strip()).isoformat()[:7]
    except ValueError:
        raise ImportRefuse(
            f"Le fichier « {lu.nom} » ne dit pas sa date (« {first[3][:40]} »)."
        ) from None


def apply(lot: Lot, run: ImportRun, version: str) -> Bilan:
    """Refresh the hospitals the register knows; those of a full release that closed are noted."""
    stored = hospitals_by_finess()
    organisations = Difference(Organisation, run=run, label="Etablissement")
    hospitals = Difference(Etablissement, run=run)
    seen = set()
    for row in lot.lignes[lot.nom]:
        known = stored.get(row.finess)
        if known is None:
            lot.ignorees += 1
            continue
        seen.add(row.finess)
        region = REGION_OF.get(row.departement, known.organisation.region)
        organisations.put(known.organisation, row.finess, {"nom": row.nom, "region": region})
        hospitals.put(known, row.finess, hospital_values(row, known))
    if lot.total >= FULL_RELEASE:
        left = stored.keys() - seen
        note_absent(hospitals, stored, left, version, lot.held(lot.nom))
    bilan = organisations.write()
    counted = hospitals.write()
    bilan.ecarts += counted.ecarts
    bilan.modifiees = len(organisations.changed_keys | hospitals.changed_keys)
    bilan.inchangees = len(seen) - bilan.modifiees
    bilan.fermees, bilan.retenues = counted.fermees, counted.retenues
    bilan.fermetures = counted.fermetures
    return bilan


def hospital_values(row: LigneFiness, known: Etablissement) -> dict[str, Any]:
    """What FINESS says better than the yearly survey; the billing route is never touched."""
    values = {
        "finess_juridique": row.finess_juridique,
        "departement": row.departement,
        "siret": row.siret,
        "ville": row.ville,
        "mode_tarif": row.mode,
        "source": SAE_FINESS if known.source == SAE else known.source,
    }
    return {name: value for name, value in values.items() if value}
