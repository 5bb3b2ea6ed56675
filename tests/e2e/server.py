"""Placet served for the browser as `make demo` serves it: one process, own folder, own database.

The database is a copy of one migrated once; `tests/config/test_demo.py` starts from nothing.
"""

import os
import subprocess
import sys
from contextlib import suppress
from email import message_from_bytes, policy
from pathlib import Path

from tests.migrated import copy_sqlite, postgres_template
from tests.services import create_database, delete_keys, drop_databases, with_path
from tests.waiting import answers, free_port, wait_until

ROOT = Path(__file__).resolve().parents[2]
READY = "/sante/pret"


class Server:
    """Embedded by default; on PostgreSQL and Redis when DATABASE_URL and REDIS_URL are given."""

    def __init__(self, folder):
        self.folder, self.port = Path(folder), free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.log = self.folder / "server.log"
        self.postgres, self.redis = os.environ.get("DATABASE_URL"), os.environ.get("REDIS_URL")
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "PLACET_VAR_DIR": str(folder),
            "PYTHONUNBUFFERED": "1",
        }
        if self.postgres:
            self.name = f"{self.postgres.rsplit('/', 1)[1]}_e2e"
            self.environment["DATABASE_URL"] = with_path(self.postgres, self.name)
        if self.redis:
            self.prefix = f"{os.environ.get('REDIS_PREFIX', 'placet_e2e:')}e2e:"
            self.environment |= {"REDIS_URL": self.redis, "REDIS_PREFIX": self.prefix}

    def __enter__(self):
        if self.postgres:
            create_database(self.postgres, self.name, postgres_template(self.postgres))
        else:
            copy_sqlite(self.folder / "placet.sqlite3").close()
        command = ["tests/e2e/serve.py"] if self.postgres else ["manage.py", "demo", "--port"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, *command, str(self.port)],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            self.wait_for(self._ready, "served", 400)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error):
        with suppress(ProcessLookupError):
            self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)
        if self.postgres:
            drop_databases(self.postgres, self.name)
        if self.redis:
            delete_keys(self.redis, self.prefix)

    def _ready(self):
        assert self.process.poll() is None, f"stopped at once:\n{self.output()}"
        return answers(self.base_url + READY)

    def output(self):
        return self.log.read_text(errors="replace")[-4000:]

    def mails(self, address):
        """The mails sent so far to one address, as the mail backend wrote them."""
        found = []
        for path in sorted((self.folder / "mails").glob("*.log")):
            for part in path.read_bytes().split(b"-" * 79):
                mail = message_from_bytes(part.strip(), policy=policy.default)
                if mail["To"] == address:
                    found.append(mail)
        return found

    def wait_for(self, condition, what, seconds=180):
        """Ask again until the condition holds; otherwise fail with the server's last words."""
        return wait_until(condition, what, seconds, self.output)
