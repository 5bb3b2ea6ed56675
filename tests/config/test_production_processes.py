"""gunicorn, worker and beat, as the compose file starts them, on PostgreSQL and Redis."""

import json
import os
from urllib.parse import urlsplit

import pytest

from tests.production import Production
from tests.smtp import MailServer

DATABASE_URL, REDIS_URL = os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", "")
pytestmark = [
    pytest.mark.processes,
    pytest.mark.services,
    pytest.mark.skipif(
        not REDIS_URL or not urlsplit(DATABASE_URL).scheme.startswith("postgres"),
        reason="needs PostgreSQL and Redis (DATABASE_URL, REDIS_URL)",
    ),
]


@pytest.fixture(scope="module")
def mails():
    with MailServer() as server:
        yield server


@pytest.fixture(scope="module")
def production(mails, tmp_path_factory):
    folder = tmp_path_factory.mktemp("production")
    with Production(DATABASE_URL, REDIS_URL, mails.url, folder) as placet:
        placet.manage("check", "--deploy", "--fail-level", "WARNING")
        placet.manage("collectstatic", "--noinput")
        placet.manage("migrate", "--noinput")
        for service in ("web", "worker", "beat"):
            placet.start(service)
        placet.wait_for(lambda: placet.get("/sante/live")[0] == 200, "web")
        yield placet


def test_ready_once_the_worker_answers(production):
    production.wait_for(lambda: production.get("/sante/pret")[0] == 200, "worker")
    checks = json.loads(production.get("/sante/pret")[1])
    assert len(checks) == 3
    assert set(checks.values()) == {"OK"}


def test_pages_have_hashed_static_files_and_secure_cookies(production):
    status, page = production.get("/comptes/login/")
    assert status == 200
    assert "/static/bootstrap/css/bootstrap.min." in page
    assert "bootstrap.min.css" not in page


def test_plain_http_is_sent_to_https(production):
    status, _ = production.get("/comptes/login/", **{"X-Forwarded-Proto": "http"})
    assert status in (0, 301)  # the redirection leads to https, which nobody serves here


def test_beat_rings_and_the_worker_sweeps(production):
    production.wait_for(lambda: "sweep_outbox" in production.log("worker"), "sweep", 90)


def test_logs_are_one_json_object_per_line(production):
    production.get("/comptes/login/?q=canari")
    lines = [line for line in production.log("web").splitlines() if line.startswith("{")]
    assert lines
    assert all(json.loads(line) for line in lines)
    assert "canari" not in production.log("web")


def test_an_aac_goes_from_draft_to_mailed_decision_and_bill(production, mails):
    accounts = production.folder / "jetons.json"
    production.run("python", "-m", "tests.real.production_seed", production.base_url, str(accounts))
    said = production.run("python", "docs/api_aac.py", str(accounts))
    assert "accordée" in said
    assert len(said.splitlines()[-1]) == 105
    number = next(word for word in said.split() if word.startswith("DEM-"))

    def decided():
        bodies = [mail.get_payload(decode=True).decode() for mail in mails.received]
        return [body for body in bodies if number in body and "décision" in body.lower()]

    bodies = production.wait_for(decided, "the mail of the decision", 90)
    assert not any(word in body for body in bodies for word in ("accord", "refus", "FICTIVAX"))


ALERTS, KILLED_AT, SENDERS = 1000, (200, 600), 4  # the worker has four processes


def test_kill9_worker_loses_no_alert(production, mails):
    production.run("python", "-m", "tests.real.alerts", "prepare", str(ALERTS))
    code = (
        "from engine.models import Outbox; "
        "print(*Outbox.objects.filter(dedupe_key__startswith='test:')"
        ".values_list('message_id', flat=True), sep='\\n')"
    )
    ids = set(production.manage("shell", "-v0", "-c", code).split())
    assert len(ids) == ALERTS

    def received():
        return [m["Message-ID"] for m in mails.received if m["Message-ID"] in ids]

    for count in KILLED_AT:
        production.wait_for(lambda count=count: len(received()) >= count, "alerts", 180)
        production.kill("worker")
        production.start("worker")
    production.wait_for(lambda: set(received()) == ids, "every alert", 300)
    assert len(received()) - ALERTS <= len(KILLED_AT) * SENDERS
