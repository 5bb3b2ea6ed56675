"""One cell of a public file as a typed value, or the reason why it cannot be taken."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from referentiel.rules import codes
from referentiel.rules.colonnes import is_damaged, lost_digits

_VERSION = re.compile(r"(?<!\d)(20\d{2})[-_]?(0[1-9]|1[0-2])(?!\d)")
_FRENCH_DATE = re.compile(r"(\d{2})/(\d{2})/(\d{4})")
_FINESS = re.compile(r"[0-9][0-9A-Z][0-9]{7}")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class RowError(Exception):
    """One value of one row cannot be taken; `abime`: a spreadsheet damaged it."""

    def __init__(self, colonne: str, raison: str, *, abime: bool = False) -> None:
        super().__init__(raison)
        self.colonne = colonne
        self.raison = raison
        self.abime = abime


def bad_code(column: str, text: str, kind: str) -> RowError:
    """A code that is not one; digits a spreadsheet rounded or took away are told apart."""
    damaged = is_damaged(text) or lost_digits(text)
    return RowError(column, f"« {text[:40]} » n'est pas {kind}.", abime=damaged)


def ucd_in(text: str) -> str:
    """The UCD 7 a cell holds in 7 or 13 digits, else nothing."""
    ucd7 = text[5:12] if len(text) == 13 and text.startswith(codes.UCD_PREFIX) else text
    return ucd7 if codes.has_ucd7_form(ucd7) else ""


def indication_in(text: str) -> str:
    """The indication code a cell holds, else nothing."""
    return text.upper() if codes.has_indication_form(text.upper()) else ""


def finess_in(text: str) -> str:
    """The FINESS number a cell holds, else nothing."""
    return text.upper() if _FINESS.fullmatch(text.upper()) else ""


def cis_in(text: str) -> str:
    """The CIS a cell holds, else nothing."""
    return text if codes.is_cis(text) else ""


def cip13_in(text: str) -> str:
    """The CIP 13 a cell holds, else nothing."""
    return text if codes.is_cip13(text) else ""


def cis_code(text: str) -> str:
    """The CIS a row of the BDPM begins with."""
    cis = text.strip()
    if not codes.is_cis(cis):
        raise bad_code("cis", cis, "un code CIS à 8 chiffres")
    return cis


def ucd7_code(column: str, text: str) -> str:
    """A UCD 7, whatever it begins with."""
    ucd7 = text.strip()
    if not codes.has_ucd7_form(ucd7):
        raise bad_code(column, ucd7, "un code UCD à 7 chiffres")
    return ucd7


def ucd_pair(cells: Mapping[str, str]) -> str:
    """The UCD 7 of a row; the UCD 13 beside it, when there is one, is the one it gives."""
    ucd7, ucd13 = ucd7_code("ucd_7", cells["ucd_7"]), cells["ucd_13"].strip()
    if ucd13 and ucd13 != codes.ucd13_of(ucd7):
        raise bad_code("ucd_13", ucd13, f"le code UCD 13 de {ucd7}")
    return ucd7


def iso_date(column: str, text: str) -> date | None:
    """An ISO day, or nothing: a missing date stays missing."""
    bare = text.strip()
    if not bare:
        return None
    try:
        if not _ISO_DATE.fullmatch(bare):
            raise ValueError
        return date.fromisoformat(bare)
    except ValueError:
        raise RowError(column, f"« {bare} » n'est pas une date AAAA-MM-JJ.") from None


def french_date(column: str, text: str) -> date | None:
    """A JJ/MM/AAAA day, or nothing."""
    bare = text.strip()
    if not bare:
        return None
    match = _FRENCH_DATE.fullmatch(bare)
    try:
        if match is None:
            raise ValueError
        return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        raise RowError(column, f"« {bare} » n'est pas une date JJ/MM/AAAA.") from None


def french_price(column: str, text: str) -> Decimal | None:
    """A BDPM price: the last comma marks the cents, the others thousands (`1,466,29`)."""
    bare = text.strip()
    if not bare:
        return None
    whole, comma, cents = bare.rpartition(",")
    digits = whole.replace(",", "") if comma else bare
    if not digits.isascii() or not digits.isdigit() or (comma and not cents.isdigit()):
        raise RowError(column, f"« {bare} » n'est pas un prix.")
    try:
        price = Decimal(f"{digits}.{cents}" if comma else digits)
    except InvalidOperation:
        raise RowError(column, f"« {bare} » n'est pas un prix.") from None
    if price >= Decimal(10) ** 10 or len(cents if comma else "") > 2:
        raise RowError(column, f"« {bare} » n'est pas un prix.")
    return price


def point_price(column: str, text: str, *, places: int = 4) -> Decimal | None:
    """A price with a decimal point (`1487.16`), rounded to what its column keeps."""
    bare = text.strip()
    if not bare or bare == "NA":
        return None
    if not re.fullmatch(r"\d{1,10}(\.\d{1,20})?", bare):
        raise RowError(column, f"« {bare[:40]} » n'est pas un prix.")
    return Decimal(bare).quantize(Decimal(1).scaleb(-places))


def short(column: str, text: str, limit: int) -> str:
    """A trimmed text that fits its column."""
    bare = text.strip()
    if len(bare) > limit:
        raise RowError(column, f"Texte de plus de {limit} caractères.")
    return bare


def version_in_name(path: Path) -> str:
    """The release a file name announces (`…_2025-03.csv` → `2025-03`), or nothing."""
    match = _VERSION.search(path.name)
    return f"{match[1]}-{match[2]}" if match else ""
