"""How days, instants, sums and delays are written in French for people; pure functions."""

import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

NBSP = "\u00a0"
NB_HYPHEN = "\u2011"  # « J‑3 » stays on one line
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
SHORT_MONTHS = (
    "janv.",
    "févr.",
    "mars",
    "avr.",
    "mai",
    "juin",
    "juil.",
    "août",
    "sept.",
    "oct.",
    "nov.",
    "déc.",
)
CENT, TENTH = Decimal("0.01"), Decimal("0.1")


def write_day(day: date, months: tuple[str, ...]) -> str:
    """A day as « 21 nov. 2026 »; the first of a month is « 1er »."""
    number = "1er" if day.day == 1 else str(day.day)
    return NBSP.join((number, months[day.month - 1], str(day.year)))


def write_time(moment: datetime) -> str:
    """A time of day as « 14:02 »."""
    return f"{moment:%H:%M}"


def write_number(value: Decimal | int) -> str:
    """A number as « 1 234 » or « 20,5 », without its useless zeros."""
    text = f"{Decimal(value):f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return _french(text)


def write_amount(value: Decimal | int) -> str:
    """A sum as « 1 234,50 € », rounded to the cent."""
    text = f"{Decimal(value).quantize(CENT, rounding=ROUND_HALF_UP):f}"
    return f"{_french(text)}{NBSP}€"


def write_price(value: Decimal | int) -> str:
    """A unit price as « 58,90 € » or « 0,4375 € »: two decimals at least, none is lost."""
    text = write_number(value)
    places = len(text.partition(",")[2])
    padding = "0" * max(0, 2 - places)
    return f"{text}{'' if places else ','}{padding}{NBSP}€" if padding else f"{text}{NBSP}€"


def write_size(octets: int) -> str:
    """The size of a file: « 245 ko », « 1,2 Mo »."""
    if octets < 1_000_000:
        return f"{max(1, round(octets / 1000))}{NBSP}ko"
    return f"{write_number(Decimal(octets) / 1_000_000 // TENTH * TENTH)}{NBSP}Mo"


def write_elapsed(elapsed: timedelta) -> str:
    """How long a turn has lasted: « depuis 2 h », « depuis 3 jours »."""
    minutes = int(elapsed.total_seconds() // 60)
    if minutes < 1:
        return "depuis un instant"
    if minutes < 60:
        return f"depuis {minutes}{NBSP}min"
    if minutes < 24 * 60:
        return f"depuis {minutes // 60}{NBSP}h"
    days = minutes // (24 * 60)
    return f"depuis {days}{NBSP}jour{'s' if days > 1 else ''}"


def write_days_left(days: int) -> str:
    """The days before a date: « J-3 », « aujourd'hui », then « retard de 2 j »."""
    if days > 0:
        return f"J{NB_HYPHEN}{days}"
    return "aujourd'hui" if days == 0 else f"retard de {-days}{NBSP}j"


def write_within(label: str) -> str:
    """A label inside a sentence: « transmise à l'ANSM », its acronyms kept."""
    return label[:1].lower() + label[1:]


def write_typography(text: str) -> str:
    """The no-break spaces French wants before : ; ! ? » and after «."""
    text = re.sub(r"[ \u00a0\u202f]+([;:!?»])", rf"{NBSP}\1", text)
    return re.sub(r"«[ \u00a0\u202f]+", f"«{NBSP}", text)


def _french(plain: str) -> str:
    sign, digits = ("-", plain[1:]) if plain.startswith("-") else ("", plain)
    whole, _, decimals = digits.partition(".")
    grouped = f"{int(whole):,}".replace(",", NBSP)
    return f"{sign}{grouped},{decimals}" if decimals else f"{sign}{grouped}"
