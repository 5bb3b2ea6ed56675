"""The documented script drives a whole AAC against a real server, with nothing but HTTP."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.real.database import environment, manage, own_database
from tests.waiting import answers, free_port, wait_until

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.processes


@pytest.fixture
def server(tmp_path):
    """A served database of checkers; yields its access file."""
    port = free_port()
    more = {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "PLACET_VAR_DIR": str(tmp_path),
        "PLACET_BASE_URL": f"http://127.0.0.1:{port}",
    }
    keys = tmp_path / "acces.json"
    with own_database(tmp_path) as address:
        manage(
            address, "checker_seed", "--orgs", "1", "--dossiers", "0", "--out", str(keys), **more
        )
        command = [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
        log = (tmp_path / "server.log").open("wb")
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment(address, **more), stdout=log, stderr=log
        )
        try:
            live = f"http://127.0.0.1:{port}/sante/live"
            wait_until(lambda: answers(live), "served", 120, (tmp_path / "server.log").read_text)
            yield keys
        finally:
            process.terminate()
            process.wait(20)
            log.close()


def test_script_takes_an_aac_from_draft_to_its_fichcomp_line(server, tmp_path):
    out = tmp_path / "fichcomp.txt"
    done = subprocess.run(
        [sys.executable, "-I", str(ROOT / "docs" / "api_aac.py"), str(server), str(out)],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    line = done.stdout.rstrip("\n").splitlines()[-1]
    assert len(line) == 105
    assert line[9:11] == "09"
    assert line[75:82] == "NEXMP01"
    assert line[54:64] == "0000002500"
    assert line[64:74] == "0000980000"
    assert (line + "\r\n").encode() in out.read_bytes()
    assert json.loads(server.read_text())["organisations"][0]["finess"] == line[:9]


def test_script_says_what_it_needs():
    script = ROOT / "docs" / "api_aac.py"
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "jetons.json" in done.stderr
