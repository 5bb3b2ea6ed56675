"""A new stay typed by several people at once is recorded once, with what each of them gave."""

import json

from tests.real.database import own_database, python

STAYS, PROCESSES = 6, 4


def test_a_new_stay_is_recorded_once(tmp_path):
    with own_database(tmp_path) as address:
        out = python(address, "-m", "tests.real.sejours", str(STAYS), str(PROCESSES))
    result = json.loads(out.strip().splitlines()[-1])
    assert result == {"told": {"recorded": STAYS * PROCESSES}, "stays": STAYS}
