"""Who acts: a person under an affectation, or a named system actor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class SystemActor:
    """A part of the software that acts by itself: the clock, the router of requests."""

    name: str
    pk: None = None
    affectation: None = None
    is_system: bool = True
    is_active: bool = True
    is_authenticated: bool = True

    @property
    def full_name(self) -> str:
        return self.name


CLOCK = SystemActor("Horloge de Placet")
ROUTER = SystemActor("Aiguillage de Placet")


@dataclass(frozen=True)
class Signature:
    """What the journal keeps of an actor: person, role and organisation, as they were."""

    actor_id: UUID | None
    actor_label: str
    role: str
    organisation_id: UUID | None
    organisation_label: str


def signature(actor: Any) -> Signature:
    """Read the actor's person, role and organisation for the journal."""
    affectation = getattr(actor, "affectation", None)
    return Signature(
        actor_id=actor.pk,
        actor_label=actor.full_name,
        role=affectation.role if affectation else "",
        organisation_id=affectation.organisation_id if affectation else None,
        organisation_label=affectation.organisation.nom if affectation else "",
    )
