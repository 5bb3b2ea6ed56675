"""Filters and their counts, next action, conditions of prescription: pure rules."""

from datetime import date

import pytest

from referentiel.rules import facettes as f
from referentiel.rules.next_action import ORDINARY, Situation, next_action
from referentiel.rules.prescription import classes_of
from referentiel.rules.search_state import SearchState, read_state
from referentiel.states import StatutCadre as S
from referentiel.states import TypeCadre as T

DAY = date(2026, 11, 21)
BASE = f.CadreFacts(T.AAC, S.SANS_CRITERES, None, None, None, None, False, None, None, None)


def facts(framework, statut, **more):
    return BASE._replace(framework=framework, statut=statut, **more)


@pytest.mark.parametrize(
    ("cadre", "where"),
    [
        (facts(T.AAC, S.SANS_CRITERES), f.EN_VIGUEUR),
        (facts(T.AAC, S.SANS_CRITERES, fin=DAY), f.EN_VIGUEUR),
        (facts(T.AAC, S.SANS_CRITERES, fin=date(2026, 11, 20)), f.TERMINE),
        (facts(T.AAC, S.SANS_CRITERES, debut=DAY), f.EN_VIGUEUR),
        (facts(T.AAC, S.SANS_CRITERES, debut=date(2026, 11, 22)), f.A_VENIR),
        (facts(T.AAC, S.SANS_CRITERES, absente_depuis=DAY), f.TERMINE),
        (facts(T.AAC, S.FIN_OCTROI), f.TERMINE),
        (facts(T.AAP, S.REFUSEE, fin=date(2020, 1, 1)), f.REFUSE),
        (facts(T.CPC, S.NON_RETENU), f.REFUSE),
        (facts(T.AAP, S.DEMANDE_DEPOSEE), f.EN_EXAMEN),
        (facts(T.CPC, S.SIGNALE), f.EN_EXAMEN),
        (facts(T.AAP, S.SUSPENDUE), f.SUSPENDU),
        (facts(T.CPC, S.ABROGE), f.TERMINE),
    ],
)
def test_where_a_cadre_stands_on_a_day(cadre, where):
    assert f.standing(cadre, DAY) == where


# Product 0: an ended AAP and an AAC in force; 1: an AAP in force; 2: no cadre; 3: a rare CPC.
CADRES = [
    (0, facts(T.AAP, S.OCTROYEE, fin=date(2020, 1, 1))),
    (0, facts(T.AAC, S.CRITERES_PUBLIES, criteres_publies=True, pediatrie=True)),
    (1, facts(T.AAP, S.OCTROYEE, avec_amm=True)),
    (3, facts(T.CPC, S.EN_VIGUEUR, maladie_rare=True, suivi_obligatoire=True)),
]
PRODUCTS = {f.ATC: {"A": 0b0011, "L": 0b1000}, f.PRESCRIPTION: {}, f.LABO: {"x": 0b0101}, f.MAJ: {}}
FACETTES = f.Facettes(f.gather_kinds(CADRES, 0b0100, DAY), PRODUCTS)
ALL = 0b1111


def chosen(**values):
    return {name: frozenset(found.split()) for name, found in values.items()}


@pytest.mark.parametrize(
    ("selection", "kept"),
    [
        ({}, 0b1111),
        (chosen(statut="en-vigueur"), 0b1011),
        (chosen(cadre="AAP"), 0b0011),
        (chosen(cadre="AAP", statut="en-vigueur"), 0b0010),
        (chosen(cadre="AAP AAC", statut="en-vigueur"), 0b0011),
        (chosen(cadre="AAP-apres-AMM"), 0b0010),
        (chosen(statut="sans-cadre"), 0b0100),
        (chosen(rare="oui"), 0b1000),
        (chosen(criteres="oui", atc="A"), 0b0001),
        (chosen(atc="A L", labo="x"), 0b0001),
        (chosen(criteres="oui", suivi="oui"), 0),
    ],
)
def test_filters_of_cadres_hold_on_one_cadre(selection, kept):
    assert FACETTES.count(ALL, selection).kept == kept


def test_a_count_says_what_the_choice_would_leave():
    selection = chosen(statut="en-vigueur", cadre="AAP", atc="A")
    counted = FACETTES.count(ALL, selection)
    assert counted.kept == 0b0010
    assert counted.counts[f.CADRE] == {"AAC": 1, "AAP": 1, "AAP-apres-AMM": 1, "CPC": 0}
    assert counted.counts[f.STATUT] == {"en-vigueur": 1, "termine": 1}
    assert counted.counts[f.ATC] == {"A": 1, "L": 0}
    for name, values in counted.counts.items():
        for value, count in values.items():
            alone = {**selection, name: frozenset({value})}
            assert FACETTES.count(ALL, alone).kept.bit_count() == count, (name, value)


def test_values_nothing_has_are_passed_over():
    asked = {"cadre": ["AAP", "XX"], "atc": ["'"], "labo": [], "inconnu": ["1"]}
    assert FACETTES.valid(asked) == {"cadre": frozenset({"AAP"})}


# --- State of the address ---------------------------------------------------------------


def state_of(**values):
    return read_state(values.pop("q", ""), lambda name: values.get(name, "").split())


def test_in_force_is_the_default_and_can_be_left():
    assert state_of().selection == {"statut": frozenset({"en-vigueur"})}
    assert state_of(statut="tous").selection == {}
    assert state_of(statut="termine").selection == {"statut": frozenset({"termine"})}
    left = state_of(q="fer").without("statut", "en-vigueur")
    assert left.query_string() == "?q=fer&statut=tous"


def test_an_address_is_the_same_for_the_same_state():
    one = state_of(q=" fer ", cadre="CPC AAC", atc="L")
    assert one.query_string() == "?q=fer&cadre=AAC&cadre=CPC&atc=L"
    assert one.without("cadre", "CPC").query_string() == "?q=fer&cadre=AAC&atc=L"
    assert one.without("atc", "L").without("cadre", "AAC").chosen == {"cadre": frozenset({"CPC"})}
    assert SearchState().query_string() == ""


# --- Next action ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "label", "reason"),
    [
        (Situation(T.AAC, f.EN_VIGUEUR, criteres_publies=True), "Demander une AAC", "Critères pub"),
        (Situation(T.AAC, f.EN_VIGUEUR), "Demander une AAC", "Sans critères"),
        (Situation(T.AAC, f.EN_VIGUEUR, continuite=True), "Poursuivre une AAC", "déjà"),
        (
            Situation(T.AAP, f.EN_VIGUEUR, plateforme="https://x"),
            "Plateforme du lab",
            "laboratoire",
        ),
        (Situation(T.AAP, f.EN_VIGUEUR), "S'adresser au laboratoire", "plateforme"),
        (Situation(T.CPC, f.EN_VIGUEUR), "Prescrire dans le cadre", "mention"),
        (Situation(T.DIRECT, f.EN_VIGUEUR), "Prescrire", "sans demande"),
        (Situation(T.AAP, f.TERMINE, S.PASSEE_DROIT_COMMUN), ORDINARY, "droit commun"),
        (Situation(T.AAP, f.TERMINE, S.CONTINUITE), "", "aucun nouveau patient"),
        (Situation(T.AAP, f.TERMINE, S.OCTROYEE, amm="X 1 mg"), ORDINARY, "X 1 mg"),
        (Situation(T.AAP, f.REFUSE, S.REFUSEE), "", "Accès précoce refusé"),
        (Situation(T.CPC, f.REFUSE, S.NON_RETENU), "", "Non retenu"),
        (Situation(T.CPC, f.SUSPENDU, S.SUSPENDU), "", "Suspendu"),
        (Situation(T.AAP, f.EN_EXAMEN, S.DEMANDE_DEPOSEE), "", "examen"),
        (Situation(T.AAC, f.A_VENIR), "", "pas encore"),
        (Situation(), "Demander une AAC", "Aucune indication publiée"),
    ],
)
def test_the_next_action_and_its_reason(case, label, reason):
    action = next_action(case)
    assert action.label.startswith(label)
    assert bool(action.label) is bool(label)
    assert reason in action.reason


def test_classes_of_prescription_are_read_from_the_conditions():
    text = "liste I ; réservé à l’usage HOSPITALIER ; prescription réservée aux spécialistes"
    assert classes_of(text) == ["reserve-hospitalier", "specialistes"]
    assert classes_of("") == []
