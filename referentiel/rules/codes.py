"""Official codes of medicines: UCD, CIP, CIS, indication codes (pure functions)."""

import re

from referentiel.states import TypeCadre

UCD_PREFIX = "34008"
CIP_PREFIX = "34009"
# Reserved by the Assurance maladie for its own exchanges (B2-04).
RESERVED_UCD7 = frozenset({"9999910", "9999940", "9999979"})
# Generic codes of the liste en sus, never those of an access framework (SOL 1019).
LES_GENERIC_CODES = frozenset({"I999997", "I999998", "I999999"})
CODE_AUTRE = "NXXXX01"
CODE_CONTINUITE = "NXXXX02"
CODE_ANCIENNE_ATU = "NXXXX00"

_CIS = re.compile(r"[0-9]{8}")
_UCD7 = re.compile(r"9[0-9]{6}")
_INDICATION = re.compile(r"[CNRDI][A-Z0-9]{4}[0-9]{2}")
_GENERIC = re.compile(r"NXXXX[0-9]{2}")

# The first letter says the framework, exceptions apart (shipped corrections table).
_FRAMEWORK_OF_LETTER = {
    "C": TypeCadre.AAP,
    "N": TypeCadre.AAC,
    "R": TypeCadre.CPC,
    "I": TypeCadre.CPC,
    "D": TypeCadre.DIRECT,
}


def ean13_key(first12: str) -> str:
    """The thirteenth digit of an EAN-13 code (weights 1 and 3 from the left)."""
    total = sum(map(int, first12[0::2])) + 3 * sum(map(int, first12[1::2]))
    return str((10 - total % 10) % 10)


def has_ean13_key(code: str) -> bool:
    """Whether a code is made of 13 digits and ends with its key."""
    return (
        len(code) == 13 and code.isascii() and code.isdigit() and ean13_key(code[:12]) == code[12]
    )


def ucd13_of(ucd7: str) -> str:
    """UCD 13 = 34008 + UCD 7 + EAN-13 key: always derived, never trusted from a file."""
    body = UCD_PREFIX + ucd7
    return body + ean13_key(body)


def has_ucd7_form(code: str) -> bool:
    """Seven digits beginning with 9 (no key is checked: the new ranges break it)."""
    return bool(_UCD7.fullmatch(code))


def is_ucd7(code: str) -> bool:
    """A UCD a hospital can dispense: the right form, outside the reserved codes."""
    return has_ucd7_form(code) and code not in RESERVED_UCD7


def is_cip13(code: str) -> bool:
    """A presentation code: 34009 + CIP 7 + EAN-13 key."""
    return code.startswith(CIP_PREFIX) and has_ean13_key(code)


def is_cis(code: str) -> bool:
    """A speciality of the BDPM: eight digits."""
    return bool(_CIS.fullmatch(code))


def has_indication_form(code: str) -> bool:
    """Seven characters: one of the five known letters, four letters or digits, two digits."""
    return bool(_INDICATION.fullmatch(code))


def is_indication_code(code: str) -> bool:
    """A code of an access framework: the right form, and not a generic one of the liste en sus."""
    return has_indication_form(code) and code not in LES_GENERIC_CODES


def is_generic_code(code: str) -> bool:
    """`NXXXX0n`, shared by hundreds of products: a billing code, not an indication."""
    return bool(_GENERIC.fullmatch(code))


def framework_of_letter(code: str) -> TypeCadre | None:
    """The framework its first letter announces; exceptions are laid over it by corrections."""
    return _FRAMEWORK_OF_LETTER.get(code[:1])
