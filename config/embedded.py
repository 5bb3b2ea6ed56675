"""Worker and timetable as threads of one process, for the embedded wiring only.

Never under gunicorn: threads do not survive its forks.
"""

import threading
from typing import Any

from celery import Celery
from celery.beat import EmbeddedService

from engine.stopping import stopping


class EmbeddedWorker:
    """A Celery worker with two threads, and the beat, inside this process."""

    def __init__(self, app: Celery) -> None:
        # Tasks must be known before the worker's thread starts.
        app.loader.import_default_modules()
        self.app = app
        self.worker: Any = app.WorkController(
            pool="threads",
            concurrency=2,
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
        )
        self.thread = threading.Thread(target=self.worker.start, name="worker", daemon=True)
        self.beat: Any = EmbeddedService(app, thread=True, scheduler_cls="celery.beat:Scheduler")
        self.beat.daemon = True

    def start(self) -> None:
        """Start both, then run the timetable once: what was due while stopped is done now."""
        stopping.clear()
        self.thread.start()
        self.beat.start()
        for line in self.app.conf.beat_schedule.values():
            self.app.send_task(line["task"])

    def stop(self) -> None:
        """Let the row under way be delivered, then stop; what waits is sent at the next start."""
        stopping.set()
        self.beat.stop()
        self.worker.stop()
        self.thread.join(timeout=5)
