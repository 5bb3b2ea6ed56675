from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules import amounts, finess, indication, ucd
from billing.rules.indication import CodeOuvert
from billing.rules.periode import Periode, is_format_in_force


@pytest.mark.parametrize(
    ("price", "number", "total"),
    [
        pytest.param("6250.125", "1", "6250.125", id="billing-3-line-1"),
        pytest.param("392", "2.5", "980.000", id="billing-3-line-2"),
        pytest.param("188.3", "3", "564.900", id="billing-3-line-3"),
        pytest.param("0.0005", "1", "0.001", id="half-up"),
        pytest.param("0.0015", "1", "0.002", id="half-up-not-half-even"),
        pytest.param("0.0025", "1", "0.003", id="half-up-odd"),
        pytest.param("0.0004", "1", "0.000", id="below-half"),
        pytest.param("33.3333", "3", "100.000", id="rounded-once-not-twice"),
    ],
)
def test_line_amount(price, number, total):
    assert amounts.line_amount(Decimal(price), Decimal(number)) == Decimal(total)


def test_overflow_begins_just_above_the_largest_value():
    assert not amounts.overflows(Decimal("9999999.999"))
    assert amounts.overflows(Decimal("10000000"))


@pytest.mark.parametrize(
    ("current", "previous", "expected"),
    [("112", "100", "12"), ("100", "0", None), ("0", "50", "-100"), ("100.5", "100", "1")],
)
def test_variation(current, previous, expected):
    result = amounts.variation(Decimal(current), Decimal(previous))
    assert result == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("ucd7", "ucd13"),
    [
        ("9003517", "3400890035170"),
        ("9321007", "3400893210079"),
        ("9000525", "3400890005258"),
    ],
)
def test_ucd13_is_derived_from_ucd7(ucd7, ucd13):
    assert ucd.ucd13(ucd7) == ucd13


@given(st.integers(9_000_000, 9_999_999))
def test_every_ucd13_carries_a_valid_ean_key(number):
    code = ucd.ucd13(str(number))
    weights = [1, 3] * 6 + [1]
    assert sum(int(d) * w for d, w in zip(code, weights, strict=True)) % 10 == 0


@pytest.mark.parametrize("code", ["", "8003517", "900351", "90035170", "9００3517", "90O3517"])
def test_a_code_of_another_shape_is_no_ucd(code):
    assert not ucd.is_ucd7(code)
    with pytest.raises(ValueError, match="sept chiffres"):
        ucd.ucd13(code)


@pytest.mark.parametrize("code", ["9999910", "9999940", "9999979"])
def test_reserved_ucd_b2_addendum_c(code):
    assert ucd.is_reserved(code)


def test_the_next_code_is_not_reserved():
    assert not ucd.is_reserved("9999911")


@pytest.mark.parametrize("number", ["2A0000014", "2B0000012", "990000002"])
def test_finess_shape_knows_corsica(number):
    assert finess.has_finess_shape(number)


@pytest.mark.parametrize("number", ["", "2C0000014", "99000000", "9900000022", "A20000014"])
def test_finess_shape_refuses(number):
    assert not finess.has_finess_shape(number)


@pytest.mark.parametrize("number", ["2A0000014", "2B0000012", "2A0004842", "2B0005664"])
def test_finess_key_of_real_corsican_hospitals(number):
    assert finess.has_valid_key(number)


@pytest.mark.parametrize("number", ["2A0000015", "2B0000013"])
def test_finess_key_one_digit_off(number):
    assert not finess.has_valid_key(number)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("CEPCO01", True),
        ("NXXXX02", True),
        ("NMC0501", True),
        ("N68GA01", True),
        ("I000444", True),
        ("DRUXO01", True),
        ("RITRA01", True),
        ("I00044", False),
        ("XEPCO01", False),
        ("cepco01", False),
        ("CEPCO0", False),
        ("CEPCO011", False),
        ("IABCD01", False),
    ],
)
def test_shape_of_indication_codes_billing_8(code, expected):
    assert indication.has_shape(code) is expected


def test_nxxxx00_is_refused_from_the_first_of_january_2023():
    assert not indication.is_legacy_refused("NXXXX00", date(2022, 12, 31))
    assert indication.is_legacy_refused("NXXXX00", date(2023, 1, 1))
    assert not indication.is_legacy_refused("NXXXX01", date(2023, 1, 1))


@pytest.mark.parametrize(
    ("jour", "is_open"),
    [
        (date(2025, 1, 31), False),
        (date(2025, 2, 1), True),
        (date(2025, 2, 28), True),
        (date(2025, 3, 1), False),
    ],
    ids=["day-before", "first-day", "last-day", "day-after"],
)
def test_a_code_is_open_from_its_first_to_its_last_day(jour, is_open):
    assert CodeOuvert("NINDO05", date(2025, 2, 1), date(2025, 2, 28)).is_open(jour) is is_open


def test_a_code_without_end_stays_open():
    assert CodeOuvert("NINDO05", date(2025, 2, 1)).is_open(date(2999, 1, 1))


@pytest.mark.parametrize(
    ("sortie", "held"),
    [
        (None, False),
        (date(2024, 12, 31), False),
        (date(2025, 1, 1), True),
        (date(2025, 3, 31), True),
        (date(2025, 4, 1), False),
    ],
    ids=["open", "last-year", "first-january", "end-of-month", "day-after"],
)
def test_a_sending_is_cumulative_from_the_first_of_january(sortie, held):
    assert Periode(2025, 3).holds(sortie) is held


def test_february_of_a_leap_year():
    assert Periode(2024, 2).dernier_jour == date(2024, 2, 29)


@pytest.mark.parametrize(("annee", "mois"), [(2025, 0), (2025, 13), (1999, 1), (3000, 1)])
def test_no_other_period_exists(annee, mois):
    with pytest.raises(ValueError, match="va de"):
        Periode(annee, mois)


def test_the_format_is_valid_from_march_2022():
    assert not is_format_in_force(Periode(2022, 2))
    assert is_format_in_force(Periode(2022, 3))
