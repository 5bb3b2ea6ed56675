"""What a change of the référentiel touches in the apps above, asked without importing them.

An upper app answers by registering a function at `ready()`:

    from referentiel.selectors.touches import Touche, previews_parametre

    @previews_parametre
    def open_dossiers(code: str, valeur: str, on: date) -> list[Touche]: ...

`open_dossiers` lists the open subjects (never the decided ones) whose clock would move if the
parameter `code` took the value `valeur` from the day `on`; it returns [] for a code it ignores.
A `Touche` names its subject by its public number only: no patient, no health data.

Before a list is applied, its review shows how many open subjects each product counts:

    @register_counter
    def held(produits: Collection[UUID]) -> Mapping[UUID, Compte]: ...

A product that nothing concerns may be left out of the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Touche:
    """One open subject a change moves: its number, its date before and after.

    No address: who changes a parameter reads no dossier.
    """

    libelle: str
    avant: str
    apres: str


@dataclass(frozen=True)
class Compte:
    """How many open requests and live authorisations hold one product."""

    dossiers: int = 0
    autorisations: int = 0


Counter = Callable[[Collection[UUID]], Mapping[UUID, Compte]]
Preview = Callable[[str, str, date], Iterable[Touche]]
Obstacle = Callable[[UUID], str]
_previews: list[Preview] = []
_obstacles: list[Obstacle] = []
_counters: list[Counter] = []


def previews_parametre(function: Preview) -> Preview:
    """Register what an upper app shows before a parameter changes."""
    if function not in _previews:
        _previews.append(function)
    return function


def parametre_preview(code: str, valeur: str, on: date) -> list[Touche]:
    """The open subjects whose clock would change if the parameter took this value on this day."""
    return [touche for preview in _previews for touche in preview(code, valeur, on)]


def prevents_regroupement(function: Obstacle) -> Obstacle:
    """Register why a product may not be merged into another: a sentence, or nothing."""
    if function not in _obstacles:
        _obstacles.append(function)
    return function


def regroupement_obstacles(produit: Any) -> list[str]:
    """What forbids to merge a product into another today."""
    return [reason for obstacle in _obstacles if (reason := obstacle(produit.pk))]


def register_counter(function: Counter) -> Counter:
    """Register how an upper app counts what it holds on each product."""
    if function not in _counters:
        _counters.append(function)
    return function


def counts_touched(produits: Collection[UUID]) -> dict[UUID, Compte] | None:
    """By product, what is open on it; None when no upper app counts."""
    if not _counters:
        return None
    found: dict[UUID, Compte] = {}
    for counter in _counters:
        for produit, compte in counter(produits).items():
            known = found.get(produit, Compte())
            found[produit] = Compte(
                known.dossiers + compte.dossiers, known.autorisations + compte.autorisations
            )
    return found
