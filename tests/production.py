"""Placet as in production, without containers: the compose file's commands as processes."""

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import yaml

from tests.services import create_database, delete_keys, drop_databases, with_path
from tests.waiting import free_port, wait_until

ROOT = Path(__file__).resolve().parents[1]
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
SECRET = "zK3vQ8wB1nM6xT9pL4cR7yH2jF5dS0gA" * 2


class Production:
    """Own database, own Redis prefix, own folder; processes are ended by their id."""

    def __init__(self, database_url, redis_url, email_url, folder):
        self.folder, self.port = Path(folder), free_port()
        self.postgres = database_url
        self.name = f"{database_url.rsplit('/', 1)[1]}_production"
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.processes: dict[str, subprocess.Popen] = {}
        self.environment = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(folder),
            "DJANGO_SETTINGS_MODULE": "config.settings.prod",
            "SECRET_KEY": SECRET,
            "ALLOWED_HOSTS": "127.0.0.1",
            "CSRF_TRUSTED_ORIGINS": "https://127.0.0.1",
            "PLACET_BASE_URL": self.base_url,
            "PLACET_VAR_DIR": str(folder),
            "STATIC_ROOT": str(self.folder / "static"),
            "DATABASE_URL": with_path(database_url, self.name),
            "REDIS_URL": redis_url,
            "REDIS_PREFIX": f"{self.name}:",
            "EMAIL_URL": email_url,
            "PLACET_OUTBOX_LEASE": "10",
        }

    def __enter__(self):
        create_database(self.postgres, self.name)
        return self

    def __exit__(self, *error):
        for name in list(self.processes):
            self.stop(name)
        drop_databases(self.postgres, self.name)
        delete_keys(self.environment["REDIS_URL"], self.environment["REDIS_PREFIX"])

    def run(self, *command):
        """Run one command to its end; its output."""
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def manage(self, *arguments):
        return self.run("python", "manage.py", *arguments)

    def start(self, service):
        """Start a service with the very command of the compose file, on a free port."""
        command = [
            part.replace("0.0.0.0:8000", f"127.0.0.1:{self.port}")
            for part in SERVICES[service]["command"]
        ]
        log = (self.folder / f"{service}.log").open("ab")
        self.processes[service] = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        log.close()
        return self.processes[service]

    def stop(self, service):
        """Ask the process to end, then wait; kill it after 20 seconds."""
        process = self.processes.pop(service)
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)

    def kill(self, service):
        """Kill -9 a service and the processes it started: its own group, nothing else."""
        process = self.processes.pop(service)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)

    def log(self, service):
        return (self.folder / f"{service}.log").read_text(errors="replace")

    def get(self, path, **headers):
        """Status and body of a page, as the TLS proxy would ask it."""
        page = urllib.request.Request(
            self.base_url + path, headers={"X-Forwarded-Proto": "https", **headers}
        )
        try:
            with urllib.request.urlopen(page, timeout=15) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
            return 0, str(error)

    def wait_for(self, condition, what, seconds=60):
        """Wait until the condition holds; otherwise fail with the logs."""
        return wait_until(condition, what, seconds, self.logs)

    def logs(self):
        return "\n".join(f"--- {name}\n{self.log(name)[-2000:]}" for name in self.processes)
