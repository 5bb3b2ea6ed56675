"""What an import tells the public log, from the rows that differ and from nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from engine import clocks
from referentiel.importers.bdpm_suites import STATUTS
from referentiel.importers.differences import Ecart
from referentiel.models import Cadre, CodeIndication, Disponibilite, Produit, Specialite
from referentiel.selectors.disponibilites import KINDS, products_of_cis
from referentiel.services.changes import NON_PRECISE, Annonce, announce
from referentiel.states import GenreLigneRevue, NatureChangement, SourceImport, TypeCadre

ORIGINES: dict[str, str] = {
    SourceImport.ATIH: "ATIH",
    SourceImport.LISTE: "Liste",
    SourceImport.BDPM: "BDPM",
    SourceImport.LES: "ATIH, liste en sus",
    SourceImport.CNAMTS: "CNAMTS",
}
FIELDS = {
    "debut": "début",
    "fin": "fin",
    "indication": "indication",
    "framework": "cadre",
    "cadre_type": "cadre",
    "statut": "statut",
    "libelle": "libellé",
    "dci": "DCI",
    "laboratoire": "laboratoire",
    "atc": "code ATC",
    "absente_depuis": "présence dans les listes",
    "absente_version": "présence dans les listes",
}
# What says where a value comes from is not news.
SILENT = frozenset({"cadre_source", "source", "provenance", "ucd13", "cis", "cadre_id"})
A, M, F = GenreLigneRevue.AJOUT, GenreLigneRevue.MODIFICATION, GenreLigneRevue.FERMETURE
N = NatureChangement


def products_of(ecarts: Iterable[Ecart]) -> set[UUID]:
    """The products these rows belong to: the only ones whose search text may have moved."""
    found = set()
    for ecart in ecarts:
        subject: Any = ecart.sujet
        if isinstance(subject, Produit):
            found.add(subject.pk)
        elif isinstance(subject, (Specialite, Cadre)):
            found.add(subject.produit_id)
        elif isinstance(subject, CodeIndication):
            found.add(subject.specialite.produit_id)
    return found


def announce_import(
    source: str, ecarts: Sequence[Ecart], *, version: str, origine: str = ""
) -> int:
    """Write the lines of one import to the public log, in bulk; returns how many."""
    lines = [line for ecart in ecarts if (line := line_of(ecart)) is not None]
    lines += shortage_lines([ecart for ecart in ecarts if ecart.objet == "Disponibilite"])
    on = clocks.today()
    origin = f"{origine or ORIGINES.get(source, source)} {version or on.isoformat()}"
    return len(announce(lines, origine=origin))


def line_of(ecart: Ecart) -> Annonce | None:
    """The line a row that differs is worth, if any."""
    teller = TELLERS.get(ecart.objet)
    return teller(ecart) if teller else None


def told(ecart: Ecart) -> tuple[str, str, str]:
    """The fields that changed, their old and new values, as people read them."""
    names = [name for name in ecart.apres if name in FIELDS and name not in SILENT]
    if len(names) == 1:
        return FIELDS[names[0]], shown(ecart.avant.get(names[0])), shown(ecart.apres[names[0]])

    def joined(values: Any) -> str:
        return " ; ".join(f"{FIELDS[name]} : {shown(values.get(name))}" for name in names)

    return ", ".join(FIELDS[name] for name in names)[:40], joined(ecart.avant), joined(ecart.apres)


def shown(value: Any) -> str:
    """A value in a line: French day, or that none was given."""
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return str(value) if value not in (None, "") else NON_PRECISE


def shortage_lines(ecarts: Sequence[Ecart]) -> list[Annonce]:
    """Shortages that appeared, changed or ended, on every product their speciality joins."""
    if not ecarts:
        return []
    added = sum(ecart.genre == A for ecart in ecarts)
    if added and added == Disponibilite.objects.count():
        return []  # the first time this file is read
    joined = products_of_cis({ecart.sujet.cis for ecart in ecarts})
    lines = {}
    for ecart in ecarts:
        row: Disponibilite = ecart.sujet
        before, after = shortage_states(ecart)
        if before == after:
            continue
        since = f" depuis le {row.debut:%d/%m/%Y}" if row.debut else ""
        title = f"{after}{since}" if after else f"{before} : terminée"
        for produit in joined.get(row.cis, ()):
            lines[produit, title] = Annonce(
                produit, N.DISPONIBILITE, title, None, "disponibilité", before, after
            )
    return list(lines.values())


def shortage_states(ecart: Ecart) -> tuple[str, str]:
    """The shortage before and after, in words; empty when the speciality is available."""
    row: Disponibilite = ecart.sujet
    before = ecart.avant.get("statut", row.statut)
    if ecart.genre == A or ecart.avant.get("absente_version"):
        before = ""
    after = "" if ecart.genre == F else row.statut
    return (STATUTS[before] if before in KINDS else ""), (STATUTS[after] if after in KINDS else "")


def about_product(ecart: Ecart) -> Annonce | None:
    """A product that is new, or whose mentions changed."""
    produit: Produit = ecart.sujet
    if ecart.genre == A:
        return Annonce(produit.pk, N.PRODUIT_AJOUTE, f"{produit.nom} entre au référentiel")
    return _modified(ecart, produit.pk, N.PRODUIT_MODIFIE, f"{produit.nom} : mentions complétées")


def about_speciality(ecart: Ecart) -> Annonce | None:
    """A speciality added to a known product is told by its codes; its label is told here."""
    row: Specialite = ecart.sujet
    if ecart.genre == A:
        return None
    title = f"{row.libelle} ({row.ucd7}) : libellé modifié"
    if "libelle" not in ecart.apres:
        title = f"{row.libelle} ({row.ucd7}) : mentions complétées"
    return _modified(ecart, row.produit_id, N.PRODUIT_MODIFIE, title)


def about_cadre(ecart: Ecart) -> Annonce | None:
    """A cadre opened, closed or changed; an end that has come closes it."""
    cadre: Cadre = ecart.sujet
    name = f"{TypeCadre(cadre.framework).value} {cadre.code}".strip()
    if ecart.genre == A:
        return Annonce(
            cadre.produit_id,
            N.CADRE_OUVERT,
            f"{name} : cadre ouvert",
            cadre.pk,
            apres=cadre.indication,
        )
    if ecart.genre == F:
        since = f"{cadre.absente_depuis or ecart.apres['absente_depuis']:%d/%m/%Y}"
        return Annonce(
            cadre.produit_id,
            N.CADRE_FERME,
            f"{name} : absent de la liste, fermé au {since}",
            cadre.pk,
            FIELDS["absente_depuis"],
            "présent",
            f"absent depuis le {since}",
        )
    if _ended(ecart):
        title = f"{name} : fin du cadre au {cadre.fin:%d/%m/%Y}"
        return _modified(ecart, cadre.produit_id, N.CADRE_FERME, title, cadre.pk)
    return _modified(ecart, cadre.produit_id, N.CADRE_MODIFIE, f"{name} : modifié", cadre.pk)


def about_code(ecart: Ecart) -> Annonce | None:
    """A billing code of one UCD added, closed or changed."""
    code: CodeIndication = ecart.sujet
    produit, ucd7 = code.specialite.produit_id, code.specialite.ucd7
    name = f"Code {code.code} de l'UCD {ucd7}"
    if ecart.genre == A:
        title = f"{name} : ajouté"
        return Annonce(produit, N.CODE_AJOUTE, title, code.cadre_id, apres=code.libelle)
    if ecart.genre == F:
        title = f"{name} : absent de la liste"
        where = FIELDS["absente_version"]
        gone = f"absent de la version du {code.absente_version}"
        return Annonce(produit, N.CODE_FERME, title, code.cadre_id, where, "présent", gone)
    if _ended(ecart):
        title = f"{name} : fin au {code.fin:%d/%m/%Y}"
        return _modified(ecart, produit, N.CODE_FERME, title, code.cadre_id)
    return _modified(ecart, produit, N.CODE_MODIFIE, f"{name} : modifié", code.cadre_id)


def _ended(ecart: Ecart) -> bool:
    """An end was set where there was none, or brought to a day already past."""
    end = ecart.apres.get("fin")
    return end is not None and (ecart.avant.get("fin") is None or end <= clocks.today())


def _modified(
    ecart: Ecart, produit: UUID, nature: NatureChangement, title: str, cadre: UUID | None = None
) -> Annonce | None:
    """A line with old and new values; none when only the origin of a value changed."""
    field, before, after = told(ecart)
    if not field:
        return None
    return Annonce(produit, nature, title, cadre, field, before, after)


TELLERS: dict[str, Callable[[Ecart], Annonce | None]] = {
    "Produit": about_product,
    "Specialite": about_speciality,
    "Cadre": about_cadre,
    "CodeIndication": about_code,
}
