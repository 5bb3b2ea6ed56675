"""The other files of the BDPM folder, each optional: shortages, major interest, groups, HAS.

A file that is not in the folder leaves its table as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from referentiel.importers.base import Lot
from referentiel.importers.differences import Bilan, ListDifference, TableDifference
from referentiel.importers.values import RowError, bad_code, cis_code, french_date, short
from referentiel.models import AvisHas, Disponibilite, GroupeGenerique, ImportRun, Mitm
from referentiel.rules import codes

GENER, MITM = "CIS_GENER_bdpm.txt", "CIS_MITM.txt"
DISPO, LIENS = "CIS_CIP_Dispo_Spec.txt", "HAS_LiensPageCT_bdpm.txt"
SMR, ASMR = "CIS_HAS_SMR_bdpm.txt", "CIS_HAS_ASMR_bdpm.txt"
GENRES = {SMR: "SMR", ASMR: "ASMR"}
_AVIS = ("cis", "dossier_has", "motif", "date_avis", "valeur", "libelle")
COLUMNS: dict[str, tuple[str, ...]] = {
    DISPO: ("cis", "cip13", "statut", "libelle", "debut", "mise_a_jour", "remise", "lien"),
    MITM: ("cis", "atc", "denomination", "lien"),
    GENER: ("groupe", "libelle", "cis", "type", "ordre"),
    SMR: _AVIS,
    ASMR: _AVIS,
    LIENS: ("dossier_has", "lien"),
}
# The label of a status is written in two ways: its number tells it.
STATUTS = {
    "1": "Rupture de stock",
    "2": "Tension d'approvisionnement",
    "3": "Arrêt de commercialisation",
    "4": "Remise à disposition",
}
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_URL = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True)
class LigneDispo:
    cis: str
    cip13: str
    statut: str
    libelle: str
    debut: date | None
    mise_a_jour: date | None
    remise: date | None
    lien: str


@dataclass(frozen=True)
class LigneMitm:
    cis: str
    atc: str
    denomination: str
    lien: str


@dataclass(frozen=True)
class LigneGroupe:
    groupe: str
    libelle: str
    cis: str
    type: str
    ordre: int


@dataclass(frozen=True)
class LigneAvis:
    cis: str
    dossier_has: str
    motif: str
    date_avis: date | None
    valeur: str
    libelle: str


@dataclass(frozen=True)
class LigneLien:
    dossier_has: str
    lien: str


def _link(text: str) -> str:
    link = short("lien", text, 500)
    if link and not _URL.fullmatch(link):
        raise RowError("lien", f"« {link[:60]} » n'est pas une adresse.")
    return link


def typed_dispo(cells: list[str]) -> LigneDispo:
    """One shortage or strain; an empty CIP 13 means every presentation."""
    cip13, statut = cells[1].strip(), cells[2].strip()
    if cip13 and not codes.is_cip13(cip13):
        raise bad_code("cip13", cip13, "un code CIP à 13 chiffres")
    if statut not in STATUTS:
        raise RowError("statut", f"« {statut[:20]} » au lieu de 1, 2, 3 ou 4.")
    return LigneDispo(
        cis_code(cells[0]),
        cip13,
        statut,
        STATUTS[statut],
        french_date("debut", cells[4]),
        french_date("mise_a_jour", cells[5]),
        french_date("remise", cells[6]),
        _link(cells[7]),
    )


def typed_mitm(cells: list[str]) -> LigneMitm:
    """One medicine of major therapeutic interest."""
    atc = short("atc", cells[1], 10)
    return LigneMitm(cis_code(cells[0]), atc, short("denomination", cells[2], 500), _link(cells[3]))


def typed_groupe(cells: list[str]) -> LigneGroupe:
    """The place of a speciality in a generic group: 0 reference, 1, 2 and 4 generics."""
    groupe, kind, rank = cells[0].strip(), cells[3].strip(), cells[4].strip()
    if not re.fullmatch(r"[0-9]{1,12}", groupe):
        raise RowError("groupe", f"« {groupe[:40]} » n'est pas un numéro de groupe.")
    if kind not in ("0", "1", "2", "4"):
        raise RowError("type", f"« {kind[:20]} » au lieu de 0, 1, 2 ou 4.")
    if not re.fullmatch(r"[0-9]{0,6}", rank):
        raise RowError("ordre", f"« {rank[:20]} » n'est pas un rang.")
    libelle = short("libelle", cells[1], 500)
    return LigneGroupe(groupe, libelle, cis_code(cells[2]), kind, int(rank or 0))


def typed_avis(cells: list[str]) -> LigneAvis:
    """One opinion; its text keeps the `<br>` of the file."""
    match = _COMPACT.fullmatch(cells[3].strip())
    try:
        day = date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        match = day = None
    if match is None and cells[3].strip():
        raise RowError("date_avis", f"« {cells[3].strip()[:20]} » n'est pas une date AAAAMMJJ.")
    return LigneAvis(
        cis_code(cells[0]),
        short("dossier_has", cells[1], 20),
        short("motif", cells[2], 200),
        day,
        short("valeur", cells[4], 60),
        cells[5].strip(),
    )


def typed_lien(cells: list[str]) -> LigneLien:
    """The page of one HAS file."""
    return LigneLien(short("dossier_has", cells[0], 20), _link(cells[1]))


TYPED: dict[str, Callable[[list[str]], Any]] = {
    DISPO: typed_dispo,
    MITM: typed_mitm,
    GENER: typed_groupe,
    SMR: typed_avis,
    ASMR: typed_avis,
    LIENS: typed_lien,
}
KEYS: dict[str, Callable[[Any], Any]] = {
    MITM: lambda r: r.cis,
    GENER: lambda r: (r.groupe, r.cis),
}


def apply(lot: Lot, run: ImportRun, version: str) -> Bilan:
    """Write every file that was in the folder."""
    bilan = Bilan()
    if DISPO in lot.lignes:
        bilan += apply_dispo(lot, run, version)
    if MITM in lot.lignes:
        bilan += apply_mitm(lot, run, version)
    if GENER in lot.lignes:
        bilan += apply_groupes(lot, run, version)
    liens: dict[str, str] = {}
    for row in lot.lignes.get(LIENS, []):
        liens.setdefault(row.dossier_has, row.lien)
    lot.regroupees += len(lot.lignes.get(LIENS, []))  # each one is a page of an opinion
    for name in GENRES:
        if name in lot.lignes:
            bilan += apply_avis(lot, name, liens, run, version)
    return bilan


def _values(row: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def apply_dispo(lot: Lot, run: ImportRun, version: str) -> Bilan:
    """One row per speciality, box and start; the file repeats some lines."""
    stored = {dispo_key(row): row for row in Disponibilite.objects.all()}
    difference = ListDifference(Disponibilite, stored, run=run)
    rows: list[LigneDispo] = lot.lignes[DISPO]
    once = {dispo_key(row): row for row in rows}
    lot.regroupees += len(rows) - len(once)
    for identity, row in once.items():
        values = _values(row, "statut", "libelle", "mise_a_jour", "remise", "lien")
        difference.put_row(identity, values, **_values(row, "cis", "cip13", "debut"))
    bilan = difference.finish(version, lot.held(DISPO))
    bilan.fermetures = []  # shortages end: a shorter list is no sign of a cut file
    return bilan


def dispo_key(row: LigneDispo | Disponibilite) -> str:
    """What a shortage is known by."""
    return f"{row.cis}/{row.cip13}/{row.debut or ''}"


def apply_mitm(lot: Lot, run: ImportRun, version: str) -> Bilan:
    """One row per speciality."""
    difference = TableDifference(Mitm, run=run, key="cis", names=COLUMNS[MITM][1:])
    rows: list[LigneMitm] = lot.lignes[MITM]
    for row in rows:
        difference.put_row(row.cis, row.atc, row.denomination, row.lien)
    return difference.finish(version, lot.held(MITM))


def apply_groupes(lot: Lot, run: ImportRun, version: str) -> Bilan:
    """One row per group and speciality."""
    stored = {f"{row.groupe}/{row.cis}": row for row in GroupeGenerique.objects.all()}
    difference = ListDifference(GroupeGenerique, stored, run=run)
    rows: list[LigneGroupe] = lot.lignes[GENER]
    for row in rows:
        values = _values(row, "libelle", "type", "ordre")
        difference.put_row(f"{row.groupe}/{row.cis}", values, **_values(row, "groupe", "cis"))
    return difference.finish(version, lot.held(GENER))


def avis_key(row: LigneAvis | AvisHas) -> str:
    """What an opinion is known by: all but its text."""
    return f"{row.cis}/{row.dossier_has}/{row.date_avis or ''}/{row.motif}/{row.valeur}"


def apply_avis(
    lot: Lot, name: str, liens: Mapping[str, str], run: ImportRun, version: str
) -> Bilan:
    """One row per speciality, file, day, reason and value; its page when the links say it."""
    genre = GENRES[name]
    stored = {avis_key(row): row for row in AvisHas.objects.filter(genre=genre)}
    difference = ListDifference(AvisHas, stored, run=run, label=genre)
    rows: list[LigneAvis] = lot.lignes[name]
    once = {avis_key(row): row for row in rows}
    lot.regroupees += len(rows) - len(once)
    for identity, row in once.items():
        values = _values(row, "libelle")
        if row.dossier_has in liens:
            values["lien"] = liens[row.dossier_has]
        created = _values(row, "cis", "dossier_has", "motif", "date_avis", "valeur")
        difference.put_row(identity, values, genre=genre, **created)
    return difference.finish(version, lot.held(name))
