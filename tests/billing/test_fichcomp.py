from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from billing.exporters import fichcomp
from billing.formats import fichcomp_mco
from billing.formats.columns import FormatError
from billing.rules import amounts, ucd

GOLDEN = Path(__file__).parent.parent / "golden" / "fichcomp_mco_m3_2025.txt"

WORKED = [
    ("240012345", date(2025, 3, 12), "9003517", "1", "6250.125", "CEPCO01"),
    ("240012345", date(2025, 3, 15), "9321007", "2.5", "392", "NINDO05"),
    ("240017890", date(2025, 3, 20), "9000525", "3", "188.3", "NXXXX02"),
]


def record(sejour, jour, ucd7, nombre, prix, indication, finess="990000002"):
    return {
        "finess": finess,
        "type_prestation": fichcomp_mco.TYPE_PRESTATION,
        "sejour": sejour,
        "jour": jour,
        "ucd": ucd.ucd13(ucd7),
        "nombre": Decimal(nombre),
        "montant": amounts.line_amount(Decimal(prix), Decimal(nombre)),
        "validation": "",
        "indication": indication,
        "filler": "",
    }


def test_the_three_worked_lines_byte_for_byte():
    written = b"".join(fichcomp.stream(record(*row) for row in WORKED))
    assert written == GOLDEN.read_bytes()


def test_the_golden_lines_are_105_positions_and_crlf():
    lines = GOLDEN.read_bytes().split(b"\r\n")
    assert lines[-1] == b""
    assert [len(line) for line in lines[:-1]] == [105, 105, 105]


def test_the_worked_lines_read_back():
    lines = GOLDEN.read_bytes().decode("ascii").splitlines()
    assert [fichcomp_mco.LAYOUT.parse(line) for line in lines] == [record(*row) for row in WORKED]


def test_two_finess_never_share_a_file():
    records = [record(*WORKED[0]), record(*WORKED[1], finess="990000010")]
    with pytest.raises(FormatError, match="un seul numéro FINESS"):
        list(fichcomp.stream(records))


def test_records_are_streamed_one_by_one():
    seen = []

    def endless():
        while True:
            seen.append(1)
            yield record(*WORKED[0])

    stream = fichcomp.stream(endless())
    next(stream), next(stream)
    assert len(seen) == 2
