"""Dates, sums, delays and abbreviations as people read them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.template import Context, Template

from engine import clocks
from referentiel.templatetags import placet

NOON = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)


@pytest.fixture
def frozen_noon(monkeypatch):
    monkeypatch.setattr(clocks, "now", lambda: NOON)


def render(source: str, **context: object) -> str:
    return Template("{% load placet %}" + source).render(Context(context)).strip()


def test_a_day_is_written_short_with_no_break_spaces():
    assert placet.date_fr(date(2026, 11, 21)) == "21\u00a0nov.\u00a02026"


def test_the_first_of_a_month_is_premier():
    assert placet.date_longue(date(2026, 8, 1)) == "1er\u00a0août\u00a02026"


def test_an_instant_is_read_on_a_clock_in_paris():
    late = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert placet.date_heure(late) == "1er\u00a0janv.\u00a02027 à 00:30"


def test_nothing_is_written_for_no_date_or_no_sum():
    filters = (
        placet.date_fr,
        placet.date_longue,
        placet.heure,
        placet.date_heure,
        placet.depuis,
        placet.jours,
        placet.montant,
        placet.nombre,
        placet.taille,
    )
    assert {one(None) for one in filters} == {""}


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("1234.5"), "1\u00a0234,50\u00a0€"),
        (Decimal("1204339.505"), "1\u00a0204\u00a0339,51\u00a0€"),
        (Decimal("-0.4"), "-0,40\u00a0€"),
        (0, "0,00\u00a0€"),
        ("", ""),
        ("abc", ""),
    ],
)
def test_a_sum_is_written_in_euros_to_the_cent(value, written):
    assert placet.montant(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [(1234, "1\u00a0234"), (Decimal("20.50"), "20,5"), (Decimal("22.0"), "22"), (100, "100")],
)
def test_a_number_loses_its_useless_zeros(value, written):
    assert placet.nombre(value) == written


@pytest.mark.parametrize(
    ("octets", "written"),
    [(12, "1\u00a0ko"), (245_000, "245\u00a0ko"), (1_290_000, "1,2\u00a0Mo")],
)
def test_the_size_of_a_file_is_in_ko_or_mo(octets, written):
    assert placet.taille(octets) == written


@pytest.mark.parametrize(
    ("elapsed", "written"),
    [
        (timedelta(seconds=20), "depuis un instant"),
        (timedelta(minutes=5), "depuis 5\u00a0min"),
        (timedelta(hours=2, minutes=50), "depuis 2\u00a0h"),
        (timedelta(hours=24), "depuis 1\u00a0jour"),
        (timedelta(days=3, hours=4), "depuis 3\u00a0jours"),
    ],
)
def test_a_turn_says_how_long_it_has_lasted(frozen_noon, elapsed, written):
    assert placet.depuis(NOON - elapsed) == written


def test_a_bare_day_counts_in_days(frozen_noon):
    assert placet.depuis(date(2026, 11, 19)) == "depuis 2\u00a0jours"
    assert placet.depuis(date(2026, 11, 21)) == "depuis aujourd'hui"


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2026, 11, 24), "J\u20113"),
        (date(2026, 11, 21), "aujourd'hui"),
        (date(2026, 11, 19), "retard de 2\u00a0j"),
    ],
)
def test_a_date_says_how_many_days_are_left(frozen_noon, day, written):
    assert placet.jours(day) == written


def test_french_punctuation_never_starts_a_line():
    assert placet.typo("Il manque : « le poids » !") == (
        "Il manque\u00a0: «\u00a0le poids\u00a0»\u00a0!"
    )


def test_an_abbreviation_carries_its_meaning_for_mouse_and_keyboard():
    html = render('{{ "PUI"|abbr }}')
    assert 'title="pharmacie à usage intérieur"' in html
    assert 'tabindex="0"' in html
    assert ">PUI</abbr>" in html


def test_an_unknown_abbreviation_is_left_alone_and_escaped():
    assert render("{{ word|abbr }}", word="<b>") == "&lt;b&gt;"


@pytest.mark.parametrize("kind", placet.ICON_OF_KIND)
def test_a_state_tag_is_always_a_word_and_a_shape(kind):
    html = render("{% tag_etat kind label %}", kind=kind, label="À valider")
    assert f"etat-{kind}" in html
    assert f"#{placet.ICON_OF_KIND[kind]}" in html
    assert "À valider" in html


def test_a_missing_element_of_a_list_is_nothing():
    assert placet.item(["a", "b"], 1) == "b"
    assert placet.item(["a"], 4) == ""


@pytest.mark.parametrize(
    ("value", "written"),
    [("392", "392,00\u00a0€"), ("58.9000", "58,90\u00a0€"), ("0.4375", "0,4375\u00a0€")],
)
def test_a_price_keeps_its_decimals_and_has_two_at_least(value, written):
    assert placet.prix(value) == written


@pytest.mark.parametrize(("count", "ending"), [(0, ""), (1, ""), (2, "s"), (1234, "s")])
def test_plural_begins_at_two(count, ending):
    assert placet.pluriel(count) == ending
