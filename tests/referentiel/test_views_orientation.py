"""« Quelle voie ? » and the questions page: no account, nothing kept, any address survives."""

from datetime import date

import pytest
from django.urls import reverse

from referentiel.models import Parametre
from referentiel.states import StatutCadre, TypeCadre
from tests.factories.medicines import CadreFactory, medicament

pytestmark = pytest.mark.django_db
VOIE, QUESTIONS = reverse("referentiel:quelle_voie"), reverse("referentiel:questions")


def read(client, url, query=None):
    answer = client.get(url, query or {})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_first_question_needs_no_account_and_no_medicine(client):
    text = read(client, VOIE)
    assert "Question 1 sur 4" in text
    assert 'name="cadre"' in text


def test_each_answer_is_carried_and_may_be_changed(client):
    text = read(client, VOIE, {"cadre": "AUCUN", "amm": "AUCUNE"})
    assert "Question 3 sur 4" in text
    assert '<input type="hidden" name="cadre" value="AUCUN">' in text
    assert 'href="?cadre=AUCUN"' in text


def test_the_end_gives_the_route_why_and_the_article(client):
    answers = {"cadre": "AUCUN", "amm": "AUCUNE", "alternative": "NON", "essai": "NON"}
    text = read(client, VOIE, answers)
    assert "déposez une demande" in text
    assert "L. 5121-12-1 II" in text
    assert reverse("access:demande_nouvelle") in text
    assert f"{QUESTIONS}#aac-demander" in text


def test_for_a_medicine_the_first_question_is_its_indications(client):
    med = medicament()
    text = read(client, VOIE, {"produit": med.produit.pk})
    assert "indication de votre patient" in text
    assert str(med.cadre.pk) in text
    assert "Une autre indication" in text
    text = read(client, VOIE, {"produit": med.produit.pk, "pour": med.cadre.pk})
    assert "Question 2 sur 4" in text
    assert "Maladie fictive" in text
    text = read(client, VOIE, {"produit": med.produit.pk, "pour": "autre"})
    assert "Question 2 sur 4" in text


def test_an_early_access_of_the_medicine_ends_at_once(client):
    med = medicament()
    aap = CadreFactory(
        produit=med.produit,
        framework=TypeCadre.AAP,
        statut=StatutCadre.OCTROYEE,
        code="CFICT09",
        criteres_publies=False,
    )
    text = read(client, VOIE, {"produit": med.produit.pk, "pour": aap.pk})
    assert "demandez l&#x27;accès au laboratoire" in text
    assert reverse("referentiel:cadre", args=[aap.pk]) in text


def test_the_aac_button_names_the_indication_chosen(client):
    med = medicament()
    answers = {"amm": "AUCUNE", "alternative": "NON", "essai": "NON"}
    query = {"produit": med.produit.pk, "pour": med.cadre.pk} | answers
    assert f"?cadre={med.cadre.pk}" in read(client, VOIE, query)


@pytest.mark.parametrize(
    "query",
    [
        {"produit": "\0"},
        {"produit": "x" * 5000},
        {"cadre": "<script>alert(1)</script>"},
        {"pour": "autre"},
        {"essai": "NON"},
        {"amm": "\0", "cadre": "AAC"},
    ],
)
def test_any_address_is_answered(client, query):
    assert "<script>alert" not in read(client, VOIE, query)


def test_the_questions_hold_the_values_in_force(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        text = read(client, QUESTIONS)
    assert "12 mois au plus" in text
    Parametre.objects.create(
        code="aac.duree_max_mois", valeur="18", debut=date(2022, 1, 1), source="Essai"
    )
    assert "18 mois au plus" in read(client, QUESTIONS)


def test_questions_are_filtered_without_accents(client):
    text = read(client, QUESTIONS, {"q": "differable"})
    assert 'id="differable"' in text
    assert 'id="cpc-duree"' not in text
    assert "Aucune question" in read(client, QUESTIONS, {"q": "zzzz\0<b>"})


def test_the_texts_of_the_reform_are_linked(client):
    text = read(client, QUESTIONS)
    for text_id in ("2021-869", "2021-870", "2022-164", "2020-1576"):
        assert f"{text_id}/jo/texte" in text
