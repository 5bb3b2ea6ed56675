"""`manage.py demo` as people start it: a real process, an empty folder, then again."""

import os
import resource
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from config.demo import removable_paths
from tests.waiting import answers, free_port, wait_until

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="embedded wiring only"),
]


def start(folder, port, *options):
    """Start the demonstration with nothing of this process's settings, deaf to Ctrl+C.

    A shell starts what it puts in the background so.
    """
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PLACET_VAR_DIR": str(folder),
        "PYTHONUNBUFFERED": "1",
    }
    return subprocess.Popen(
        [sys.executable, "manage.py", "demo", f"--port={port}", *options],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )


def served(process, port, seconds):
    """Wait for the first answer of the demonstration; what it said if it ended instead."""

    def ready():
        assert process.poll() is None, process.communicate()[0][-3000:]
        return answers(f"http://127.0.0.1:{port}/sante/pret")

    try:
        wait_until(ready, "the demonstration served", seconds)
    except AssertionError:
        process.kill()
        raise


def processor_seconds():
    """What ended children of this process cost: a busy machine changes nothing of it."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def stop(process):
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output
    return output


def test_demo_prepares_itself_then_starts_within_seconds(tmp_path):
    port = free_port()
    process = start(tmp_path, port)
    served(process, port, 400)

    twin = start(tmp_path, free_port())
    output, _ = twin.communicate(timeout=60)
    assert twin.returncode == 1
    assert "tourne déjà" in output

    output = stop(process)
    assert f"http://127.0.0.1:{port}/" in output
    assert "Traceback" not in output

    before = processor_seconds()
    process = start(tmp_path, port)
    served(process, port, 120)
    assert "Chargement du référentiel" not in stop(process)
    assert processor_seconds() - before < 20


def test_busy_port_is_said_before_anything_is_made(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = start(tmp_path, taken.getsockname()[1])
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "n'est pas disponible" in output
    assert not (tmp_path / "placet.sqlite3").exists()


@pytest.mark.parametrize("port", ["abc", "0", "70000", "-1"])
def test_a_port_that_is_not_one_is_refused_in_one_sentence(tmp_path, port):
    output, _ = start(tmp_path, port).communicate(timeout=60)
    assert "n'est pas un numéro de port" in output
    assert "Traceback" not in output


def test_reset_removes_only_what_the_demonstration_made(settings, monkeypatch, tmp_path):
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = str(tmp_path / "files")
    settings.EMAIL_FILE_PATH = "/srv/elsewhere/mails"
    database = str(tmp_path / "placet.sqlite3")
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", database)
    removed = {path.relative_to(tmp_path).as_posix() for path in removable_paths()}
    assert removed == {
        "files",
        "placet.sqlite3",
        "placet.sqlite3-wal",
        "placet.sqlite3-shm",
        "placet.sqlite3-journal",
    }
