"""DREES SAE, file « ID »: the establishments with MCO beds, and their default billing route."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from referentiel.importers import base
from referentiel.importers.base import Lot
from referentiel.importers.differences import PRESENCE, Bilan, Difference, Held
from referentiel.importers.records import Lu
from referentiel.importers.refusals import ImportRefuse
from referentiel.importers.values import RowError, bad_code, finess_in, short
from referentiel.models import (
    Etablissement,
    ImportRun,
    Organisation,
    TypeOrganisation,
    ValeurRemplacee,
)
from referentiel.rules.departements import REGION_OF, departement_of
from referentiel.rules.routes import FICHCOMP_MODES, RSF_MODES, default_route
from referentiel.states import SourceImport

# Where a hospital comes from; FINESS marks those it refreshed.
SAE, SAE_FINESS = "SAE", "SAE, FINESS"
USED = ("an", "fi", "rs", "fi_ej", "stjr", "catr", "espic", "mft", "sir", "dep", "libcom")
_FINESS = re.compile(r"[0-9]{9}|2[AB][0-9]{7}")
_SIRET = re.compile(r"[0-9]{14}")


@dataclass(frozen=True)
class LigneSae:
    finess: str
    finess_juridique: str
    nom: str
    statut: str
    categorie: str
    espic: str
    mode: str
    siret: str
    departement: str
    ville: str
    annee: str


def organisation_id(finess: str) -> UUID:
    """The same hospital keeps its identifier when the référentiel is loaded again."""
    return uuid5(NAMESPACE_URL, f"placet:etablissement:{finess}")


def typed(cells: dict[str, str]) -> LigneSae:
    """Check one establishment."""
    finess, juridique = cells["fi"].strip().upper(), cells["fi_ej"].strip().upper()
    if not _FINESS.fullmatch(finess):
        raise bad_code("fi", finess, "un numéro FINESS")
    if juridique and not _FINESS.fullmatch(juridique):
        raise bad_code("fi_ej", juridique, "un numéro FINESS")
    nom = short("rs", cells["rs"], 200)
    if not nom:
        raise RowError("rs", "La raison sociale manque.")
    mode = cells["mft"].strip()
    if mode not in FICHCOMP_MODES | RSF_MODES:
        raise RowError("mft", f"« {mode} » n'est pas un mode de tarification connu.")
    siret = cells["sir"].strip()
    if siret and not _SIRET.fullmatch(siret):
        raise RowError("sir", f"« {siret} » n'est pas un numéro SIRET.")
    departement = departement_of(cells["dep"].strip().upper())
    if departement not in REGION_OF:
        raise RowError("dep", f"« {departement} » n'est pas un département.")
    return LigneSae(
        finess=finess,
        finess_juridique=juridique,
        nom=nom,
        statut=short("stjr", cells["stjr"], 2),
        categorie=short("catr", cells["catr"], 10),
        espic=short("espic", cells["espic"], 2),
        mode=mode,
        siret=siret,
        departement=departement,
        ville=short("libcom", cells["libcom"], 80),
        annee=short("an", cells["an"], 4),
    )


def check_header(lu: Lu, names: list[str]) -> list[str]:
    """The columns of the « ID » file; the sister files of the survey are another layout."""
    missing = [name for name in USED if name not in names]
    if missing and {"fi", "rs", "lit_mco"} <= set(names):
        raise ImportRefuse(
            f"« {lu.nom} » est le fichier d'activité MCO de la SAE : "
            "donnez le fichier d'identité (SAE « ID »)."
        )
    if missing:
        raise ImportRefuse(
            f"Le fichier « {lu.nom} » n'a pas les colonnes de la SAE « ID » : "
            f"il manque {', '.join(missing)}."
        )
    return names


def parse(path: Path) -> Lot:
    """Read the establishments; the year of the survey is in the file."""
    lot, lu, names, records = base.table_of(path, SourceImport.SAE, check_header)
    kept: list[LigneSae] = base.collect(
        lot,
        lu,
        records,
        lambda cells: typed(dict(zip(names, cells, strict=True))),
        columns=names,
        key=lambda row: row.finess,
        marks=(finess_in,),
    )
    lot.version_contenu = max((row.annee for row in kept), default="")
    lot.version_certaine = True
    return lot


def apply(lot: Lot, run: ImportRun, version: str) -> Bilan:
    """Write hospitals; a billing route typed by a person stays as it is."""
    hospitals_known = hospitals_by_finess()
    stored = dict(hospitals_known)
    organisations = Difference(Organisation, run=run, label="Etablissement")
    hospitals = Difference(Etablissement, run=run)
    for row in lot.lignes[lot.nom]:
        known = stored.pop(row.finess, None)
        organisation = organisations.put(
            known.organisation if known else None,
            row.finess,
            {} if refreshed(known) else {"nom": row.nom, "region": REGION_OF[row.departement]},
            id=organisation_id(row.finess),
            type=TypeOrganisation.ETABLISSEMENT,
        )
        hospitals.put(
            known,
            row.finess,
            hospital_values(row, known),
            organisation=organisation,
            finess=row.finess,
            source=SAE,
        )
    surveyed = {f: row for f, row in hospitals_known.items() if row.source in (SAE, SAE_FINESS)}
    note_absent(hospitals, surveyed, stored.keys(), version, lot.held(lot.nom))
    organisations.write()
    bilan = hospitals.write()
    renamed = len(organisations.changed_keys - hospitals.changed_keys)
    bilan.modifiees += renamed
    bilan.inchangees -= renamed
    return bilan


def hospitals_by_finess() -> dict[str, Etablissement]:
    """Every hospital of the register, with its organisation."""
    return {row.finess: row for row in Etablissement.objects.select_related("organisation")}


def note_absent(
    hospitals: Difference[Etablissement],
    known: Mapping[str, Etablissement],
    left: Collection[str],
    version: str,
    held: Held,
) -> None:
    """Note once the known hospitals a whole file no longer holds; none is closed by itself."""
    noted = set(
        ValeurRemplacee.objects.filter(objet=hospitals.label, champ=PRESENCE).values_list(
            "cle", flat=True
        )
    )
    standing = known.keys() - noted
    absent = sorted(standing & set(left))
    for finess in hospitals.gone(absent, standing=len(standing), held=held):
        hospitals.note_absence(known[finess], finess, version)


def refreshed(known: Etablissement | None) -> bool:
    """Whether FINESS, fresher than a yearly survey, already says who this hospital is."""
    return known is not None and known.source == SAE_FINESS


def hospital_values(row: LigneSae, known: Etablissement | None) -> dict[str, Any]:
    """The columns of a hospital; the route only when no person typed it."""
    values: dict[str, Any] = {
        "categorie": row.categorie,
        "statut_juridique": row.statut,
        "espic": row.espic,
    }
    if not refreshed(known):
        values |= {
            "finess_juridique": row.finess_juridique,
            "siret": row.siret,
            "mode_tarif": row.mode,
            "departement": row.departement,
            "ville": row.ville,
        }
    if known is None or not known.route_saisie:
        default = default_route(mode=row.mode, statut=row.statut, espic=row.espic)
        values["route_facturation"] = default.route
        values["route_a_confirmer"] = default.a_confirmer
    return values
