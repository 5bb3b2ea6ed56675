"""« Quelle voie ? »: every path of answers ends on one route, in four questions at most."""

from itertools import product

import pytest

from referentiel.rules.quelle_voie import QUESTIONS, cleaned, issue_of, next_question
from referentiel.rules.questions import QUESTIONS as REPONSES

CASES = [
    ("L. 5121-12 : accès précoce ouvert", "AAP", "AAP"),
    ("L. 5121-12-1 III : cadre en vigueur", "CPC", "CPC"),
    ("L. 5121-8 : AMM dans l'indication", "AUCUN INDICATION", "AMM"),
    ("L. 5121-8 : AMM même si un AAC est publié", "AAC INDICATION", "AMM"),
    ("L. 5121-12-1 I 2° : traitement approprié", "AUCUN AUCUNE OUI", "AUCUNE"),
    ("L. 5121-12-1 I 2° : même hors AMM", "AUCUN AUTRE OUI", "AUCUNE"),
    ("L. 5121-12-1-2 : hors AMM", "AUCUN AUTRE NON", "AUCUNE"),
    ("L. 5121-12-1 II : sans AMM, sans essai", "AUCUN AUCUNE NON NON", "AAC"),
    ("L. 5121-12-1 II : arrêt de commercialisation", "AUCUN ARRET NON NON", "AAC"),
    ("R. 5121-74 : AAC publié", "AAC AUCUNE NON NON", "AAC"),
    ("L. 5121-12-1 I 1° : essai ouvert au patient", "AUCUN AUCUNE NON INCLUSION", "AUCUNE"),
    ("L. 5121-12-1 II : très précoce", "AUCUN AUCUNE NON EXCLU_URGENT", "AAC"),
    ("L. 5121-12-1 II : différable", "AUCUN AUCUNE NON EXCLU_DIFFERABLE", "AUCUNE"),
]


def answers(told):
    return dict(zip([q.nom for q in QUESTIONS], told.split(), strict=False))


@pytest.mark.parametrize(("told", "route"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_the_route_of_a_case(told, route):
    given = answers(told)
    assert cleaned(given) == given
    assert issue_of(given).voie == route
    assert next_question(given) is None


def test_every_path_ends_on_a_route_with_its_article_and_its_answer():
    anchors = {question.ancre for question in REPONSES}
    for path in product(*([c.valeur for c in q.choix] for q in QUESTIONS)):
        issue = issue_of(cleaned(dict(zip([q.nom for q in QUESTIONS], path, strict=True))))
        assert issue is not None
        assert issue.articles
        assert issue.ancre in anchors


def test_there_are_four_questions_at_most_and_each_has_its_article():
    assert len(QUESTIONS) <= 4
    assert all(question.article.startswith("CSP") for question in QUESTIONS)


def test_an_unknown_answer_is_forgotten_with_those_that_follow():
    assert cleaned({"cadre": "AUCUN", "amm": "<script>", "essai": "NON"}) == {"cadre": "AUCUN"}
    assert cleaned({"essai": "NON"}) == {}


def test_no_further_question_is_kept_once_the_route_is_found():
    assert cleaned({"cadre": "AAP", "amm": "AUCUNE"}) == {"cadre": "AAP"}
