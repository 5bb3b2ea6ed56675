"""The last units of a lot go to one patient; the others are told, none goes below zero."""

import json

from tests.real.database import own_database, python

LOTS, PROCESSES = 5, 4


def test_the_last_units_of_a_lot_are_given_once(tmp_path):
    with own_database(tmp_path) as address:
        out = python(address, "-m", "tests.real.lots", str(LOTS), str(PROCESSES))
    result = json.loads(out.strip().splitlines()[-1])
    assert result["winners"] == [[1, LOTS]]
    assert result["statuses"] == [[200, LOTS], [422, LOTS * (PROCESSES - 1)]]
    assert result["left"] == [1]
