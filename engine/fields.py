"""The house's date field: a day typed or picked, in a plausible span of years."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from engine.clocks import today

# From the oldest birth to the farthest plan: beyond, a year was typed wrong.
YEARS_BEFORE, YEARS_AFTER = 130, 10


def day_input() -> forms.DateInput:
    """A day, as the browser's own field writes it."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def span(on: date) -> tuple[date, date]:
    """The first and the last day a date may be."""
    return date(on.year - YEARS_BEFORE, 1, 1), date(on.year + YEARS_AFTER, 12, 31)


class Jour(forms.DateField):
    """A day; a year nobody means is refused at its place."""

    def __init__(self, label: str | None = None, **kwargs: Any) -> None:
        options: dict[str, Any] = {
            "widget": day_input(),
            "input_formats": ["%Y-%m-%d", "%d/%m/%Y"],
            "error_messages": {"invalid": "Cette date n'existe pas : écrivez jour, mois et année."},
        }
        super().__init__(label=label, **(options | kwargs))

    def validate(self, value: Any) -> None:
        super().validate(value)
        first, last = span(today())
        if value is not None and not first <= value <= last:
            raise forms.ValidationError(
                f"Relisez l'année : elle se situe entre {first.year} et {last.year}.",
                code="invraisemblable",
            )
