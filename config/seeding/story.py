"""Stories told together in the order of time: the clock is set back to each of their moments.

A story is a generator that yields the moment of its next act, then does it.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import count

from django.conf import settings

from access.services.clock import run_clocks
from engine.clocks import PARIS, local, now, real_now, today

Story = Iterator[datetime]
MINUTE = timedelta(minutes=1)
LAST = timedelta(minutes=10)  # the acts of the present day end a little before now


def on(days_ago: float, hour: int = 9, minute: int = 0) -> datetime:
    """A moment some days ago (in the future of the story when it is told), never after now."""
    day = _present_day() - timedelta(days=int(days_ago))
    return datetime.combine(day, time(hour, minute), tzinfo=PARIS)


class Present:
    """The moment the stories lead to, and the clock's own offset, kept while they are told."""

    def __init__(self) -> None:
        self.offset = settings.PLACET_CLOCK_OFFSET
        self.at = now()


_present: list[Present] = []


def _present_day() -> date:
    return local(_present[-1].at).date() if _present else today()


@contextmanager
def telling() -> Iterator[Present]:
    """While stories are told the clock moves; it comes back to its own time whatever happens."""
    present = Present()
    _present.append(present)
    try:
        yield present
    finally:
        _present.pop()
        settings.PLACET_CLOCK_OFFSET = present.offset


def tell(stories: Iterable[Story]) -> int:
    """Do every act of every story, the oldest first; what the clock does by itself is done too."""
    with telling() as present:
        queue: list[tuple[datetime, int, Story]] = []
        order = count()
        for story in stories:
            _push(queue, order, story, present, present.at - timedelta(days=3650))
        done, day = 0, None
        while queue:
            moment, _, story = heapq.heappop(queue)
            settings.PLACET_CLOCK_OFFSET = moment - real_now()
            if day is not None and local(moment).date() != day:
                run_clocks(now())
            day = local(moment).date()
            _push(queue, order, story, present, moment)
            done += 1
    run_clocks(now())
    return done


def _push(
    queue: list[tuple[datetime, int, Story]],
    order: Iterator[int],
    story: Story,
    present: Present,
    after: datetime,
) -> None:
    """Do the act the story stands at, and queue it for the next one."""
    wanted = next(story, None)
    if wanted is not None:
        moment = max(min(wanted, present.at - LAST), after + MINUTE)
        heapq.heappush(queue, (moment, next(order), story))
