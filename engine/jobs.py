"""Jobs: work of an upper app that a step asks for by name, done by the relay."""

from __future__ import annotations

from collections.abc import Callable

from engine.models import Outbox
from engine.outbox import Undeliverable, handler

Job = Callable[[Outbox], None]
_jobs: dict[str, Job] = {}


def job_handler(name: str) -> Callable[[Job], Job]:
    """Name the function that does one job; it may be called again, so it must be idempotent."""

    def register(function: Job) -> Job:
        _jobs[name] = function
        return function

    return register


@handler("job")
def run_job(row: Outbox) -> None:
    """Do the job a row names; a name nobody answers to is dropped, and said."""
    if row.name not in _jobs:
        raise Undeliverable(f"travail inconnu : {row.name}")
    _jobs[row.name](row)
