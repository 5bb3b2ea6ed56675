"""Public holidays, a dated table (Code du travail, L. 3133-1): rule, and the year it began."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

# (month, day, first year it applies)
FIXES = (
    (1, 1, 1811),
    (5, 1, 1947),
    (5, 8, 1982),
    (7, 14, 1880),
    (8, 15, 1803),
    (11, 1, 1803),
    (11, 11, 1922),
    (12, 25, 1803),
)
# Days after Easter Sunday: Easter Monday, Ascension, Whit Monday.
MOBILES = (1, 39, 50)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Butcher's computation)."""
    century, rest = divmod(year, 100)
    golden = year % 19
    leap, leap_rest = divmod(century, 4)
    proemptosis = (century + 8) // 25
    metemptosis = (century - proemptosis + 1) // 3
    epact = (19 * golden + century - leap - metemptosis + 15) % 30
    quarter, quarter_rest = divmod(rest, 4)
    weekday = (32 + 2 * leap_rest + 2 * quarter - epact - quarter_rest) % 7
    correction = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * correction + 114, 31)
    return date(year, month, day + 1)


@cache
def jours_feries(year: int) -> frozenset[date]:
    """The public holidays of a year."""
    sunday = easter(year)
    fixed = {date(year, month, day) for month, day, since in FIXES if year >= since}
    return frozenset(fixed | {sunday + timedelta(days=n) for n in MOBILES})


def feries_autour(day: date) -> frozenset[date]:
    """The holidays of the year of a day and of the next, enough for any working-day count."""
    return jours_feries(day.year) | jours_feries(day.year + 1)
