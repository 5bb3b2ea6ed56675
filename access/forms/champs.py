"""The fields the request form is made of: French numbers, yes or no, and a lenient form."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

OUI_NON = [("True", "Oui"), ("False", "Non")]


class LenientForm(forms.Form):
    """A draft may be incomplete: what sending will require is marked, never refused as empty."""

    use_required_attribute = False

    def full_clean(self) -> None:
        marked = [field for field in self.fields.values() if field.required]
        for field in marked:
            field.required = False
        super().full_clean()
        for field in marked:
            field.required = True


class OuiNon(forms.TypedChoiceField):
    """Yes, no, or not said yet."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=OUI_NON,
            coerce=lambda value: value == "True",
            empty_value=None,
            widget=forms.RadioSelect,
            error_messages={"invalid_choice": "Répondez par oui ou par non."},
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, bool) else value


class Choix(forms.ModelChoiceField):
    """One row among those offered; anything else is said in the field's own sentence."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError as error:
            raise ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice"
            ) from error


class Nombre(forms.DecimalField):
    """A number typed with a comma or a dot, in its bounds, with one sentence when it is not."""

    def __init__(
        self, *, low: str, high: str, places: int, sentence: str = "", **kwargs: Any
    ) -> None:
        told = sentence or f"Écrivez un nombre entre {_french(low)} et {_french(high)}."
        super().__init__(
            min_value=Decimal(low),
            max_value=Decimal(high),
            decimal_places=places,
            localize=True,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            error_messages={
                "invalid": told,
                "min_value": told,
                "max_value": told,
                "max_decimal_places": f"Écrivez au plus {places} chiffres après la virgule.",
            },
            **kwargs,
        )

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = "".join(value.split()).replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        return _french(f"{value.normalize():f}") if isinstance(value, Decimal) else value


def _french(number: str) -> str:
    return number.replace(".", ",")


def texte(label: str, length: int, *, listed: str = "", **kwargs: Any) -> forms.CharField:
    """A short text; `listed` names the list of usual answers it proposes."""
    attrs = {"autocomplete": "off"} | ({"list": listed} if listed else {})
    return forms.CharField(
        label=label,
        max_length=length,
        widget=forms.TextInput(attrs=attrs),
        error_messages={"max_length": f"Ce texte dépasse {length} caractères : abrégez-le."},
        **kwargs,
    )


def long_texte(label: str, length: int, rows: int = 3, **kwargs: Any) -> forms.CharField:
    """A text of several lines."""
    return forms.CharField(
        label=label,
        max_length=length,
        widget=forms.Textarea(attrs={"rows": rows, "maxlength": None}),
        error_messages={"max_length": f"Ce texte dépasse {length} caractères : abrégez-le."},
        **kwargs,
    )


class CritereRadio(forms.RadioSelect):
    """Yes or no to one criterion; the answer that leaves the criteria is marked for the page."""

    def __init__(self, attendu: bool) -> None:
        super().__init__(choices=OUI_NON)
        self.attendu = attendu

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if str(value) != str(self.attendu):
            option["attrs"]["data-ecart"] = "1"
        return option
