"""A database of its own for tests that need real processes: nothing is flushed, it is dropped."""

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from tests.migrated import copy_sqlite, postgres_template
from tests.services import create_database, drop_databases

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def own_database(folder):
    """A migrated database under the wiring of the running suite; yields its address."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        copy_sqlite(folder / "real.sqlite3").close()
        yield f"sqlite:///{folder / 'real.sqlite3'}"
        return
    name = f"{url.rsplit('/', 1)[-1]}_{uuid4().hex[:8]}"
    try:
        yield create_database(url, name, postgres_template(url))
    finally:
        drop_databases(url, name)


def environment(address, **more):
    """The variables of a process that works on a database."""
    hidden = {"DJANGO_ALLOW_ASYNC_UNSAFE", "PYTEST_CURRENT_TEST"}
    inherited = {k: v for k, v in os.environ.items() if k not in hidden}
    settings = {"DJANGO_SETTINGS_MODULE": "config.settings.test", "DATABASE_URL": address}
    return inherited | settings | more


def python(address, *arguments, timeout=600, **more):
    """Run a module of the tests on a database; return what it printed."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment(address, **more),
        capture_output=True,
        text=True,
        timeout=timeout,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def manage(address, *arguments, **more):
    """Run a management command on a database."""
    return python(address, "manage.py", *arguments, **more)
