"""Eight processes, one dossier: exactly one act each, the others are told 409."""

import json
import os

import pytest

from tests.real.database import own_database, python
from tests.real.race import MOVES, RIVALS

PROCESSES = 8
DOSSIERS = 10_000 if os.environ.get("PLACET_NIGHTLY") else 500
WANTED = dict.fromkeys(MOVES, 3) | {"grant": DOSSIERS, "grant_or_refuse": 8}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Every step raced in turn by the same eight processes; what was left behind."""
    words = [f"{step}:{count}" for step, count in WANTED.items()]
    with own_database(tmp_path_factory.mktemp("race")) as address:
        out = python(address, "-m", "tests.real.race", str(PROCESSES), *words, timeout=3600)
    return json.loads(out.strip().splitlines()[-1])


def assert_exactly_one(results, step):
    count, found = WANTED[step], results[step]
    assert found["winners"] == [[1, count]]
    assert found["statuses"] == [[200, count], [409, count * (PROCESSES - 1)]]
    assert found["entries"] == count
    assert results["flaws"] == 0


def test_decide_race_exactly_one(results):
    assert_exactly_one(results, "grant")
    assert results["grant"]["decisions"] == results["grant"]["aac"] == DOSSIERS


@pytest.mark.parametrize("step", sorted(set(MOVES) - {"grant", *RIVALS}))
def test_each_transition_race(results, step):
    assert_exactly_one(results, step)
    assert results[step]["aac"] == 0
    assert results[step]["decisions"] == (WANTED[step] if step == "refuse" else 0)


def test_a_grant_and_a_refusal_of_one_dossier_make_one_decision(results):
    assert_exactly_one(results, "grant_or_refuse")
    found = results["grant_or_refuse"]
    assert found["decisions"] == WANTED["grant_or_refuse"]
    assert found["aac"] == found["granted"]
