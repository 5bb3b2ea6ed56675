from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.formats import fichcomp_mco
from billing.formats.columns import Column, ColumnType, FormatError, Layout

CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
thousandths = st.integers(0, 10**10 - 1).map(lambda n: Decimal(n).scaleb(-3))


def words(maximum, alphabet=CAPITALS):
    return st.text(alphabet, min_size=1, max_size=maximum)


records = st.fixed_dictionaries(
    {
        "finess": words(9),
        "type_prestation": words(2),
        "sejour": words(20, CAPITALS + " ").filter(lambda s: s == s.strip() and s),
        "jour": st.dates(min_value=date(1000, 1, 1)),
        "ucd": words(15),
        "nombre": thousandths,
        "montant": thousandths,
        "validation": st.sampled_from(["", "1", "2"]),
        "indication": words(7),
        "filler": st.just(""),
    }
)

VALID = {
    "finess": "990000002",
    "type_prestation": "09",
    "sejour": "240012345",
    "jour": date(2025, 3, 12),
    "ucd": "3400890035170",
    "nombre": Decimal(1),
    "montant": Decimal("6250.125"),
    "indication": "CEPCO01",
}


@given(records)
def test_every_record_reads_back_as_it_was_written(record):
    line = fichcomp_mco.LAYOUT.format(record)
    assert len(line) == 105
    assert line.isascii()
    assert fichcomp_mco.LAYOUT.parse(line) == record


@given(st.text(max_size=104))
def test_no_text_makes_the_parser_fail_without_a_sentence(text):
    with pytest.raises(FormatError) as refused:
        fichcomp_mco.LAYOUT.parse(text)
    assert all(fault.message for fault in refused.value.faults)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        pytest.param("finess", "", "valeur obligatoire absente", id="mandatory"),
        pytest.param("finess", "9900000021", "10 caractères pour 9 positions", id="too-wide"),
        pytest.param("sejour", "2" * 21, "21 caractères pour 20 positions", id="stay-21"),
        pytest.param("sejour", "séjour", "n'est pas admis", id="accent"),
        pytest.param("sejour", "abc", "n'est pas admis", id="lower-case"),
        pytest.param("sejour", "１２", "n'est pas admis", id="full-width-digits"),
        pytest.param("sejour", " 12", "espace au début", id="leading-space"),
        pytest.param("indication", "CEP-001", "n'est pas admis", id="hyphen"),
        pytest.param("jour", "12032025", "date attendue", id="not-a-date"),
        pytest.param("nombre", Decimal(-1), "pas de signe", id="negative"),
        pytest.param("nombre", Decimal("NaN"), "nombre attendu", id="nan"),
        pytest.param("nombre", Decimal("0.0001"), "plus de 3 décimales", id="four-decimals"),
        pytest.param("nombre", 1.5, "nombre attendu", id="float"),
        pytest.param(
            "montant", Decimal("10000000"), "9\u00a0999\u00a0999,999", id="overflow-first-above"
        ),
    ],
)
def test_a_value_that_does_not_fit_is_said_in_french(field, value, said):
    faults = fichcomp_mco.LAYOUT.faults({**VALID, field: value})
    assert [fault.column for fault in faults] == [field]
    assert said in faults[0].message
    with pytest.raises(FormatError, match=r"\.$"):
        fichcomp_mco.LAYOUT.format({**VALID, field: value})


def test_the_largest_value_fits():
    line = fichcomp_mco.LAYOUT.format({**VALID, "montant": Decimal("9999999.999")})
    assert line[64:74] == "9999999999"


def test_an_absent_optional_value_takes_the_padding_of_its_type():
    layout = Layout(
        "essai",
        14,
        (
            Column("a", 1, 3, ColumnType.ALPHANUM, "A", mandatory=False),
            Column("n", 4, 6, ColumnType.NUMBER, "N", mandatory=False),
            Column("d", 7, 14, ColumnType.DATE, "D", mandatory=False),
        ),
    )
    assert layout.format({}) == "   000        "


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("x", "Ligne de 1 caractères au lieu de 105."),
        ("9" * 31 + "31022025" + "9" * 66, "n'est pas une date JJMMAAAA"),
    ],
)
def test_a_bad_line_is_refused_with_its_reason(line, said):
    with pytest.raises(FormatError, match=said):
        fichcomp_mco.LAYOUT.parse(line)


def test_a_table_with_a_hole_cannot_exist():
    with pytest.raises(ValueError, match="should start at 1"):
        Layout("essai", 3, (Column("a", 2, 3, ColumnType.ALPHANUM, "A"),))
    with pytest.raises(ValueError, match="columns end at 2"):
        Layout("essai", 3, (Column("a", 1, 2, ColumnType.ALPHANUM, "A"),))


def test_the_file_name_has_an_unpadded_period():
    assert fichcomp_mco.filename("990000002", 2025, 3) == "990000002.2025.3.medatu.txt"
