"""A sender killed in the middle of a thousand alerts: none is lost, few are sent twice."""

import subprocess
import sys

import pytest

from tests.real.database import ROOT, environment, own_database, python
from tests.smtp import MailServer
from tests.waiting import wait_until

ALERTS = 1000
KILLED_AT = (150, 400, 700)

pytestmark = pytest.mark.processes


def assert_none_lost(mails, kills):
    ids = [message["Message-ID"] for message in mails.received]
    assert len(set(ids)) == ALERTS, "an alert was lost"
    assert len(ids) - ALERTS <= kills, "more than one extra copy for one sender and one kill"


def test_kill9_sender_loses_no_alert(tmp_path):
    with MailServer() as mails, own_database(tmp_path) as address:
        dev = {"DJANGO_SETTINGS_MODULE": "config.settings.dev"}
        python(address, "-m", "tests.real.alerts", "prepare", str(ALERTS), **dev)
        variables = environment(address, EMAIL_URL=mails.url, PLACET_OUTBOX_LEASE="2", **dev)
        command = [sys.executable, "-m", "tests.real.alerts", "send"]
        for count in KILLED_AT:
            sender = subprocess.Popen(command, cwd=ROOT, env=variables)
            wait_until(lambda count=count: len(mails.received) >= count, f"{count} alerts", 180)
            sender.kill()
            sender.wait(10)
        subprocess.run(command, cwd=ROOT, env=variables, check=True, timeout=300)
        assert_none_lost(mails, len(KILLED_AT))


def test_two_senders_share_the_alerts(tmp_path):
    with MailServer() as mails, own_database(tmp_path) as address:
        dev = {"DJANGO_SETTINGS_MODULE": "config.settings.dev"}
        python(address, "-m", "tests.real.alerts", "prepare", str(ALERTS), **dev)
        variables = environment(address, EMAIL_URL=mails.url, **dev)
        command = [sys.executable, "-m", "tests.real.alerts", "send"]
        senders = [subprocess.Popen(command, cwd=ROOT, env=variables) for _ in range(2)]
        for sender in senders:
            assert sender.wait(300) == 0
        assert_none_lost(mails, 0)
