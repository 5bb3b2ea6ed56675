"""What can be read from a strength and counted from a dosage; no dose is ever computed."""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, Decimal

_UNIT = re.compile(
    r"\d\s*(mg|µg|microgrammes?|mcg|g|kg|ml|M\.?U\.?I\.?|U\.?I\.?|unités?|MBq|GBq)\b", re.IGNORECASE
)
_SPELLED = {"microgramme": "µg", "microgrammes": "µg", "mcg": "µg", "unité": "U", "unités": "U"}
_KEPT = {unit.casefold(): unit for unit in ("mg", "µg", "g", "kg", "ml", "MUI", "UI", "MBq", "GBq")}


def unit_of(strength: str) -> str:
    """The unit a strength is written in (« 25 mg/5 ml » → « mg »); empty when unknown."""
    found = _UNIT.search(strength)
    if found is None:
        return ""
    word = found.group(1).replace(".", "").casefold()
    return _SPELLED.get(word) or _KEPT.get(word, "")


def total_quantity(units_a_day: Decimal | None, days: int | None) -> Decimal | None:
    """UCD units of a whole treatment, rounded up to a whole unit; None when not known yet."""
    if not units_a_day or not days:
        return None
    return (units_a_day * days).to_integral_value(ROUND_CEILING)
