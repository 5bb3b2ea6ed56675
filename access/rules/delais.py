"""Dates of the AAC: longest term, targets, deadlines, reminders before the end."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Mapping
from datetime import date, timedelta

from access.states import ModeJustification, Voie
from engine.clocks import add_working_days


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or the last day of that month; the calendar ends in 9999."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def latest_end(start: date, parametres: Mapping[str, str]) -> date:
    """The last day an AAC begun on `start` may have: one year less a day (R. 5121-74-3 I)."""
    return add_months(start, int(parametres["aac.duree_max_mois"])) - timedelta(days=1)


def end_of(start: date, days: int) -> date:
    """The last day of a treatment of `days` days; the calendar ends in 9999."""
    return start + min(timedelta(days=days - 1), date.max - start)


def lane(mode: str, criteria_met: bool) -> Voie:
    """Criteria all met: the fast lane with a pre-filled proposal; else the full one."""
    if mode == ModeJustification.CRITERES and criteria_met:
        return Voie.ACCELEREE
    return Voie.COMPLETE


def target_day(
    transmitted: date, voie: str, parametres: Mapping[str, str], holidays: Collection[date]
) -> date:
    """The day the agency aims at; no text sets one, and silence never decides."""
    code = (
        "aac.cible_criteres_jours_ouvres"
        if voie == Voie.ACCELEREE
        else "aac.cible_justification_jours_ouvres"
    )
    return add_working_days(transmitted, int(parametres[code]), holidays)


def complement_closable_on(
    deadline: date, reminded: date | None, parametres: Mapping[str, str]
) -> date | None:
    """The first day a request left unanswered may be closed: deadline and reminder both over."""
    if reminded is None:
        return None
    after_reminder = reminded + timedelta(days=int(parametres["aac.complement_relance_jours"]))
    return max(deadline, after_reminder) + timedelta(days=1)


def expiry_reminders(
    start: date, end: date, decided: date, parametres: Mapping[str, str]
) -> list[tuple[date, str]]:
    """When to recall the end of an AAC, with the name of each reminder (D-90 … D0).

    None is dated before the decision. A short authorisation (up to 30 days) is only recalled
    at half-life, the day before and the last day.
    """
    short = (end - start).days + 1 <= int(parametres["aac.validite_courte_jours"])
    if short:
        half = start + (end - start) / 2
        days = [(half, "MI_VIE"), (end - timedelta(days=1), "J-1"), (end, "J0")]
    else:
        spans = [int(n) for n in parametres["aac.rappels_expiration"].split(",")]
        days = [(end - timedelta(days=n), f"J-{n}" if n else "J0") for n in spans]
    due: dict[date, str] = {}
    for day, name in days:
        if day >= decided:
            due[day] = name
    return sorted(due.items())
