"""Every periodic task, one readable timetable (hours are Paris hours).

Each task is idempotent: two schedulers or a jump of the clock change nothing.
"""

from datetime import timedelta
from typing import Any

from celery.schedules import crontab

DAILY_EXPIRES = 12 * 3600  # s: workers down at dawn still send the reminders of the day


def entry(task: str, cadence: timedelta | crontab) -> dict[str, Any]:
    """One line of the timetable; a run that waited until the next one is near is dropped."""
    expires = cadence.total_seconds() if isinstance(cadence, timedelta) else DAILY_EXPIRES
    return {"task": task, "schedule": cadence, "options": {"expires": expires}}


SCHEDULE = {
    "sweep-outbox": entry("engine.tasks.sweep_outbox", timedelta(seconds=30)),
    "run-clocks": entry("access.tasks.run_clocks", timedelta(minutes=1)),
    "apply-publications": entry("referentiel.tasks.apply_publications", timedelta(minutes=5)),
    "tell-followers": entry("referentiel.tasks.tell_followers", crontab(hour="7", minute="0")),
    "forget-abandoned": entry("referentiel.tasks.forget_abandoned", crontab(hour="3", minute="45")),
    "prepare-reminders": entry("access.tasks.prepare_reminders", crontab(hour="6", minute="0")),
    "purge-idle-drafts": entry("access.tasks.purge_idle_drafts", crontab(hour="3", minute="30")),
    "sweep-orphan-files": entry("access.tasks.sweep_orphan_files", crontab(hour="3", minute="45")),
    "compute-figures": entry("access.tasks.compute_figures", crontab(hour="4", minute="15")),
    "forget-answers": entry("engine.tasks.forget_answers", crontab(hour="3", minute="45")),
}
