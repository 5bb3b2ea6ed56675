"""Folding of text for searches: the same word typed with or without accents."""

import unicodedata

_REPLACED = str.maketrans({"œ": "oe", "æ": "ae", "’": "'", "\u00a0": " ", "\u202f": " "})


def fold(text: str) -> str:
    """Casefold, strip accents, open ligatures, collapse blanks; `½` and digits stay."""
    folded = text.casefold().translate(_REPLACED)
    if not folded.isascii():
        parts = unicodedata.normalize("NFD", folded)
        folded = "".join(c for c in parts if not unicodedata.combining(c))
    return " ".join(folded.split())


def search_text(*parts: str) -> str:
    """The folded column a search box looks into.

    Official lists hold `½` where a `œ` was lost: both spellings are searchable, the label itself
    is left as published.
    """
    seen: dict[str, None] = {}
    for part in parts:
        folded = fold(part)
        if folded:
            seen[folded] = None
            if "½" in folded:
                seen[folded.replace("½", "oe")] = None
    return " \n".join(seen)
