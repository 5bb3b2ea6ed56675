"""Dates of the AAC: terms, targets, reminders, ages; boundary days by name."""

from datetime import date

import pytest

from access.rules import age as ages
from access.rules import delais
from access.states import UniteAge, Voie
from referentiel.calendrier import easter, feries_autour, jours_feries
from referentiel.parametres import INITIAUX

PARAMETRES = {p.code: p.valeur for p in INITIAUX}


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 3, 31), 1, date(2026, 4, 30)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
    ],
)
def test_months_are_added_to_the_calendar(day, months, expected):
    assert delais.add_months(day, months) == expected


@pytest.mark.parametrize(
    ("sent", "voie", "expected"),
    [
        pytest.param(date(2026, 3, 2), Voie.ACCELEREE, date(2026, 3, 4), id="lundi, 2 jours"),
        pytest.param(date(2026, 3, 6), Voie.ACCELEREE, date(2026, 3, 10), id="vendredi"),
        pytest.param(date(2026, 4, 3), Voie.ACCELEREE, date(2026, 4, 8), id="Pâques 2026"),
        pytest.param(date(2026, 3, 2), Voie.COMPLETE, date(2026, 3, 9), id="5 jours"),
    ],
)
def test_the_agency_aims_at_working_days(sent, voie, expected):
    assert delais.target_day(sent, voie, PARAMETRES, feries_autour(sent)) == expected


def test_holidays_are_those_of_the_code_du_travail():
    assert easter(2026) == date(2026, 4, 5)
    assert easter(2027) == date(2027, 3, 28)
    assert len(jours_feries(2026)) == 11
    assert date(2026, 5, 14) in jours_feries(2026)
    assert date(2026, 5, 25) in jours_feries(2026)


def test_a_long_authorisation_is_recalled_six_times():
    found = delais.expiry_reminders(
        date(2026, 1, 1), date(2026, 6, 30), date(2026, 1, 1), PARAMETRES
    )
    assert [name for _, name in found] == ["J-90", "J-45", "J-15", "J-7", "J-1", "J0"]
    assert found[0][0] == date(2026, 4, 1)
    assert found[-1][0] == date(2026, 6, 30)


def test_no_reminder_is_dated_before_the_decision():
    found = delais.expiry_reminders(
        date(2026, 1, 1), date(2026, 3, 1), date(2026, 1, 10), PARAMETRES
    )
    assert [name for _, name in found] == ["J-45", "J-15", "J-7", "J-1", "J0"]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param(30, ["MI_VIE", "J-1", "J0"], id="30 jours"),
        pytest.param(31, ["J-15", "J-7", "J-1", "J0"], id="31 jours"),
        pytest.param(1, ["J0"], id="un jour"),
    ],
)
def test_a_short_authorisation_is_recalled_at_half_life(days, expected):
    start = date(2026, 3, 1)
    found = delais.expiry_reminders(start, delais.end_of(start, days), start, PARAMETRES)
    assert [name for _, name in found] == expected


@pytest.mark.parametrize(
    ("birth", "value", "unit"),
    [
        pytest.param(date(2026, 3, 2), 0, UniteAge.JOURS, id="jour de naissance"),
        pytest.param(date(2026, 2, 3), 27, UniteAge.JOURS, id="veille d'un mois"),
        pytest.param(date(2026, 2, 2), 4, UniteAge.SEMAINES, id="un mois"),
        pytest.param(date(2025, 12, 3), 12, UniteAge.SEMAINES, id="veille de trois mois"),
        pytest.param(date(2025, 12, 2), 3, UniteAge.MOIS, id="trois mois"),
        pytest.param(date(2023, 3, 3), 35, UniteAge.MOIS, id="veille de trois ans"),
        pytest.param(date(2023, 3, 2), 3, UniteAge.ANS, id="trois ans"),
    ],
)
def test_age_comes_with_its_unit(birth, value, unit):
    assert ages.age(birth, date(2026, 3, 2)) == (value, unit)


@pytest.mark.parametrize(
    ("value", "unit", "label"),
    [
        (1, UniteAge.JOURS, "1\u00a0jour"),
        (3, UniteAge.MOIS, "3\u00a0mois"),
        (1, UniteAge.MOIS, "1\u00a0mois"),
        (7, UniteAge.ANS, "7\u00a0ans"),
        (None, "", ""),
    ],
)
def test_age_is_written_in_words(value, unit, label):
    assert ages.age_label(value, unit) == label
