"""What a refused step says: each error is a French sentence with its HTTP meaning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.steps import Blocker


class StepError(Exception):
    """A step that was not done; nothing was changed."""

    status = 400

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Forbidden(StepError):
    """The actor holds no right to this step on this subject."""

    status = 403


class Conflict(StepError):
    """The subject has moved on: another state or version than the one acted upon."""

    status = 409

    def __init__(self, message: str, *, state: str = "", version: int | None = None) -> None:
        super().__init__(message)
        self.state = state
        self.version = version


class Blocked(StepError):
    """The step is permitted but something is missing; `blockers` lists what."""

    status = 422

    def __init__(self, blockers: Sequence[Blocker]) -> None:
        super().__init__(" ".join(b.message for b in blockers))
        self.blockers = list(blockers)


class InvalidInput(StepError):
    """The step's form refuses the data; `form` carries the sentence of each field."""

    status = 422

    def __init__(
        self, message: str, *, form: Any = None, errors: dict[str, list[str]] | None = None
    ) -> None:
        super().__init__(message)
        self.form = form
        self.errors = errors or {}
