"""The age of a patient with its unit, as the agency reads it."""

from __future__ import annotations

from datetime import date

from access.states import UniteAge


def months_between(start: date, end: date) -> int:
    """Whole months from one day to another."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - 1 if end.day < start.day else months


def age(birth: date, on: date) -> tuple[int, UniteAge]:
    """Days under 1 month, weeks under 3 months, months under 3 years, then years."""
    months = months_between(birth, on)
    if months < 1:
        return (on - birth).days, UniteAge.JOURS
    if months < 3:
        return (on - birth).days // 7, UniteAge.SEMAINES
    if months < 36:
        return months, UniteAge.MOIS
    return months // 12, UniteAge.ANS


def age_label(value: int | None, unit: str) -> str:
    """« 7 ans », « 1 jour »; empty when unknown."""
    if value is None or not unit:
        return ""
    label = UniteAge(unit).label
    if value < 2 and label != "mois":
        label = label.removesuffix("s")
    return f"{value}\u00a0{label}"
