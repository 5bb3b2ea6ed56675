"""Writing of an ATIH release, or of the accepted pairs of any list: cadres and indication codes.

Each code that is not generic opens a
`Cadre` of that product; generic codes (`NXXXX0n`) stay billing codes of the UCD. What a person
typed is left alone, and a pair the newer release no longer holds is kept and marked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from referentiel.importers.atih import LigneAtih
from referentiel.importers.atih_specialites import stable_id, write_specialites
from referentiel.importers.base import Lot
from referentiel.importers.differences import Bilan, Difference, Ecart, is_dry
from referentiel.importers.shipped import sync_corrections
from referentiel.models import Cadre, CodeIndication, ImportRun, Specialite
from referentiel.rules import codes
from referentiel.rules.libelles import whole_of
from referentiel.states import STATUT_IMPORTE, CadreSource, GenreLigneRevue, TypeCadre


@dataclass(frozen=True)
class Origine:
    """The framework of a pair and how it was decided."""

    framework: TypeCadre
    source: CadreSource


Pair = tuple[str, str]
Stored = dict[tuple[str | None, str], CodeIndication]


def apply(
    lot: Lot, run: ImportRun, version: str, day: date, only: Collection[Pair] | None = None
) -> Bilan:
    """Write a release over what is stored; `day` dates the absences when no version is known.

    With `only`, the pairs (UCD, code) a person accepted are written or closed, and no other.
    """
    listed: list[LigneAtih] = lot.lignes[lot.nom]
    rows = [row for row in listed if only is None or (row.ucd7, row.code) in only]
    register = list(Specialite.objects.select_related("produit").order_by())
    specialites, named = write_specialites(rows, listed, register, run)
    origins = origins_of(rows, save=not is_dry(run))
    stored = stored_codes(register)
    difference = Difference(CodeIndication, run=run, frozen="champs_saisis")
    gone = gone_from(lot, stored, only, difference)
    groups = grouped(rows, specialites)
    if only is not None:
        add_standing(groups, rows, gone, stored)
    cadres, opened = write_cadres(groups, origins, run)
    for row in rows:
        generic = codes.is_generic_code(row.code)
        cadre = None if generic else cadres[specialites[row.ucd7].produit_id, row.code]
        known = stored.get((row.ucd7, row.code))
        difference.put(
            known,
            f"{row.ucd7}/{row.code}",
            code_values(row, origins[row.ucd7, row.code], cadre, known),
            id=stable_id("code", row.ucd7, row.code),
            specialite=specialites[row.ucd7],
            code=row.code,
            generique=generic,
        )
    since = absent_since(version, day)
    for code in gone:
        absence = {"absente_version": version[:10], "absente_depuis": since}
        difference.close(code, f"{code.specialite.ucd7}/{code.code}", absence, version)
    bilan = difference.write()
    alive: set[UUID | None] = {cadre.pk for cadre in cadres.values()}
    alive |= {code.cadre_id for code in stored.values() if not code.absente_version}
    bilan.ecarts += named.ecarts + opened.ecarts + close_cadres(gone, alive, since, run)
    return bilan


def stored_codes(register: Iterable[Specialite]) -> Stored:
    """Every pair of the register, tied to the specialities already read."""
    by_pk = {specialite.pk: specialite for specialite in register}
    found: Stored = {}
    for code in CodeIndication.objects.order_by():
        code.specialite = by_pk[code.specialite_id]
        found[code.specialite.ucd7, code.code] = code
    return found


def gone_from(
    lot: Lot,
    stored: Stored,
    only: Collection[Pair] | None,
    difference: Difference[CodeIndication],
) -> list[CodeIndication]:
    """The pairs that stand and that the release no longer holds; those accepted, with `only`."""
    named = {f"{row.ucd7}/{row.code}" for row in lot.lignes[lot.nom]}
    standing = {
        f"{pair[0]}/{pair[1]}": code
        for pair, code in stored.items()
        if not code.absente_version and not code.saisi and (only is None or pair in only)
    }
    absent = [identity for identity in standing if identity not in named]
    closed = difference.gone(absent, standing=len(standing), held=lot.held(lot.nom))
    return [standing[identity] for identity in closed]


def code_values(
    row: LigneAtih, origin: Origine, cadre: Cadre | None, known: CodeIndication | None
) -> dict[str, Any]:
    """What the list says of one (UCD, code) pair; a label it cuts short stays whole."""
    return {
        "libelle": whole_of(known.libelle, row.libelle) if known else row.libelle,
        "debut": row.debut,
        "fin": row.fin,
        "cadre_type": origin.framework.value,
        "source": origin.source.value,
        "cadre_id": cadre.pk if cadre else None,
        "absente_version": "",
        "absente_depuis": None,
    }


def origins_of(rows: Iterable[LigneAtih], *, save: bool = True) -> dict[Pair, Origine]:
    """The letter's framework, what a list says of it, then the corrections laid over both."""
    corrections = sync_corrections(save=save)
    origins = {}
    for row in rows:
        letter = codes.framework_of_letter(row.code)
        origin = Origine(letter or TypeCadre.AAC, CadreSource.LETTRE)
        told = getattr(row, "cadre", None)
        if told:
            origin = Origine(TypeCadre(told), CadreSource.LISTE)
        correction = corrections.get((row.ucd7, row.code))
        if correction is not None:
            origin = Origine(TypeCadre(correction.framework), CadreSource(correction.cadre_source))
        origins[row.ucd7, row.code] = origin
    return origins


Groups = dict[tuple[UUID, str], list[LigneAtih]]


def grouped(rows: Iterable[LigneAtih], specialites: dict[str, Specialite]) -> Groups:
    """The pairs of each cadre: those of a grouped product share theirs."""
    groups: Groups = defaultdict(list)
    for row in rows:
        if not codes.is_generic_code(row.code):
            groups[specialites[row.ucd7].produit_id, row.code].append(row)
    return groups


def add_standing(
    groups: Groups, rows: Iterable[LigneAtih], gone: Iterable[CodeIndication], stored: Stored
) -> None:
    """When only some pairs are written, those of the same cadre that stand still count."""
    left_out = {(row.ucd7, row.code) for row in rows}
    left_out |= {(code.specialite.ucd7 or "", code.code) for code in gone}
    for (ucd7, code), row in stored.items():
        members = groups.get((row.specialite.produit_id, code))
        if members and (ucd7, code) not in left_out and not row.absente_version:
            members.append(
                LigneAtih(ucd7 or "", "", code, row.libelle, row.debut, row.fin),
            )


def write_cadres(
    groups: Groups, origins: dict[Pair, Origine], run: ImportRun
) -> tuple[dict[tuple[UUID, str], Cadre], Bilan]:
    """One cadre per product and code."""
    known = {
        (cadre.produit_id, cadre.code): cadre for cadre in Cadre.objects.exclude(code="").order_by()
    }
    difference = Difference(Cadre, run=run, frozen="champs_saisis")
    cadres = {}
    for (produit_id, code), members in groups.items():
        cadre = known.get((produit_id, code))
        values = cadre_values(members, origins[members[0].ucd7, code], cadre)
        cadres[produit_id, code] = difference.put(
            cadre,
            f"{members[0].ucd7}/{code}",
            values,
            id=stable_id("cadre", str(produit_id), code),
            produit_id=produit_id,
            code=code,
        )
    return cadres, difference.write()


def cadre_values(members: list[LigneAtih], origin: Origine, known: Cadre | None) -> dict[str, Any]:
    """Dates are those of the pairs; one that is missing stays missing."""
    starts = [row.debut for row in members]
    ends = [row.fin for row in members]
    told = longest(row.libelle for row in members) or members[0].code
    values: dict[str, Any] = {
        "framework": origin.framework.value,
        "cadre_source": origin.source.value,
        "indication": whole_of(known.indication, told) if known else told,
        "debut": None if None in starts else min(d for d in starts if d),
        "fin": None if None in ends else max(d for d in ends if d),
        "absente_depuis": None,
    }
    if known is None:
        values["statut"] = STATUT_IMPORTE[origin.framework].value
    elif known.framework != origin.framework:
        values |= reopened(known, origin)
    return values


def reopened(known: Cadre, origin: Origine) -> dict[str, Any]:
    """A cadre of another framework begins again, unless a person gave the status it has."""
    if "statut" in known.champs_saisis:
        return {"framework": known.framework, "cadre_source": known.cadre_source}
    return {"statut": STATUT_IMPORTE[origin.framework].value, "ferme_depuis": None}


def longest(labels: Iterable[str]) -> str:
    """The longest wording, whatever the order of the rows."""
    return max(labels, key=lambda label: (len(label), label))


def absent_since(version: str, day: date) -> date:
    """A pair missing from a release stands no longer from the first day of its month."""
    try:
        return date.fromisoformat(f"{version[:7]}-01")
    except ValueError:
        return day


def close_cadres(
    gone: Iterable[CodeIndication], alive: Collection[UUID | None], since: date, run: ImportRun
) -> list[Ecart]:
    """A cadre none of whose codes stands in the newer release is marked with them."""
    touched = {code.cadre_id for code in gone if code.cadre_id is not None}
    closed = Cadre.objects.in_bulk([pk for pk in touched if pk not in alive])
    if closed and not is_dry(run):
        Cadre.objects.filter(pk__in=closed).update(absente_depuis=since)
    after = {"absente_depuis": since}
    return [
        Ecart(GenreLigneRevue.FERMETURE, "Cadre", cadre.code, cadre, {}, after)
        for cadre in closed.values()
    ]
