from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.formats.saisie import LigneSaisie, parse

GOOD = "240012345;10/03/2025;20/03/2025;AAC-2025-000001;15/03/2025;2,5"


def test_a_line_is_read():
    assert parse(GOOD) == (
        [
            LigneSaisie(
                1,
                "240012345",
                date(2025, 3, 10),
                date(2025, 3, 20),
                "AAC-2025-000001",
                date(2025, 3, 15),
                Decimal("2.5"),
                Decimal(0),
            )
        ],
        [],
    )


def test_tabs_iso_dates_a_header_blank_lines_and_an_open_stay_are_read():
    text = (
        "\ufeffnumero_sejour\tentree\tsortie\tdispensation\tdate\tquantite\tperte\r\n"
        "\r\n"
        "a12 b\t2025-03-10\t\t\t2025-03-15\t2.5\t0,5\r\n"
    )
    (row,), fautes = parse(text)
    assert fautes == []
    assert (row.ligne, row.numero_sejour, row.sortie, row.dispensation) == (3, "A12 B", None, "")
    assert row.perte == Decimal("0.5")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("240012345;10/03/2025", "2 colonnes au lieu de 6 ou 7"),
        (GOOD + ";0;0", "8 colonnes"),
        (GOOD.replace("10/03/2025", "31/02/2025"), "n'est pas une date"),
        (GOOD.replace("2,5", "-1"), "n'est pas un nombre"),
        (GOOD.replace("2,5", "1,2345"), "n'est pas un nombre"),
        (GOOD.replace("2,5", "1e3"), "n'est pas un nombre"),
        (GOOD.replace("2,5", ""), "n'est pas un nombre"),
        (GOOD.replace("2,5", "NaN"), "n'est pas un nombre"),
        (GOOD.replace("240012345", "é"), "20 caractères au plus"),
        (GOOD.replace("240012345", "2" * 21), "20 caractères au plus"),
        (GOOD.replace("240012345", ""), "20 caractères au plus"),
        (GOOD.replace("20/03/2025", "09/03/2025"), "la sortie précède l'entrée"),
        ("", "aucune administration"),
    ],
)
def test_a_fault_is_said_with_its_line(line, said):
    rows, fautes = parse(line)
    assert rows == []
    assert str(fautes[0]).startswith("Ligne 1")
    assert said in str(fautes[0])


def test_every_fault_of_every_line_is_listed():
    text = "\n".join([GOOD.replace("2,5", "x").replace("15/03/2025", "y"), GOOD, "z"])
    rows, fautes = parse(text)
    assert len(rows) == 1
    assert [(f.ligne, f.colonne) for f in fautes] == [(1, "date"), (1, "quantite"), (3, "")]


def test_a_stay_with_two_entries_is_a_fault():
    _, fautes = parse(GOOD + "\n" + GOOD.replace("10/03/2025", "11/03/2025"))
    assert "a d'autres dates à la ligne 1" in str(fautes[0])


def test_too_many_lines_are_refused_at_once():
    rows, fautes = parse("\n".join([GOOD] * 5001))
    assert rows == []
    assert "5000 lignes" in str(fautes[0])


@given(st.text(max_size=200))
def test_any_text_gives_rows_or_faults(text):
    rows, fautes = parse(text)
    assert rows or fautes
