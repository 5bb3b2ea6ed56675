"""Two exports of one month at once: each file holds what its own report says."""

import json

from tests.real.database import own_database, python

PROCESSES, ROUNDS = 4, 8


def test_each_export_writes_the_lines_it_has_checked(tmp_path):
    with own_database(tmp_path) as address:
        told = python(
            address,
            "-m",
            "tests.real.exports",
            str(tmp_path),
            str(PROCESSES),
            str(ROUNDS),
        )
    each = PROCESSES // 2 * ROUNDS
    assert json.loads(told.strip().splitlines()[-1]) == [
        ["0: 2 prêtes, 2 écrites", each],
        ["1: 3 prêtes, 3 écrites", each],
    ]
