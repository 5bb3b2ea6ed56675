"""The timetable's tasks: short, idempotent, each calling one service and leaving a heartbeat."""

from celery import shared_task

from access.services import chiffres, clock, drafts, pieces, reminders
from engine.clocks import now, real_now, today
from engine.models import Heartbeat


def _beat(name: str) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"at": real_now()})


@shared_task(name="access.tasks.run_clocks")
def run_clocks() -> int:
    """Begin, expire, remind: what the minute brings."""
    done = clock.run_clocks(now())
    _beat("run_clocks")
    return done


@shared_task(name="access.tasks.prepare_reminders")
def prepare_reminders() -> int:
    """The day's reminders, written once whatever the number of schedulers."""
    written = reminders.prepare_reminders(today())
    _beat("prepare_reminders")
    return written


@shared_task(name="access.tasks.purge_idle_drafts")
def purge_idle_drafts() -> int:
    """Drafts that nobody touched for long are erased."""
    purged = drafts.purge_idle_drafts(today())
    _beat("purge_idle_drafts")
    return int(purged or 0)


@shared_task(name="access.tasks.sweep_orphan_files")
def sweep_orphan_files() -> int:
    """Files no row speaks of, left by a crash between bytes and commit, are erased."""
    erased = pieces.sweep_orphans()
    _beat("sweep_orphan_files")
    return erased


@shared_task(name="access.tasks.compute_figures")
def compute_figures() -> int:
    """The public figures, recomputed from the journal."""
    kept = chiffres.recompute()
    _beat("compute_figures")
    return kept
