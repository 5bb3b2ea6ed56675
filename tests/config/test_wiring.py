"""Middleware, health addresses, timetable, embedded worker."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import NoReverseMatch, resolve, reverse

from config.celery import app as celery_app
from config.middleware import RequestLogMiddleware
from config.permissions import DenyAll
from config.schedule import SCHEDULE

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return get_user_model().objects.create_user(
        "exemple@placet.invalid", "mot-de-passe", nom="Exemple"
    )


def test_live_answers_without_login(client):
    assert client.get("/sante/live").content == b"ok\n"


def test_not_ready_is_503_and_says_why(client, monkeypatch):
    monkeypatch.setattr("config.health.ReadyView.checks", ["health_check.contrib.celery.Ping"])
    answer = client.get("/sante/pret")
    assert answer.status_code == 503
    assert list(json.loads(answer.content).values()) != ["OK"]


def test_ready_names_each_check(client, monkeypatch):
    monkeypatch.setattr("config.health.ReadyView.checks", ["health_check.checks.Cache"])
    answer = client.get("/sante/pret")
    assert answer.status_code == 200
    assert list(json.loads(answer.content).values()) == ["OK"]


def test_security_headers(client):
    headers = client.get(reverse("account_login")).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_sign_up_is_not_a_page():
    with pytest.raises(NoReverseMatch):
        reverse("socialaccount_signup")


def test_login_is_required_by_default(client):
    answer = client.get("/admin/password_change/")
    assert answer.status_code == 302
    assert "login" in answer.headers["Location"] or "connexion" in answer.headers["Location"]


def test_second_step_of_login_is_reachable_before_login(client):
    answer = client.get(reverse("mfa_authenticate"))
    assert answer.headers["Location"] == reverse("account_login")


def test_pages_seen_logged_in_are_not_kept(client, user):
    client.force_login(user)
    assert client.get("/sante/live").headers["Cache-Control"] == "no-store, private"


def test_session_ends_four_hours_after_login(client, user, monkeypatch):
    client.force_login(user)
    client.get("/sante/live")
    assert client.session.get("placet_started")
    later = time.time() + 4 * 3600 + 1
    monkeypatch.setattr("config.middleware.time.time", lambda: later)
    client.get("/sante/live")
    assert "_auth_user_id" not in client.session


def test_activity_renews_the_session_once_a_minute(client, user, monkeypatch):
    client.force_login(user)
    client.get("/sante/live")
    seen = client.session["placet_seen"]
    client.get("/sante/live")
    assert client.session["placet_seen"] == seen
    monkeypatch.setattr("config.middleware.time.time", lambda: seen + 61)
    client.get("/sante/live")
    assert client.session["placet_seen"] == seen + 61


def test_request_log_holds_no_query_string():
    request = RequestFactory().get("/recherche", {"q": "Mme Fictive"})
    assert RequestLogMiddleware(HttpResponse).format_request(request) == "GET /recherche"


def test_api_views_without_permission_open_to_nobody():
    assert DenyAll().has_permission(None, None) is False


def test_every_line_of_the_timetable_is_a_known_task():
    celery_app.loader.import_default_modules()
    assert {line["task"] for line in SCHEDULE.values()} <= set(celery_app.tasks)


def test_health_addresses_resolve():
    assert resolve("/sante/pret").view_name == "sante_pret"


EMBEDDED = """
import threading
from celery import Celery
from config.embedded import EmbeddedWorker

app = Celery("embedded-test", broker="memory://localhost/")
app.conf.update(task_ignore_result=True, beat_schedule={"mark": {"task": "mark", "schedule": 3600}})
done = threading.Event()

@app.task(name="mark")
def mark():
    done.set()

worker = EmbeddedWorker(app)
worker.start()
print("done" if done.wait(60) else "nothing")
worker.stop()
"""


def test_embedded_worker_does_the_timetable_at_start():
    """In a process of its own, as in the demonstration: its threads leave nothing here."""
    command = [sys.executable, "-c", EMBEDDED]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert "done" in done.stdout, done.stderr
