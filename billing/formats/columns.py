"""Fixed-width text records as tables of columns: one place that formats, checks and parses them.

Conventions common to every PMSI text file (ATIH format workbooks, « Présentation »): A and Date
are left-aligned and padded with spaces, N is right-aligned and padded with zeros and has neither
sign nor decimal point. The files are ASCII capitals without accents; nothing is altered silently.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

Value = str | int | Decimal | date | None

CRLF = "\r\n"


class ColumnType(StrEnum):
    ALPHANUM = "A"
    TEXT = "A*"
    NUMBER = "N"
    DATE = "Date"


ADMITTED = {
    ColumnType.ALPHANUM: re.compile(r"[A-Z0-9]*", re.ASCII),
    ColumnType.TEXT: re.compile(r"[A-Z0-9 ]*", re.ASCII),
}
ADMITTED_WORDS = {
    ColumnType.ALPHANUM: "lettres capitales sans accent et chiffres",
    ColumnType.TEXT: "lettres capitales sans accent, chiffres et espaces",
}


@dataclass(frozen=True)
class Fault:
    """One value that its column cannot hold, said in French."""

    column: str
    message: str


class FormatError(ValueError):
    """A record that cannot be written or read; `faults` says everything that is wrong."""

    def __init__(self, faults: list[Fault]):
        self.faults = faults
        super().__init__(" ".join(fault.message for fault in faults))


@dataclass(frozen=True)
class Column:
    name: str
    start: int
    end: int
    type: ColumnType
    label: str
    mandatory: bool = True
    decimals: int = 0

    @property
    def width(self) -> int:
        return self.end - self.start + 1

    @property
    def maximum(self) -> Decimal:
        return Decimal(10**self.width - 1).scaleb(-self.decimals)

    def faults(self, value: Value) -> list[Fault]:
        """Every reason why this column cannot hold the value."""
        if value is None or value == "":
            return [self._fault("valeur obligatoire absente")] if self.mandatory else []
        if self.type is ColumnType.NUMBER:
            return self._number_faults(value)
        if self.type is ColumnType.DATE:
            return [] if isinstance(value, date) else [self._fault("date attendue")]
        return self._text_faults(value)

    def format(self, value: Value) -> str:
        """The value at its width; call it only with a value without fault."""
        if self.type is ColumnType.NUMBER:
            scaled = int(Decimal(str(value or 0)).scaleb(self.decimals))
            return f"{scaled:0{self.width}d}"
        if isinstance(value, date):
            return f"{value.day:02d}{value.month:02d}{value.year:04d}"
        return str(value or "").ljust(self.width)

    def parse(self, text: str) -> Value:
        """The value written in these positions, or ValueError with a French sentence."""
        if self.type is ColumnType.NUMBER:
            if not re.fullmatch(r"[0-9]+", text):
                raise ValueError(f"{self.label}\u00a0: «\u00a0{text}\u00a0» n'est pas numérique.")
            return Decimal(text).scaleb(-self.decimals) if self.decimals else int(text)
        if self.type is ColumnType.DATE:
            return self._parse_date(text)
        return text.rstrip(" ")

    def _parse_date(self, text: str) -> date | None:
        if not text.strip(" "):
            return None
        if re.fullmatch(r"[0-9]{8}", text):
            try:
                return date(int(text[4:]), int(text[2:4]), int(text[:2]))
            except ValueError:
                pass
        raise ValueError(f"{self.label}\u00a0: «\u00a0{text}\u00a0» n'est pas une date JJMMAAAA.")

    def _fault(self, what: str) -> Fault:
        return Fault(self.name, f"{self.label}\u00a0: {what}.")

    def _text_faults(self, value: Value) -> list[Fault]:
        if not isinstance(value, str):
            return [self._fault("texte attendu")]
        faults = []
        if len(value) > self.width:
            faults.append(self._fault(f"{len(value)} caractères pour {self.width} positions"))
        if not ADMITTED[self.type].fullmatch(value):
            faults.append(
                self._fault(f"«\u00a0{value}\u00a0» n'est pas admis ({ADMITTED_WORDS[self.type]})")
            )
        elif value != value.strip(" "):
            faults.append(self._fault("espace au début ou à la fin"))
        return faults

    def _number_faults(self, value: Value) -> list[Fault]:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            return [self._fault("nombre attendu")]
        number = Decimal(value)
        if not number.is_finite():
            return [self._fault("nombre attendu")]
        if number < 0:
            return [self._fault("valeur négative, le format n'a pas de signe")]
        if number > self.maximum:
            return [self._fault(f"dépasse le maximum du format, {french(self.maximum)}")]
        if number != number.quantize(Decimal(1).scaleb(-self.decimals)):
            return [self._fault(f"plus de {self.decimals} décimales")]
        return []


@dataclass(frozen=True)
class Layout:
    """A record: its columns cover every position from 1 to its length, once."""

    name: str
    length: int
    columns: tuple[Column, ...]

    def __post_init__(self) -> None:
        position = 1
        for column in self.columns:
            if column.start != position or column.end < column.start:
                raise ValueError(f"{self.name}: {column.name} should start at {position}")
            position = column.end + 1
        if position != self.length + 1:
            raise ValueError(f"{self.name}: columns end at {position - 1}, not {self.length}")

    def faults(self, record: Mapping[str, Value]) -> list[Fault]:
        """Every value of the record that does not fit its column."""
        return [
            fault for column in self.columns for fault in column.faults(record.get(column.name))
        ]

    def format(self, record: Mapping[str, Value]) -> str:
        """The record at its fixed width, without its end of line."""
        faults = self.faults(record)
        if faults:
            raise FormatError(faults)
        return "".join(column.format(record.get(column.name)) for column in self.columns)

    def parse(self, line: str) -> dict[str, Value]:
        """The record written in a line (without its end of line)."""
        if len(line) != self.length:
            raise FormatError(
                [Fault("", f"Ligne de {len(line)} caractères au lieu de {self.length}.")]
            )
        record, faults = {}, []
        for column in self.columns:
            try:
                record[column.name] = column.parse(line[column.start - 1 : column.end])
            except ValueError as error:
                faults.append(Fault(column.name, str(error)))
        if faults:
            raise FormatError(faults)
        return record


def french(number: Decimal) -> str:
    """A number as the French write it: « 9 999 999,999 » with no-break spaces."""
    return f"{number:,f}".replace(",", "\u00a0").replace(".", ",")
