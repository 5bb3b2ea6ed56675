"""Two persons who publish the same proposal at once, two clocks that apply it: it happens once."""

import json

import pytest

from tests.real.database import own_database, python

PROPOSALS, PROCESSES = 6, 4


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    with own_database(tmp_path_factory.mktemp("publications")) as address:
        out = python(address, "-m", "tests.real.publications", str(PROPOSALS), str(PROCESSES))
    return json.loads(out.strip().splitlines()[-1])


def assert_published_once(left):
    assert left["statuts"] == [["APPLIQUEE", PROPOSALS]]
    assert left["entries"] == [[act, PROPOSALS] for act in ("proposer", "publier", "valider")]
    assert (left["changements"], left["written"]) == (PROPOSALS, PROPOSALS)


def test_one_of_those_who_publish_together_does_and_the_others_are_told(result):
    assert_published_once(result["publish"])
    refused = PROPOSALS * (PROCESSES - 1)
    assert result["publish"]["statuses"] == [[200, PROPOSALS], [409, refused]]
    assert result["flaws"] == 0


def test_what_is_due_is_applied_once_by_clocks_that_meet(result):
    assert_published_once(result["apply_due"])
    assert result["apply_due"]["applied"] == PROPOSALS
