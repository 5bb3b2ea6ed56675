"""Rules on people: the RPPS number."""

from __future__ import annotations

from stdnum import luhn


def is_rpps(number: str) -> bool:
    """True for eleven digits whose last is the Luhn key (annuaire santé)."""
    return len(number) == 11 and number.isascii() and number.isdigit() and luhn.is_valid(number)
