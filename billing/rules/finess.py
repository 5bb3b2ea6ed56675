"""FINESS numbers: shape and control key."""

import re

CORSICA = str.maketrans("AB", "12")


def has_finess_shape(finess: str) -> bool:
    """Nine characters, digits only except 2A and 2B in Corsica."""
    return bool(re.fullmatch(r"(?:[0-9]{2}|2[AB])[0-9]{7}", finess))


def has_valid_key(finess: str) -> bool:
    """Luhn's key, 2A and 2B read 21 and 22.

    Observed on every number of the public list of hospitals, Corsica too; written in no source,
    hence a warning only.
    """
    total = 0
    for index, digit in enumerate(reversed(finess.translate(CORSICA))):
        value = int(digit) * (1 + index % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
