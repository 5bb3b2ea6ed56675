"""UCD codes: the 13-digit code of FICHCOMP is always derived from the 7-digit one."""

import re

from referentiel.rules.codes import RESERVED_UCD7, ucd13_of


def is_ucd7(code: str) -> bool:
    """Whether it is seven digits, the first a 9 (CNAMTS, 26/03/2009)."""
    return bool(re.fullmatch(r"9[0-9]{6}", code, re.ASCII))


def ucd13(ucd7: str) -> str:
    """UCD 13 = 34008 + UCD 7 + EAN-13 key, true of all 32 898 codes of the public table."""
    if not is_ucd7(ucd7):
        raise ValueError(
            f"Le code UCD «\u00a0{ucd7}\u00a0» n'a pas sept chiffres commençant par 9."
        )
    return ucd13_of(ucd7)


def is_reserved(ucd7: str) -> bool:
    """Whether the Assurance maladie keeps this code for itself (norme B2 02/2003, addendum C)."""
    return ucd7 in RESERVED_UCD7
