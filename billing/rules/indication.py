"""Codes indication: proved for (UCD, code) on the day of administration."""

import re
from dataclasses import dataclass
from datetime import date

from referentiel.rules.codes import LES_GENERIC_CODES

SHAPE = re.compile(r"[CNRD][A-Z0-9]{4}[0-9]{2}|I[0-9]{6}", re.ASCII)
"""Shape of the 1 157 codes of the March 2025 list; otherwise opaque text."""

LEGACY = "NXXXX00"
LEGACY_REFUSED_FROM = date(2023, 1, 1)
"""Former nominative ATU, refused since 01/01/2023 (Solimed, 2022)."""

LES_GENERIC = LES_GENERIC_CODES
"""Mirror AMM, research, off-label: liste en sus (type 06) only."""


@dataclass(frozen=True)
class CodeOuvert:
    """One row of the official list for the UCD of the line."""

    code: str
    debut: date | None
    fin: date | None = None
    type_prestation: str = "09"

    def is_open(self, jour: date) -> bool:
        """Both ends included."""
        begun = self.debut is None or self.debut <= jour
        return begun and (self.fin is None or jour <= self.fin)


def record_type(on_liste_en_sus: bool) -> str:
    """06 when the pair (UCD, code) is on the liste en sus that day: MEDATU refuses it in 09."""
    return "06" if on_liste_en_sus else "09"


def has_shape(code: str) -> bool:
    """Whether the code is written as the official codes are."""
    return bool(SHAPE.fullmatch(code))


def is_legacy_refused(code: str, jour: date) -> bool:
    """Whether the code is the former nominative-ATU code on a day it is no longer valued."""
    return code == LEGACY and jour >= LEGACY_REFUSED_FROM


def is_doubtful_in_fichcomp(code: str) -> bool:
    """R and D codes: ATIH's sheet for type 09 names only I, N and C; acceptance is not verified."""
    return code[:1] in {"R", "D"}
