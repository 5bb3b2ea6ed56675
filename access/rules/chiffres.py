"""Which figures may be published: no small cell, and none that the others give away.

Figures form a tree: all, then each cadre, then each product of a cadre. A group of cells is shown
beside the figure above them, so what is hidden in it must stay hidden by subtraction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil
from statistics import median
from typing import Generic, TypeVar

K = TypeVar("K")


def last_closed_day(day: date) -> date:
    """The Sunday of the week before: figures stop there, so that two nights' files are alike."""
    return day - timedelta(days=day.isoweekday())


def hidden_in(group: Mapping[K, int], parent: int, least: int) -> set[K]:
    """The cells of a group to hide, when the figure above them, `parent`, is published.

    First every cell under `least`, and every cell that leaves under `least` outside itself. Then
    the smallest of the others, one by one, as long as what is shown gives back a small number.
    The parent of acts is their sum; that of patients is not, one person may be in several cells.
    """
    found = {key for key, count in group.items() if count < least or 0 < parent - count < least}
    shown = sorted((key for key in group if key not in found), key=lambda k: (group[k], str(k)))
    for rank, key in enumerate(shown):
        if not _tells(parent - sum(group[k] for k in shown[rank:]), len(found), least):
            break
        found.add(key)
    return found


def _tells(rest: int, hidden: int, least: int) -> bool:
    """Whether the parent less the shown cells gives a number to hide.

    That rest is all the hidden cells hold outside the shown ones: one cell alone, a small group,
    or one in each. Under zero it is what the shown cells count twice.
    """
    return hidden == 1 or 0 < abs(rest) < least or 0 < hidden == rest


@dataclass
class Noeud(Generic[K]):
    """One figure and those under it."""

    compte: int = 0
    enfants: dict[K, Noeud[K]] = field(default_factory=dict)


def hidden_paths(tree: Noeud[K], least: int) -> set[tuple[K, ...]]:
    """The paths of a tree to hide, its top being `()`; under a hidden figure all is hidden."""
    found: set[tuple[K, ...]] = set()
    _walk(tree, (), tree.compte < least, least, found)
    return found


def _walk(
    node: Noeud[K], path: tuple[K, ...], hidden: bool, least: int, found: set[tuple[K, ...]]
) -> None:
    if hidden:
        found.add(path)
    group = {key: child.compte for key, child in node.enfants.items()}
    kept = hidden_in(group, node.compte, least)
    for key, child in node.enfants.items():
        _walk(child, (*path, key), hidden or key in kept, least, found)


def middle_and_p90(days: list[float]) -> tuple[float, float]:
    """The median, and the time nine in ten do not exceed (nearest rank), to a tenth of a day."""
    ranked = sorted(days)
    return round(median(ranked), 1), round(ranked[ceil(0.9 * len(ranked)) - 1], 1)
