"""The state of each subject as its journal tells it, to compare with the one on its row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model
from django_fsm import FSMField

from engine.journal import subject_type
from engine.models import Entry


@dataclass(frozen=True)
class Divergence:
    """A subject whose journal and row disagree."""

    subject_type: str
    subject_id: Any
    reason: str

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id} : {self.reason}"


def divergences() -> Iterator[Divergence]:
    """Walk every journal: each step starts where the last ended, and so stands every row."""
    for model in apps.get_models():
        if _has_states(model) and not model._meta.proxy:
            yield from _compare(model)


def _has_states(model: type[Model]) -> bool:
    return any(isinstance(field, FSMField) for field in model._meta.get_fields())


def _compare(model: type[Model]) -> Iterator[Divergence]:
    kind = subject_type(model)
    told: dict[Any, str] = {}
    broken: set[Any] = set()
    entries = Entry.objects.filter(subject_type=kind).order_by("subject_id", "seq")
    fields = ("subject_id", "seq", "from_state", "to_state")
    for pk, seq, origin, target in entries.values_list(*fields).iterator():
        before = told.get(pk, "")
        if origin and before and origin != before and pk not in broken:
            broken.add(pk)
            yield Divergence(kind, pk, f"l'acte n° {seq} part de {origin}, pas de {before}")
        told[pk] = target or before
    states = model._base_manager.order_by("pk").values_list("pk", "state")
    for pk, state in states.iterator():
        if not told.get(pk):
            yield Divergence(kind, pk, f"état {state}, le journal n'en dit rien")
        elif told[pk] != state and pk not in broken:
            yield Divergence(kind, pk, f"état {state}, le journal dit {told[pk]}")
