"""Money and numbers of a billable line, always in Decimal, rounded once."""

from decimal import ROUND_HALF_UP, Decimal

THOUSANDTH = Decimal("0.001")
MAXIMUM = Decimal("9999999.999")
"""Largest number and largest amount of the 7+3 columns of FICHCOMP (ATIH formats MCO)."""


def line_amount(unit_price: Decimal, number: Decimal) -> Decimal:
    """The line total: unit price × number, rounded once, half up, to the thousandth of a euro."""
    return (unit_price * number).quantize(THOUSANDTH, rounding=ROUND_HALF_UP)


def overflows(value: Decimal) -> bool:
    """Whether the value exceeds what the 7+3 columns can hold."""
    return value > MAXIMUM


def variation(current: Decimal, previous: Decimal) -> Decimal | None:
    """The change from one amount to the next in whole per cent, None when there was nothing."""
    if not previous:
        return None
    return ((current - previous) * 100 / previous).quantize(Decimal(1), rounding=ROUND_HALF_UP)
