"""The one clock: what time it is, which day it is in Paris, and working days."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

PARIS = ZoneInfo("Europe/Paris")


def now() -> datetime:
    """This instant in UTC, moved by the demonstration offset when there is one."""
    return datetime.now(UTC) + settings.PLACET_CLOCK_OFFSET


def real_now() -> datetime:
    """This instant in UTC without offset: sessions, tokens and leases keep real time."""
    return datetime.now(UTC)


def today() -> date:
    """The day it is in Paris, where the legal day ends at 23:59."""
    return local(now()).date()


def local(instant: datetime) -> datetime:
    """The same instant read on a clock in Paris."""
    return instant.astimezone(PARIS)


def end_of_day(day: date) -> datetime:
    """The first instant of the next day in Paris: what is valid « on » a day ends here."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=PARIS)


def add_working_days(day: date, count: int, holidays: Collection[date]) -> date:
    """The day `count` working days after `day`, Saturdays, Sundays and holidays left out."""
    step = timedelta(days=1)
    while count > 0:
        day += step
        if day.weekday() < 5 and day not in holidays:
            count -= 1
    return day
