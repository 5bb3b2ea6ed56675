"""One server and one browser for the run; a page per test."""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.e2e.hand import COUNTS, Hand
from tests.e2e.looks import DESK
from tests.e2e.server import Server

FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-dev-shm-usage"]
PATIENCE = 120_000  # ms: two browsers and two servers share the machine


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("placet")) as served:
        yield served


@pytest.fixture(scope="session")
def browser():
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    assert chromium, "Chromium is not installed: make setup installs it for the tests"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def open_page(server, browser):
    """A page of its own session; what the page itself reports as wrong fails the test."""
    contexts, complaints = [], []

    def opened(**options):
        values = {"viewport": DESK, "locale": "fr-FR", "timezone_id": "Europe/Paris"}
        context = browser.new_context(base_url=server.base_url, **(values | options))
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: _note(complaints, line))
        page.on("response", lambda r: r.status >= 500 and complaints.append(f"{r.status} {r.url}"))
        return page

    yield opened
    found = list(complaints)  # a request that closing the page cuts off is no fault of the page
    for context in contexts:
        context.close()
    assert not found, found


def _note(complaints, line):
    """Errors of the console, but for the answers that are errors on purpose."""
    if line.type == "error" and "status of 4" not in line.text:
        complaints.append(f"{line.text} ({line.location})")


@pytest.fixture
def page(open_page):
    return open_page()


@pytest.fixture
def hand(page):
    return Hand(page)


def pytest_collection_modifyitems(items):
    """Screenshots are taken only when asked for."""
    if os.environ.get("PLACET_SHOTS") != "1":
        skip = pytest.mark.skip(reason="make shots")
        for item in items:
            if "shots" in item.keywords:
                item.add_marker(skip)


def pytest_terminal_summary(terminalreporter):
    if COUNTS:
        terminalreporter.section("budgets")
        for line in COUNTS:
            terminalreporter.write_line(line)
