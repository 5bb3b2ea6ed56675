"""The relay as a task. A message is only a doorbell: the timetable sweeps without any."""

import structlog
from celery import shared_task
from kombu.exceptions import OperationalError

from engine import idempotency
from engine.outbox import relay

log = structlog.get_logger(__name__)


BATCH = 200


@shared_task(name="engine.tasks.sweep_outbox")
def sweep_outbox() -> int:
    """Deliver what the outbox holds, by batches short enough for a task's time limit."""
    delivered = relay(BATCH)
    if delivered == BATCH:
        ring()
    return delivered


@shared_task(name="engine.tasks.forget_answers")
def forget_answers() -> int:
    """Erase the answers kept for repeated requests, once they are old."""
    return idempotency.forget_old()


def ring() -> None:
    """Wake a worker now; with the broker down the sweep will find the rows later."""
    try:
        sweep_outbox.apply_async(retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        log.warning("broker_unreachable", error=type(error).__name__)
