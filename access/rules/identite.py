"""The initials of a patient, all the agency reads of a name (CSP, R. 5121-74 I 2°)."""

from __future__ import annotations

from referentiel.folding import fold

# Latin letters that no accent makes out of another.
_PLAIN = str.maketrans("łøđðþı", "loddti")


def initiale(nom: str) -> str:
    """The first letter of a name, from A to Z; empty when it holds none."""
    letters = fold(nom).translate(_PLAIN)
    return next((letter.upper() for letter in letters if "a" <= letter <= "z"), "")
