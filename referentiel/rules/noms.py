"""Names of medicines: brand, strength and form as two sources can be compared (pure)."""

import re

from referentiel.folding import fold

_NUMBER = re.compile(r"\d")
_STRENGTH = re.compile(
    r"\d[\d.,\s]*\s*(?:mg|µg|μg|microgrammes?|g|ml|ui|mui|mbq|gbq|kbq|mmol|meq|%)"
    r"(?:\s*/\s*[\d.,]*\s*(?:ml|mg|g|h|dose|l))*",
)
_FILLERS = frozenset({"inj", "perf", "cpr", "gelu", "gelule", "sol", "pdr", "collyre", "collo"})
_CUT = re.compile(r"[,(]")
MIN_BRAND = 4


def brand_of(label: str) -> str:
    """The folded words before the first figure, comma or pharmaceutical word of a label."""
    words: list[str] = []
    for word in _CUT.split(fold(label))[0].split():
        if words and (_NUMBER.match(word) or word in _FILLERS):
            break
        words.append(word)
    return " ".join(words)


def same_brand(one: str, other: str) -> bool:
    """Equal brands, or one that goes on after the whole other (KAFTRIO, KAFTRIO ENFANT)."""
    if min(len(one), len(other)) < MIN_BRAND:
        return False
    return one == other or one.startswith(other + " ") or other.startswith(one + " ")


def strength_of(text: str) -> str:
    """A strength with one spelling: `25 mg/5 mL` and `25MG/5ML` both give `25mg/5ml`."""
    match = _STRENGTH.search(fold(text))
    if match is None:
        return ""
    bare = re.sub(r"\s+", "", match[0]).replace(",", ".")
    return re.sub(r"microgrammes?|μg|µg", "ug", bare)


def same_strength(one: str, other: str) -> bool:
    """Equal strengths, or one label that says none."""
    first, second = strength_of(one), strength_of(other)
    return not first or not second or first == second


def form_of(text: str) -> str:
    """The first word of a form: gélule, comprimé, solution, poudre…"""
    words = re.findall(r"[a-z]+", fold(text))
    return words[0].rstrip("s") if words else ""


def substances_of(dci: str) -> frozenset[str]:
    """The folded substances of a DCI written with commas, slashes or plus signs."""
    return frozenset(part for part in (fold(p) for p in re.split(r"[+,;/|]", dci)) if part)
