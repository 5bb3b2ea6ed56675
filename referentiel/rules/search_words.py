"""The words of a search, and how far a typed word may be from a known one (pure)."""

import re

from referentiel.folding import fold

MAX_WORDS = 12
WORD = re.compile(r"(?:[^\W_]|%)+")
LONG_CODES = (7, 13)  # UCD 7, CIP 7, UCD 13, CIP 13
_CODE = re.compile(r"[0-9]{7}|[0-9]{13}|[cnrdi][a-z0-9]{4}[0-9]{2}")
# Words that say nothing of a medicine: they are passed over when another word stands beside.
EMPTY = frozenset(
    "a au aux avec chez d dans de des du en et l la le les ou par pour qu que qui s sans sur un "
    "une".split()
)


def split(folded: str) -> list[str]:
    """The words of a folded text, in order."""
    return WORD.findall(folded)


def typed_words(query: str) -> list[str]:
    """The words a search must hold; a code typed in groups of figures is one word."""
    found = split(fold(query))
    joined = "".join(found)
    if len(found) > 1 and joined.isascii() and joined.isdigit() and len(joined) in LONG_CODES:
        return [joined]
    telling = [_unpadded(word) for word in found if word not in EMPTY]
    return list(dict.fromkeys(telling or found))[:MAX_WORDS]


def _unpadded(word: str) -> str:
    """A code some software filled up with zeros is the code without them."""
    bare = word.lstrip("0")
    return bare if word.isdecimal() and len(bare) in LONG_CODES else word


def is_code(word: str) -> bool:
    """Whether a folded word has the form of a UCD, a CIP or an indication code."""
    return _CODE.fullmatch(word) is not None


def is_guessable(word: str) -> bool:
    """Whether a word may be taken for another: letters only, a code is never guessed."""
    return len(word) >= 4 and word.isalpha() and word not in EMPTY


def faults_allowed(word: str) -> int:
    """How many letters may be wrong, missing, added or swapped."""
    return 1 if len(word) < 8 else 2 if len(word) < 12 else 3
