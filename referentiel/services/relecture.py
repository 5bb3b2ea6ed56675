"""What a proposal says: the values of an object as a form writes them, and what would differ.

The forms stand above the services: each registers here the function that reads a proposal, so
that the same form checks the values when they are proposed and again when they are published.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import Model

from engine.errors import Conflict
from referentiel.dates import jour_court
from referentiel.models import Publication
from referentiel.states import NaturePublication

Builder = Callable[[Publication, Mapping[str, Any] | None], Any]
_builders: dict[str, Builder] = {}
M = TypeVar("M", bound=Model)
RIEN = "–"


@dataclass(frozen=True)
class Difference:
    """One field of a proposal: what stands, what would stand."""

    champ: str
    label: str
    avant: str
    apres: str


def reads(*natures: NaturePublication) -> Callable[[Builder], Builder]:
    """Name the function that builds the form of some natures, empty or filled."""

    def register(function: Builder) -> Builder:
        for nature in natures:
            _builders[nature] = function
        return function

    return register


def form_of(publication: Publication, values: Mapping[str, Any] | None = None) -> Any:
    """The form of a proposal: unbound it holds today's values, bound it checks the given ones."""
    return _builders[publication.nature](publication, values)


def subject(model: type[M], publication: Publication) -> M:
    """The object of a proposal, as it is now."""
    return model._default_manager.get(pk=publication.objet_id)


def plain(value: Any) -> Any:
    """A value as JSON keeps it and as a form reads it back."""
    if value is None:
        return ""
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool | int | str):
        return value.replace("\r\n", "\n") if isinstance(value, str) else value
    return str(value)


def state_of(publication: Publication) -> dict[str, Any]:
    """What the object of a proposal holds today, field by field."""
    form = form_of(publication)
    return {
        name: plain(form.get_initial_for_field(field, name)) for name, field in form.fields.items()
    }


def proposed(form: Any) -> dict[str, Any]:
    """What a valid form asks to write, field by field."""
    return {name: plain(form.cleaned_data.get(name)) for name in form.fields}


def digest(values: Mapping[str, Any]) -> str:
    """A fingerprint of values: what a person has read."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def fields_moved(publication: Publication) -> list[str]:
    """The proposed fields that someone else has changed meanwhile."""
    today = state_of(publication)
    return [
        name for name in publication.valeurs if today.get(name) != publication.avant.get(name, "")
    ]


def checked(publication: Publication) -> Any:
    """The bound form of a proposal, laid over what the object holds today."""
    return form_of(publication, {**state_of(publication), **publication.valeurs})


def differences(
    publication: Publication, before: Mapping[str, Any] | None = None
) -> list[Difference]:
    """The proposed fields, old → new, in the words of the form."""
    form = form_of(publication)
    held = publication.avant if before is None else before
    return [
        Difference(
            name,
            str(field.label or name),
            in_words(field, held.get(name, "")),
            in_words(field, publication.valeurs[name]),
        )
        for name, field in form.fields.items()
        if name in publication.valeurs and held.get(name, "") != publication.valeurs[name]
    ]


@dataclass(frozen=True)
class Relecture:
    """What the second person reads: the difference, and whether the object moved meanwhile."""

    differences: list[Difference]
    perimee: bool
    maintenant: list[Difference]
    lu: str


def read_again(publication: Publication) -> Relecture:
    """The difference as proposed and, when the object changed since, as it stands today."""
    today = state_of(publication)
    perimee = today != publication.avant
    return Relecture(
        differences=differences(publication),
        perimee=perimee,
        maintenant=differences(publication, today) if perimee else [],
        lu=digest(today),
    )


def in_words(field: Any, value: Any) -> str:
    """A plain value as people read it: label of a choice, day, yes or no."""
    if value is True or value is False:
        return "oui" if value else "non"
    if value in ("", None):
        return RIEN
    choices = getattr(field, "choices", None)
    if choices is not None:
        return next((str(label) for key, label in choices if str(key) == str(value)), str(value))
    if type(field).__name__ == "DateField":
        return jour_court(date.fromisoformat(str(value)))
    return str(value)


def gone() -> Conflict:
    """The object of a proposal is not there any more."""
    return Conflict("Ce que cette proposition change n'existe plus.")
