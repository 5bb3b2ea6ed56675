"""What a list of pairs (UCD, code) would change, pair by pair, and what the other sources say.

Nothing is written: the lines are read by a person, who accepts them or sets them aside.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from referentiel.importers import sources
from referentiel.importers.atih import LigneAtih
from referentiel.importers.differences import (
    FEW_CLOSURES,
    PRESENT,
    Bilan,
    Held,
    absent_from,
    as_text,
    nothing_held,
)
from referentiel.importers.sources import Sources
from referentiel.models import CodeIndication, LigneRevue
from referentiel.rules.libelles import whole_of
from referentiel.states import EtatLigneRevue, GenreLigneRevue, TypeCadre

OBJET = "CodeIndication"
PRESENCE = "presence"
REVENUE = "présente à nouveau"
# A field of a pair, and the field of its cadre that says the same.
CADRE_FIELD = {"libelle": "indication", "debut": "debut", "fin": "fin", "cadre": "framework"}
CODE_FIELD = {"libelle": "libelle", "debut": "debut", "fin": "fin", "cadre": "cadre_type"}
MOST_LINES = 5000  # of a source applied whole: nobody reads more of them
G = GenreLigneRevue


@dataclass(frozen=True)
class Reglage:
    """How a list is compared: its name, what its columns give, whether it closes what it lacks."""

    nom: str
    version: str = ""
    complete: bool = True
    champs: frozenset[str] = frozenset({"libelle", "debut", "fin", "libelle_ucd", "cadre"})
    # Beyond this share of the pairs in force, closures are never certain.
    seuil_fermeture: float = 0.05


@dataclass
class Ecarts:
    """The difference of a list: its lines, and how many pairs it leaves alone."""

    lignes: list[LigneRevue] = field(default_factory=list)
    inchangees: int = 0
    total: int = 0


def compare(
    rows: Sequence[LigneAtih],
    reglage: Reglage,
    known: Sources | None = None,
    only: Collection[tuple[str, str]] | None = None,
    held: Held = nothing_held,
) -> Ecarts:
    """Compare the rows of a list with the register; unsaved lines, the certain ones marked.

    With `only`, the lines of these pairs and no other. What a row set aside may be about
    (`held`) is not closed.
    """
    known = known or sources.gather(rows)
    found = Ecarts()
    seen = set()
    for row in rows:
        pair = (row.ucd7, row.code)
        seen.add(pair)
        if only is not None and pair not in only:
            continue
        line = line_of(row, known, reglage)
        if line is None:
            found.inchangees += 1
        else:
            found.lignes.append(line)
    if reglage.complete:
        found.lignes += closures(known, seen, reglage, only, held)
    return found


def completed(row: LigneAtih, known: Sources, reglage: Reglage) -> LigneAtih:
    """What the list does not give, or gives cut short, is left as the register holds it."""
    stored = known.stored.get((row.ucd7, row.code))
    values: dict[str, Any] = {}
    if stored is not None:
        for name in ("libelle", "debut", "fin"):
            if name not in reglage.champs:
                values[name] = getattr(stored, name)
        values.setdefault("libelle", whole_of(stored.libelle, row.libelle))
    if "libelle_ucd" not in reglage.champs or not row.libelle_ucd:
        values["libelle_ucd"] = known.label_of(row.ucd7) or row.libelle_ucd or row.ucd7
    return replace(row, **values) if values else row


def line_of(raw: LigneAtih, known: Sources, reglage: Reglage) -> LigneRevue | None:
    """One row against what is stored; None when it changes nothing."""
    row = completed(raw, known, reglage)
    stored = known.stored.get((row.ucd7, row.code))
    wanted = values_of(row, known.framework_of(row))
    before: dict[str, str] = {}
    if stored is not None:
        before = stored_values(stored)
        if "cadre" not in reglage.champs:  # a list that says nothing of it contradicts nobody
            wanted["cadre"] = before["cadre"]
        gone = bool(stored.absente_version)
        changed = {name for name in wanted if wanted[name] != before[name]}
        if not changed and not gone:
            return None
        wanted = {name: wanted[name] for name in wanted if name in changed}
        before = {name: before[name] for name in before if name in changed}
        if gone:
            before[PRESENCE] = f"absente de la version du {stored.absente_version}"
            wanted[PRESENCE] = REVENUE
    else:
        wanted["libelle_ucd"] = row.libelle_ucd
    line = LigneRevue(
        objet=OBJET,
        cle=f"{row.ucd7}/{row.code}",
        libelle=(known.label_of(row.ucd7) or row.libelle_ucd)[:300],
        avant=before,
        apres=wanted,
        etat=EtatLigneRevue.A_REVOIR,
        genre=G.AJOUT if stored is None else G.MODIFICATION,
    )
    judge(line, row, stored, known, reglage)
    return line


def values_of(row: LigneAtih, framework: TypeCadre) -> dict[str, str]:
    """What the row says, as text."""
    return {
        "libelle": row.libelle,
        "debut": as_text(row.debut),
        "fin": as_text(row.fin),
        "cadre": framework.value,
    }


def stored_values(stored: CodeIndication) -> dict[str, str]:
    """What the register says, as text."""
    return {name: as_text(getattr(stored, column)) for name, column in CODE_FIELD.items()}


def typed_fields(stored: CodeIndication) -> set[str]:
    """The fields of a pair that a person typed, on the pair or on its cadre."""
    held = {name for name, column in CODE_FIELD.items() if column in stored.champs_saisis}
    if stored.cadre is not None:
        held |= {
            name for name, column in CADRE_FIELD.items() if column in stored.cadre.champs_saisis
        }
        if "statut" in stored.cadre.champs_saisis:  # a status is that of its framework
            held.add("cadre")
    return held


def judge(
    line: LigneRevue,
    row: LigneAtih,
    stored: CodeIndication | None,
    known: Sources,
    reglage: Reglage,
) -> None:
    """Set what the other sources say, whether they disagree, and what keeps it from certainty."""
    changed = set(line.apres)
    typed = typed_fields(stored) & changed if stored is not None else set()
    line.ailleurs, disagree = known.said(row, changed, stored, typed, reglage.nom)
    doubts = []
    if typed or disagree:
        line.genre = G.CONFLIT
        doubts.append("les sources ne disent pas la même chose")
    if typed:
        doubts.append("une valeur saisie par une personne serait remplacée")
    if row.ucd7 not in known.specialites:
        doubts.append("ouvre un nouveau produit")
        if known.ucds_known and row.ucd7 not in known.ucds:
            doubts.append("UCD absente de la table des libellés UCD")
    if stored is not None and "cadre" in changed:
        doubts.append("le cadre d'accès change")
    line.motifs, line.certaine = doubts, not doubts


def closures(
    known: Sources,
    seen: Collection[tuple[str, str]],
    reglage: Reglage,
    only: Collection[tuple[str, str]] | None = None,
    held: Held = nothing_held,
) -> list[LigneRevue]:
    """The pairs that stand and that a complete list no longer holds."""
    standing = {
        key: pair
        for key, pair in known.stored.items()
        if not pair.absente_version and not pair.saisi
    }
    gone = {
        key: pair
        for key, pair in standing.items()
        if key not in seen and not held(f"{key[0]}/{key[1]}")
    }
    many = len(gone) > max(FEW_CLOSURES, reglage.seuil_fermeture * len(standing))
    return [
        closure(key, gone[key], known, reglage, many=many)
        for key in sorted(gone)
        if only is None or key in only
    ]


def closure(
    key: tuple[str, str],
    pair: CodeIndication,
    known: Sources,
    reglage: Reglage,
    *,
    many: bool,
) -> LigneRevue:
    """A pair that leaves the list: kept, and marked absent from that version on."""
    ucd7, code = key
    les = known.les_open(ucd7, code)
    typed = bool(typed_fields(pair))
    doubts = []
    if les:
        doubts.append("la liste en sus la tient encore pour ouverte")
    if typed:
        doubts.append("une personne en a saisi des valeurs")
    if many:
        doubts.append("la liste ferme beaucoup de lignes d'un coup")
    says = [said(reglage.nom, "ne la contient plus")]
    if les:
        says.append(les)
    return LigneRevue(
        objet=OBJET,
        cle=f"{ucd7}/{code}",
        libelle=known.label_of(ucd7)[:300],
        avant=stored_values(pair) | {PRESENCE: PRESENT},
        apres={PRESENCE: absent_from(reglage.version)},
        ailleurs=says if les else [],
        genre=G.CONFLIT if les else G.FERMETURE,
        etat=EtatLigneRevue.A_REVOIR,
        motifs=doubts,
        certaine=not doubts,
    )


def whole(bilan: Bilan) -> Ecarts:
    """The difference of a source applied in one piece: its rows, to read, the first ones kept."""
    seen: set[tuple[str, str]] = set()
    found = Ecarts(inchangees=bilan.inchangees, total=len(bilan.ecarts))
    for ecart in bilan.ecarts:
        key = (ecart.objet[:40], ecart.cle[:40])
        if key in seen or len(found.lignes) >= MOST_LINES:
            continue
        seen.add(key)
        before, after = ecart.texts()
        found.lignes.append(
            LigneRevue(
                objet=key[0],
                cle=key[1],
                libelle=str(ecart.sujet)[:300],
                avant=before,
                apres=after,
                genre=ecart.genre,
                etat=EtatLigneRevue.ACCEPTEE,
                certaine=True,
            )
        )
    return found


def said(source: str, text: str) -> dict[str, str]:
    """One source and what it says, as a review keeps it."""
    return {"source": source, "dit": text}
