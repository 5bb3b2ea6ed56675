"""Settings: production refuses what is unsafe; limits are those of the rules of reliability."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config.checks import check_real_use, check_secret_key
from config.settings.clock import parse_offset
from tests.config.test_compose import example_variables

ROOT = Path(__file__).resolve().parents[2]


PRINT_BROKER = (
    "import json; from django.conf import settings as s; "
    "print(json.dumps([s.CELERY_BROKER_TRANSPORT_OPTIONS, s.CELERY_TASK_TIME_LIMIT]))"
)


def production(arguments, **changes):
    """Run a command in a process of its own, with production settings and example variables."""
    variables = example_variables() | {"SECRET_KEY": "k9Zq7pW3" * 8} | changes
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "config.settings.prod",
            **variables,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def production_check(**changes):
    return production(["check", "--deploy", "--fail-level", "WARNING"], **changes)


def test_deployment_check_passes_with_the_example_variables():
    done = production_check()
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"SECRET_KEY": example_variables()["SECRET_KEY"]}, "placet.E003"),
        ({"PLACET_DEMO": "1"}, "placet.E002"),
        ({"PLACET_CLOCK_OFFSET": "+90d"}, "placet.E001"),
        ({"DATABASE_URL": ""}, "DATABASE_URL"),
        ({"REDIS_URL": ""}, "REDIS_URL"),
    ],
)
def test_production_refuses(changes, said):
    done = production_check(**changes)
    assert done.returncode != 0
    assert said in done.stdout + done.stderr


def test_an_authority_key_refuses_the_demonstration(settings):
    settings.PLACET_AUTHORITY_KEY = "key.pem"
    settings.PLACET_DEMO = True
    settings.PLACET_CLOCK_OFFSET = timedelta(days=90)
    assert [error.id for error in check_real_use(None)] == ["placet.E001", "placet.E002"]


def test_demonstration_may_move_its_clock(settings):
    settings.PLACET_AUTHORITY_KEY = ""
    settings.PLACET_CLOCK_OFFSET = timedelta(days=90)
    assert check_real_use(None) == []


def test_short_key_is_refused_in_production_only(settings):
    settings.SECRET_KEY = "short"
    assert check_secret_key(None) == []
    settings.PLACET_PRODUCTION = True
    assert [error.id for error in check_secret_key(None)] == ["placet.E003"]


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("", timedelta(0)),
        ("+90d", timedelta(days=90)),
        ("-2h", timedelta(hours=-2)),
        ("15m", timedelta(minutes=15)),
        (" +1d ", timedelta(days=1)),
    ],
)
def test_clock_offset_is_read(text, offset):
    assert parse_offset(text) == offset


@pytest.mark.parametrize(
    "text",
    ["90", "demain", "+d", "1.5d", "++1d", "+99999999999d", "-99999999d", "+36600d", "+٣d"],
)
def test_unreadable_clock_offset_says_how_to_write_it(text):
    with pytest.raises(ImproperlyConfigured, match=r"\+90d"):
        parse_offset(text)


def test_sessions_last_half_an_hour_idle_and_four_hours_at_most():
    assert settings.SESSION_COOKIE_AGE == 30 * 60
    assert settings.PLACET_SESSION_MAX_AGE == 4 * 3600


def test_no_inline_script_or_style_is_allowed():
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert directives["default-src"] == ["'none'"]
    assert not any("unsafe" in source for sources in directives.values() for source in sources)


def test_celery_loses_nothing():
    assert settings.CELERY_ACCEPT_CONTENT == ["json"]
    assert settings.CELERY_TASK_ACKS_LATE
    assert settings.CELERY_TASK_REJECT_ON_WORKER_LOST
    assert settings.CELERY_WORKER_PREFETCH_MULTIPLIER == 1


def test_production_broker_waits_longer_than_any_task():
    done = production(["shell", "--no-imports", "--command", PRINT_BROKER])
    options, limit = json.loads(done.stdout)
    assert options["visibility_timeout"] > limit
    assert options["global_keyprefix"] == "placet:"
    assert options["socket_timeout"] == 5
