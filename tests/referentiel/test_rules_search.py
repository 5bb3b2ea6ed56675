"""The search engine by itself: words, order, misspelt words, and anything typed."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referentiel.folding import search_text
from referentiel.rules.search_engine import Entry, SearchIndex, bits_of, ranks_of
from referentiel.rules.search_state import read_state
from referentiel.rules.search_words import faults_allowed, typed_words

ROWS = [
    ("INDOCIN 25MG/5ML BUV FL", "indométacine", "Syndrome néphrotique", "9321007 nindo05"),
    ("INDOCID 50 MG", "indométacine", "Goutte", "9321013"),
    ("HEPCLUDEX 2MG INJ FL", "bulévirtide", "Hépatite delta", "9000525 cbule02"),
    ("ELMISOL 10MG CPR", "lévamisole", "Syndrome néphrotique de l'enfant", "9000111 nleva01"),
    ("ÉTHIONAMIDE 250", "", "Tuberculose multirésistante, avec goutte", "9094468"),
    ("N½UD 100 %", "", "Traitement du n½ud", "9003207"),
]


def entries():
    return [
        Entry(
            f"{at}",
            nom,
            (dci,),
            search_text(nom, dci, texte, codes),
            ("3400930208441",) * (at == 2),
        )
        for at, (nom, dci, texte, codes) in enumerate(ROWS)
    ]


INDEX = SearchIndex(entries())


def found(query, index=INDEX):
    return [index.names[rank].split()[0] for rank in index.find(query)]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("indocin", ["indocin"]),
        ("INDO", ["indocid", "indocin"]),
        ("indocin 25", ["indocin"]),
        ("indocin 50", []),
        ("indometacine", ["indocid", "indocin"]),
        ("Éthionamide", ["ethionamide"]),
        ("ethionamide", ["ethionamide"]),
        ("syndrome nephrotique", ["elmisol", "indocin"]),
        ("le syndrome de la", ["elmisol", "indocin"]),
        ("goutte", ["ethionamide", "indocid"]),
        ("9321007", ["indocin"]),
        ("93210", ["indocid", "indocin"]),
        ("NINDO05", ["indocin"]),
        ("34009 302 084 4 1", ["hepcludex"]),
        ("noeud", ["noeud"]),
        ("100%", []),
        ("100 %", ["noeud"]),
        ("introuvable", []),
        ("zzzz", []),
    ],
)
def test_what_is_typed_is_found_in_the_order_of_names(query, names):
    if names == ["noeud"]:
        names = ["n½ud"]
    assert found(query) == names


@pytest.mark.parametrize(
    ("query", "name", "guess"),
    [
        ("indocn", "indocin", "indocin"),
        ("hepcludx", "hepcludex", "hepcludex"),
        ("epcludex", "hepcludex", "hepcludex"),
        ("nefrotique", "elmisol", "nephrotique"),
        ("bulevritide", "hepcludex", "bulevirtide"),
        ("tubercolose", "ethionamide", "tuberculose"),
    ],
)
def test_a_misspelt_word_is_understood_and_said(query, name, guess):
    hits = INDEX.find(query)
    assert INDEX.names[next(iter(hits))].startswith(name)
    assert guess in hits.guesses[query]


@pytest.mark.parametrize("query", ["9321008", "nindo06", "NIND005", "3400930208442"])
def test_a_code_is_never_guessed(query):
    assert found(query) == []


def test_names_that_begin_so_come_before_names_that_hold_the_word():
    index = SearchIndex(
        [
            Entry(1, "ALPHA FER", (), "alpha fer"),
            Entry(2, "ZETA", (), "zeta anemie par manque de fer"),
            Entry(3, "BETA", ("fer",), "beta"),
            Entry(4, "FERRIX", (), "ferrix"),
            Entry(5, "OMEGA", (), "omega", ("9000001",)),
        ]
    )
    assert [index.keys[rank] for rank in index.find("fer")] == [4, 1, 3, 2]
    assert [index.keys[rank] for rank in index.find("9000001")] == [5]


def test_the_order_does_not_depend_on_the_order_of_reading():
    rows = entries()
    for seed in range(5):
        random.Random(seed).shuffle(rows)
        other = SearchIndex(rows)
        assert other.keys == INDEX.keys
        assert list(other.find("indometacine")) == list(INDEX.find("indometacine"))


def test_nothing_typed_finds_everything_and_signs_alone_find_nothing():
    assert len(INDEX.find("")) == len(INDEX.find("   ")) == len(ROWS)
    assert found("!!! ;") == []


@given(st.text(max_size=300))
def test_no_text_breaks_the_search(query):
    hits = INDEX.find(query)
    ranks = list(hits)
    assert len(ranks) == len(set(ranks)) == len(hits) <= len(ROWS)


@given(st.lists(st.text(max_size=60), max_size=60))
def test_no_address_breaks_the_state_of_a_search(values):
    state = read_state("".join(values), lambda name: values)
    again = read_state(state.q, lambda name: sorted(state.chosen.get(name, ())))
    assert again == state


@given(st.sets(st.integers(0, 3000)))
def test_a_set_read_back_is_the_same_in_order(ranks):
    assert list(ranks_of(bits_of(ranks, 3001))) == sorted(ranks)


def test_words_that_say_nothing_are_passed_over_unless_alone():
    assert typed_words("le cancer du sein") == ["cancer", "sein"]
    assert typed_words("de la") == ["de", "la"]
    assert len(typed_words(" ".join(f"mot{n}" for n in range(50)))) == 12


@pytest.mark.parametrize(("word", "faults"), [("zeta", 1), ("hepclude", 2), ("nephrotiques", 3)])
def test_longer_words_may_hold_more_faults(word, faults):
    assert faults_allowed(word) == faults
