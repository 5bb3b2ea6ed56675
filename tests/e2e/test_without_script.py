"""With scripts off: draft saved, sent, transmitted, decided; the register followed and kept."""

import re

import pytest

from tests.e2e import parts
from tests.e2e.hand import Hand
from tests.e2e.people import (
    DECIDEUR,
    GESTIONNAIRE,
    PHARMACIEN,
    PRESCRIPTEUR,
    RELECTEUR,
    become,
)


@pytest.fixture
def bare(open_page):
    return open_page(java_script_enabled=False)


def test_draft_to_decision_without_script(server, bare):
    hand = Hand(bare, scripted=False)
    become(bare, PRESCRIPTEUR)
    parts.open_request(hand)
    parts.fill_request(hand, parts.Malade(nom="Sans", prenom="Script"))
    hand.click("Enregistrer")
    bare.get_by_text("Le brouillon est enregistré").wait_for()
    assert bare.get_by_label("Poids (kg)").input_value() == "20,5"
    hand.type("Poids (kg)", "vingt")
    hand.click("Enregistrer")
    bare.get_by_text("Le poids se situe entre").first.wait_for()
    assert bare.get_by_label("Poids (kg)").input_value() == "vingt"
    hand.type("Poids (kg)", "21")
    number = parts.send_request(hand)

    become(bare, PHARMACIEN)
    parts.transmit(hand, number)

    become(bare, DECIDEUR)
    server.wait_for(lambda: parts.to_decide(bare, number), "the fast lane opened")
    assert parts.grant(hand, number).startswith("AAC-")


def test_the_register_is_searched_and_followed_without_script(bare):
    bare.goto("/")
    bare.get_by_label("Médicament, substance, maladie").fill("indocin")
    bare.get_by_role("button", name="Chercher").click()
    bare.get_by_label("Accès compassionnel (AAC)").check()
    bare.get_by_role("button", name="Filtrer").click()
    assert "cadre=AAC" in bare.url
    bare.get_by_role("link", name=re.compile("^INDOCIN 25MG")).click()
    bare.get_by_role("link", name="Suivre").click()
    bare.get_by_label("Adresse électronique").fill("pas une adresse")
    bare.get_by_role("button", name="Suivre").click()
    bare.get_by_role("alert").wait_for()
    assert bare.get_by_label("Adresse électronique").input_value() == "pas une adresse"
    bare.get_by_label("Adresse électronique").fill("lecteur@exemple.invalid")
    bare.get_by_role("button", name="Suivre").click()
    bare.get_by_text("Ouvrez son lien dans les trois jours").wait_for()


def test_the_route_is_found_without_script(bare):
    bare.goto("/referentiel/quelle-voie/")
    answers = (
        "Aucun, ou le médicament",
        "Non, dans aucune",
        "Non, ou il a échoué",
        "Non, pas à ma",
    )
    for answer in answers:
        bare.get_by_label(answer).check()
        bare.get_by_role("button", name="Continuer").click()
    bare.get_by_role("heading", name="L'accès compassionnel (AAC)").wait_for()


def test_two_persons_publish_without_script(bare):
    become(bare, GESTIONNAIRE)
    bare.goto("/referentiel/gestion/nouvelles/ajouter/")
    bare.get_by_label("Titre").fill("Nouvelle sans script (exemple fictif)")
    bare.get_by_label("Texte").fill("Écrite sans script.")
    bare.get_by_label("Pourquoi").fill("Essai")
    bare.get_by_role("button", name="Voir ce qui change").click()
    bare.get_by_role("button", name="Modifier encore").click()
    assert bare.get_by_label("Texte").input_value() == "Écrite sans script."
    bare.get_by_role("button", name="Voir ce qui change").click()
    bare.get_by_role("button", name="Proposer à la publication").click()
    address = bare.url
    become(bare, RELECTEUR)
    bare.goto(address)
    bare.get_by_role("button", name="Publier", exact=True).click()
    bare.get_by_text("Publiée").first.wait_for()
