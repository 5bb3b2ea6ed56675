"""The locked requirements: exact, hashed, naming no download address."""

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "requirements"
NAMES = ("run", "test")


def pins(text):
    """Normalised name -> version, of an .in or a .txt file."""
    found = re.findall(r"^([A-Za-z][\w.-]*)(?:\[[\w,]+\])?==([\w.]+)", text, re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in found}


@pytest.mark.parametrize("name", NAMES)
def test_lock_holds_every_wish_at_its_version(name):
    wished = pins((FOLDER / f"{name}.in").read_text())
    locked = pins((FOLDER / f"{name}.txt").read_text())
    assert wished.items() <= locked.items()


@pytest.mark.parametrize("name", NAMES)
def test_lock_has_hashes_and_no_address(name):
    text = (FOLDER / f"{name}.txt").read_text()
    blocks = re.split(r"\n(?=[a-z])", text)
    assert all("--hash=sha256:" in block for block in blocks)
    assert not re.search(r"://|--index|--find-links|\bfile:", text)


def test_tests_run_on_the_locked_application():
    run, test = (pins((FOLDER / f"{name}.txt").read_text()) for name in NAMES)
    assert run.items() <= test.items()


def test_only_the_maintained_state_machine_is_installed():
    locked = pins((FOLDER / "test.txt").read_text())
    assert "django-fsm-2" in locked
    assert "django-fsm" not in locked
