"""The questions page: stable anchors, parameters that exist, links that lead somewhere."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from referentiel.parametres import INITIAUX
from referentiel.rules.questions import QUESTIONS
from referentiel.rules.textes import TEXTES

CODES = {parametre.code for parametre in INITIAUX}
ANCRES = [question.ancre for question in QUESTIONS]


def test_there_are_fifteen_to_twenty_five_questions_on_the_three_frameworks():
    assert 15 <= len(QUESTIONS) <= 25
    assert {"AAC", "AAP", "CPC"} <= {str(question.theme) for question in QUESTIONS}


def test_anchors_are_unique_and_fit_an_address():
    assert len(set(ANCRES)) == len(ANCRES)
    assert all(re.fullmatch(r"[a-z-]+", ancre) for ancre in ANCRES)


@pytest.mark.parametrize("question", QUESTIONS, ids=ANCRES)
def test_an_answer_quotes_parameters_that_exist(question):
    assert set(question.parametres) <= CODES
    values = {parametre.code: parametre.valeur for parametre in INITIAUX}
    assert "{" not in question.told(values)
    assert question.question.endswith("?")
    assert question.articles


def test_an_adverse_event_goes_first_where_the_protocol_says():
    answer = next(q for q in QUESTIONS if q.ancre == "effet-indesirable").reponse
    assert answer.index("AAP avant AMM") < answer.index("protocole") < answer.index("portail")
    assert "Tout professionnel" not in answer


def test_a_stopped_sale_is_not_enough_for_an_aac():
    answer = next(q for q in QUESTIONS if q.ancre == "aac-conditions").reponse
    assert "sa vente a cessé et son AMM ne couvre pas l'indication" in answer


def test_the_six_texts_of_the_reform_are_cited():
    names = " ".join(texte.nom for texte in TEXTES)
    for cited in ("L. 5121-12", "L. 5121-12-1", "article 78", "2021-869", "2021-870", "2022-164"):
        assert cited in names


def test_every_help_link_of_a_page_leads_to_an_answer():
    templates = Path(settings.BASE_DIR) / "templates"
    asked = {
        ancre
        for path in templates.rglob("*.html")
        for ancre in re.findall(
            r"components/help_link\.html\" with ancre=\"([a-z-]+)\"", path.read_text()
        )
    }
    assert asked
    assert asked <= set(ANCRES)


def test_a_parameter_of_an_answer_stands_since_the_reform():
    quoted = {code for question in QUESTIONS for code in question.parametres}
    assert all(p.debut <= date(2021, 7, 1) for p in INITIAUX if p.code in quoted)
