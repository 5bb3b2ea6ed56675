"""What several forms share: a web page, a choice to make."""

from __future__ import annotations

from typing import Any

from django import forms

CHOISIR = "Choisir…"


def page_field(label: str, max_length: int = 500) -> forms.URLField:
    """The address of a page, or nothing."""
    return forms.URLField(
        label=label,
        required=False,
        max_length=max_length,
        assume_scheme="https",
        error_messages={"invalid": "Donnez l'adresse entière, par exemple https://ansm.sante.fr."},
    )


def ask_to_choose(field: Any) -> None:
    """The first line of a list of a model says what to do."""
    field.choices = [("", CHOISIR), *((value, text) for value, text in field.choices if value)]
