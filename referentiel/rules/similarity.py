"""Whether two indications, written by different hands, speak of the same disease (pure)."""

import re

from rapidfuzz import fuzz

from referentiel.folding import fold

# Words every indication uses: they say nothing of the disease.
_COMMON = frozenset(
    "traitement traitements patient patients patiente adulte adultes enfant enfants atteint "
    "atteints maladie maladies dans pour avec sans apres chez des les une qui non par sur aux "
    "autre autres ans age ages cas forme formes monotherapie association prise charge".split()
)
SAME = 75


def keywords(text: str) -> str:
    """The words of an indication that name the disease."""
    words = re.findall(r"[a-z0-9½]{3,}", fold(text))
    return " ".join(dict.fromkeys(word for word in words if word not in _COMMON))


def same_indication(one: str, other: str) -> bool:
    """Same words in any order, or one wording held in the other."""
    first, second = keywords(one), keywords(other)
    if not first or not second:
        return False
    return fuzz.token_set_ratio(first, second) >= SAME
