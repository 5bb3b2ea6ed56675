"""Whether a dispensing may still be cancelled: what stands above access says why not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# Billing stands above access: it says by this door that units are already in a file.
Obstacle = Callable[[Any], str]
_obstacles: list[Obstacle] = []


def prevents_cancelling(function: Obstacle) -> Obstacle:
    """Register why a dispensing may not be cancelled: a sentence, or nothing."""
    _obstacles.append(function)
    return function


def cancelling_obstacle(dispensation: Any) -> str:
    """The sentence that forbids to cancel a dispensing, empty when nothing does."""
    return next((said for obstacle in _obstacles if (said := obstacle(dispensation))), "")
