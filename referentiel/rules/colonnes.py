"""Which column of an unknown list is which of ours, as its heading suggests (pure functions)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from referentiel.states import TypeCadre

# Ours, in the order the page asks for them: what it is called, and whether a list must give it.
CHAMPS: dict[str, tuple[str, bool]] = {
    "ucd": ("Code UCD (7 ou 13 chiffres)", True),
    "code": ("Code d'indication", True),
    "debut": ("Date de début", True),
    "fin": ("Date de fin", False),
    "libelle": ("Libellé de l'indication", False),
    "libelle_ucd": ("Libellé de l'UCD ou nom du produit", False),
    "cadre": ("Cadre (AAC, AAP, CPC)", False),
}
# Headings met in public lists, folded; the first that is there is preselected.
INDICES: dict[str, tuple[str, ...]] = {
    "ucd": ("ucd7", "ucd13", "codeucd7", "codeucd13", "codeucd", "ucd", "cdeucd", "cucd"),
    "code": ("codeindication", "codeind", "codelesindication", "code", "indication"),
    "debut": ("datededebut", "datedebut", "debut", "dateeffet", "dateentree", "debutvalidite"),
    "fin": ("datedefin", "datefin", "fin", "datesortie", "finvalidite"),
    "libelle": (
        "libelleindication",
        "indicationlibelle",
        "libelledelindication",
        "libelleind",
        "libelle",
        "indicationtherapeutique",
        "indication",
    ),
    "libelle_ucd": (
        "libelleucd",
        "ucdlibelle",
        "libelledelucd",
        "specialite",
        "nomproduit",
        "produit",
        "denomination",
        "medicament",
    ),
    "cadre": ("cadre", "dispositif", "typedacces", "typecadre", "acces", "statut", "source"),
}
_CADRES = (
    (r"\bcpc\b|cadre de prescription|\brtu\b", TypeCadre.CPC),
    (r"\baac\b|\bac\b|compassionnel|\batun\b|nominative", TypeCadre.AAC),
    (r"\baap\b|\bap\b|precoce|\batuc\b|cohorte", TypeCadre.AAP),
    (r"direct", TypeCadre.DIRECT),
)
DAMAGED = re.compile(r"\d[,.]\d+\s*[eE]\s*\+?\d+")


def folded(heading: str) -> str:
    """A heading reduced to its letters and digits, without accents or case."""
    plain = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]", "", plain)


def guess(headings: Sequence[str]) -> dict[str, str]:
    """For each of ours the column that looks like it, each column used once."""
    by_fold: dict[str, str] = {}
    for heading in headings:
        by_fold.setdefault(folded(heading), heading)
    found: dict[str, str] = {}
    for champ, names in INDICES.items():
        for name in names:
            if name in by_fold and by_fold[name] not in found.values():
                found[champ] = by_fold[name]
                break
    return found


def cadre_of(text: str) -> TypeCadre | None:
    """The framework a cell names in words, or nothing."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    for pattern, framework in _CADRES:
        if re.search(pattern, plain):
            return framework
    return None


def is_damaged(text: str) -> bool:
    """A code a spreadsheet turned into a rounded number (`3,40089E+12`): its digits are lost."""
    return bool(DAMAGED.fullmatch(text.strip()))


def lost_digits(text: str) -> bool:
    """All digits, but too few of them: a spreadsheet took the leading zeros away."""
    bare = text.strip()
    return bare.isascii() and bare.isdigit() and (0 < len(bare) < 7 or 7 < len(bare) < 13)
