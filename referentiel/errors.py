"""How the services of the référentiel refuse: in one sentence, tied to a field."""

from __future__ import annotations

from engine.errors import Blocked
from engine.steps import Blocker


def refused(message: str, field: str = "") -> Blocked:
    """The error of one obstacle, and the field that cures it."""
    return Blocked([Blocker(field or "refus", message, field)])
