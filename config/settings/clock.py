"""Reading of PLACET_CLOCK_OFFSET."""

import re
from datetime import timedelta

from django.core.exceptions import ImproperlyConfigured

UNITS = {"d": "days", "h": "hours", "m": "minutes"}
FARTHEST = timedelta(days=100 * 366)


def parse_offset(text: str) -> timedelta:
    """`+90d`, `-2h` or `15m`: how far the demonstration clock is from real time."""
    if not text.strip():
        return timedelta(0)
    match = re.fullmatch(r"([+-]?)(\d{1,8})([dhm])", text.strip(), re.ASCII)
    offset = timedelta(**{UNITS[match[3]]: int(match[2])}) if match else FARTHEST
    if match is None or offset >= FARTHEST:
        raise ImproperlyConfigured(
            f"PLACET_CLOCK_OFFSET : « {text} » est illisible, ou dépasse cent ans ; "
            "écrire par exemple +90d, -2h ou 15m."
        )
    return -offset if match[1] == "-" else offset
