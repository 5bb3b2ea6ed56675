"""Days as French people read them: « 21 nov. 2026 »."""

from datetime import date, datetime

from engine.clocks import local

MOIS_COURTS = (
    "janv.", "févr.", "mars", "avr.", "mai", "juin",
    "juil.", "août", "sept.", "oct.", "nov.", "déc.",
)  # fmt: skip
MOIS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


def _day(value: date | datetime) -> date:
    return local(value).date() if isinstance(value, datetime) else value


def _first(day: int) -> str:
    return "1er" if day == 1 else str(day)


def jour_court(value: date | datetime) -> str:
    """« 21 nov. 2026 », with no-break spaces."""
    day = _day(value)
    return f"{_first(day.day)}\u00a0{MOIS_COURTS[day.month - 1]}\u00a0{day.year}"


def jour_long(value: date | datetime) -> str:
    """« 21 novembre 2026 », with no-break spaces."""
    day = _day(value)
    return f"{_first(day.day)}\u00a0{MOIS[day.month - 1]}\u00a0{day.year}"
