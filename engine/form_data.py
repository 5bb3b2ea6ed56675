"""A JSON object read by the form that also reads the page, and that form told to a program."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from engine.errors import InvalidInput

KINDS: tuple[tuple[type[forms.Field], str], ...] = (
    (forms.ModelChoiceField, "reference"),
    (forms.MultipleChoiceField, "choix_multiple"),
    (forms.ChoiceField, "choix"),
    (forms.BooleanField, "booleen"),
    (forms.IntegerField, "nombre"),
    (forms.DateField, "date"),
    (forms.FileField, "fichier"),
)


def posted(values: Mapping[str, Any], form: Any = None) -> dict[str, Any]:
    """The values as a browser would post them; only a field of several choices reads a list."""
    several = _several(form)
    wrong = {
        name: ["Valeur illisible."]
        for name, value in values.items()
        if not (_listed(value) if name in several else _plain(value))
    }
    if wrong:
        raise InvalidInput("Certaines valeurs sont à revoir.", errors=wrong)
    return {name: _posted(value) for name, value in values.items()}


def checked(form: Any) -> dict[str, Any]:
    """The cleaned values of a form, or its sentences (422)."""
    if not form.is_valid():
        errors = {name: [str(e) for e in items] for name, items in form.errors.items()}
        raise InvalidInput("Certaines valeurs sont à revoir.", form=form, errors=errors)
    return dict(form.cleaned_data)


def _several(form: Any) -> set[str]:
    """The fields where several choices may be made."""
    fields = form.fields.items() if form is not None else ()
    return {name for name, field in fields if getattr(field.widget, "allow_multiple_selected", 0)}


def _listed(value: Any) -> bool:
    return value is None or (
        isinstance(value, list) and all(isinstance(item, str) for item in value)
    )


def _plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | bool)


def _posted(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, list):
        return value
    return str(value)


def described(form: forms.BaseForm) -> list[dict[str, Any]]:
    """The fields of a form: what each asks, whether it must be there, what it proposes."""
    return [_field(form, name, field) for name, field in form.fields.items()]


def _field(form: forms.BaseForm, name: str, field: forms.Field) -> dict[str, Any]:
    kind = next((told for known, told in KINDS if isinstance(field, known)), "texte")
    told: dict[str, Any] = {
        "nom": name,
        "libelle": str(field.label or name),
        "type": kind,
        "obligatoire": field.required,
        "aide": str(field.help_text),
        "valeur": _value(form.data.get(name) if form.is_bound else field.initial),
        "choix": [],
    }
    if kind in ("choix", "choix_multiple", "reference") and not isinstance(
        field.widget, forms.TextInput
    ):
        choices: Any = getattr(field, "choices", ())
        told["choix"] = [
            {"valeur": str(value), "libelle": str(label)}
            for value, label in choices
            if str(value) != ""
        ]
    return told


def _value(value: Any) -> Any:
    value = value() if callable(value) else value
    if isinstance(value, date | Decimal):
        return str(value)
    return (
        value if isinstance(value, str | int | float | bool | list) or value is None else str(value)
    )
