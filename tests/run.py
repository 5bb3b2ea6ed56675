#!/usr/bin/env python
"""Runs every suite that this machine allows; the last lines say which ran.

SQLite always; PostgreSQL with Redis when found (DATABASE_URL and REDIS_URL, or the standard
local ports); the browser once per wiring, side by side: one waits while the other works. The
pages are read by axe on the first: they are the same on the second.
With REQUIRE_SERVICES=1 a missing service fails.
Usage: tests/run.py [--shots]
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.services import Services, find_services

ROOT = Path(__file__).resolve().parents[1]
E2E = ROOT / "tests" / "e2e"
# A file stays in one process, so that the world its tests share is made once.
UNIT = ["-n", os.environ.get("TEST_PROCESSES", "2"), "--dist=loadfile", "--no-loadscope-reorder"]
UNIT += ["--durations=12", "--durations-min=5"]
UNLOOKED = {"PLACET_LOOKS": "0"}


@dataclass
class Suite:
    """One run of pytest, under one wiring."""

    title: str
    arguments: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    detail: str = ""

    def run(self, *, aside: bool = False) -> str:
        """Run it; answer the line of the summary. Aside, its words come together at its end."""
        heading = f"\n=== {self.title} ==="
        if not aside:
            print(heading, flush=True)
        hidden = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"}
        inherited = {k: v for k, v in os.environ.items() if k not in hidden}
        started = time.monotonic()
        command = [sys.executable, "-m", "pytest", "-q", *self.arguments]
        kept = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT} if aside else {}
        done = subprocess.run(
            command, cwd=ROOT, env=inherited | self.environment, text=True, **kept
        )
        if aside:
            print(f"{heading}\n{done.stdout}", flush=True)
        minutes, seconds = divmod(int(time.monotonic() - started), 60)
        code = done.returncode
        result = "passed" if code == 0 else f"FAILED (pytest exit {code})"
        detail = ", ".join(part for part in (self.detail, f"{minutes} min {seconds:02d} s") if part)
        return f"{self.title}: {result} ({detail})"


def suites(services: Services) -> tuple[list[Suite], list[Suite]]:
    """Unit tests on each wiring found, and the browser on each."""
    browser = {"DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
    wired = services.environment()
    unit = [Suite("SQLite", UNIT)]
    e2e = [Suite("Browser, SQLite", [str(E2E)], browser)] if E2E.is_dir() else []
    if services.postgres:
        unit.append(Suite(services.title, UNIT, wired, services.detail))
        if E2E.is_dir():
            e2e.append(Suite(f"Browser, {services.title}", [str(E2E)], browser | wired | UNLOOKED))
    return unit, e2e


def run_all(unit: list[Suite], browser: list[Suite]) -> list[str]:
    """Each unit suite has all processors to itself; the browsers share them."""
    lines = [suite.run() for suite in unit]
    if browser:
        print("\n=== " + ", ".join(suite.title for suite in browser) + " ===", flush=True)
        with ThreadPoolExecutor(len(browser)) as pool:
            lines += pool.map(lambda suite: suite.run(aside=True), browser)
    return lines


def main() -> int:
    """Run all, clean up, print the summary; 0 when everything that had to run passed."""
    if "--shots" in sys.argv:
        shots = {"DJANGO_ALLOW_ASYNC_UNSAFE": "1", "PLACET_SHOTS": "1"}
        print(Suite("Screenshots", [str(E2E), "-m", "shots"], shots).run())
        return 0
    services = find_services(f"placet_{uuid4().hex[:8]}")
    try:
        lines = run_all(*suites(services))
    finally:
        services.clean_up()
    word = "FAILED, required" if os.environ.get("REQUIRE_SERVICES") == "1" else "not run"
    lines += [f"{name}: {word} (not found: {why})" for name, why in services.missing.items()]
    print("\n=== Summary ===", *lines, sep="\n")
    return int(any("FAILED" in line for line in lines))


if __name__ == "__main__":
    sys.exit(main())
