"""The register in a browser: anyone reads it, two gestionnaires publish, a list is reviewed."""

import re

import pytest

from tests.e2e.looks import look
from tests.e2e.people import GESTIONNAIRE, PRESCRIPTEUR, RELECTEUR, become

ADMIN = "M. Admin Démo"
READING = 240_000  # ms: the worker reads a dropped list behind whatever it is drawing
# An invented list: a known UCD with two codes that are new.
LISTE = """UCD;Libellé;Code;Indication;Début
9321007;INDOCIN 25MG/5ML BUV FL;NINDO77;Essai de lecture (exemple fictif);01/01/2026
9321007;INDOCIN 25MG/5ML BUV FL;NINDO78;Essai de lecture (exemple fictif);01/01/2026
"""
PUBLIC = {
    "60-accueil": "/",
    "61-soignant": "/pour/soignant/",
    "66-changements": "/referentiel/changements/",
    "67-donnees": "/referentiel/donnees/",
    "68-chiffres": "/chiffres/",
    "69-suivre": "/referentiel/suivre/",
}


@pytest.mark.parametrize("name", PUBLIC)
def test_public_pages_read_well(page, name):
    answer = page.goto(PUBLIC[name])
    assert answer.status == 200
    look(page, name)


def test_the_other_states_of_the_public_pages_read_well(page):
    page.goto("/referentiel/?q=azertyuiop")
    page.get_by_role("link", name="quelle voie pour mon patient ?").wait_for()
    look(page, "85-rien-trouve")
    page.goto("/referentiel/questions/?q=azertyuiop")
    look(page, "86-aucune-question")
    page.goto("/referentiel/suivre/")
    page.get_by_label("Adresse électronique").fill("pas une adresse")
    page.get_by_role("button", name="Suivre").click()
    page.get_by_role("alert").wait_for()
    look(page, "87-suivre-faute")
    page.goto("/referentiel/suivi/confirmer/?jeton=perime")
    look(page, "88-lien-perime")
    page.goto("/")
    page.get_by_label("Médicament, substance, maladie").fill("indoc")
    page.get_by_role("link", name=re.compile("^INDOCIN 25MG")).wait_for()
    look(page, "89-apercu")
    page.locator("h1").click()
    page.keyboard.press("?")
    page.get_by_role("heading", name="Raccourcis du clavier").wait_for()
    look(page, "90-aide")


def find_sheet(page):
    page.goto("/referentiel/?q=indocin")
    page.get_by_role("link", name=re.compile("^INDOCIN 25MG")).click()
    page.get_by_role("heading", name=re.compile("INDOCIN"), level=1).wait_for()


def test_a_request_begins_on_the_sheet(page, hand):
    become(page, PRESCRIPTEUR)
    find_sheet(page)
    hand.click(page.get_by_role("link", name="Commencer une demande d'AAC").first)
    hand.click("Commencer la demande")
    page.get_by_role("heading", name="Produit et indication").wait_for()
    chosen = page.get_by_role("radio", name="Syndrome néphrotique congénital")
    assert chosen.is_checked()


def test_one_proposes_and_another_publishes(page, hand):
    become(page, GESTIONNAIRE)
    page.goto("/referentiel/gestion/?q=indocin")
    look(page, "72-gestion")
    page.get_by_role("link", name=re.compile("^INDOCIN 25MG")).first.click()
    page.get_by_label("Voie").first.fill("voie orale (relue)")
    page.get_by_label("Pourquoi").fill("Précision de la voie, exemple fictif.")
    look(page, "73-gestion-produit")
    page.get_by_role("button", name="Voir ce qui change").first.click()
    page.get_by_text("voie orale (relue)").first.wait_for()
    look(page, "74-apercu")
    page.get_by_role("button", name="Proposer à la publication").click()
    page.get_by_text("Une autre personne que vous").wait_for()
    address = page.url
    assert page.get_by_role("button", name="Publier").count() == 0

    become(page, RELECTEUR)
    page.goto("/referentiel/gestion/publications/")
    look(page, "75-publications")
    page.goto(address)
    look(page, "76-publication")
    page.get_by_role("button", name="Publier", exact=True).click()
    page.get_by_text("Publiée").first.wait_for()
    find_sheet(page)
    page.get_by_text("voie orale (relue)").first.wait_for()


def test_a_list_is_mapped_reviewed_and_applied(page):
    """The waiting page moves on by itself each time the worker has read."""
    become(page, GESTIONNAIRE)
    page.goto("/referentiel/gestion/listes/deposer/")
    look(page, "77-deposer")
    page.get_by_label("Source").select_option("liste")
    content = LISTE.encode()
    upload = {"name": "liste-fictive.csv", "mimeType": "text/csv", "buffer": content}
    page.get_by_label("Fichier").set_input_files(upload)
    page.get_by_role("button", name="Déposer et lire").click()
    read = page.get_by_role("button", name="Lire la liste")
    read.wait_for(timeout=READING)
    look(page, "78-colonnes")
    page.get_by_label("Nom de cette correspondance").fill("Liste fictive des tests")
    read.click()
    apply = page.get_by_role("button", name=re.compile("^Appliquer"))
    apply.wait_for(timeout=READING)
    look(page, "79-revue")
    page.get_by_role("button", name="Accepter tout ce qui est certain (2)").click()
    page.get_by_role("button", name=re.compile("^Appliquer")).click()
    page.get_by_text("Appliquée").first.wait_for()
    find_sheet(page)
    page.get_by_text("NINDO77").first.wait_for()
    page.goto("/referentiel/gestion/imports/")
    look(page, "80-listes")


def test_faults_of_a_proposal_stand_beside_their_fields(page):
    become(page, GESTIONNAIRE)
    page.goto("/referentiel/gestion/nouvelles/ajouter/")
    page.get_by_label("Titre").fill("Une nouvelle sans texte")
    page.get_by_role("button", name="Voir ce qui change").click()
    page.get_by_role("alert").wait_for()
    assert page.get_by_label("Titre").input_value() == "Une nouvelle sans texte"
    look(page, "91-proposition-faute")


@pytest.mark.parametrize(
    ("name", "person", "path"),
    [
        ("81-parametres", GESTIONNAIRE, "/referentiel/parametres/"),
        ("82-a-verifier", GESTIONNAIRE, "/referentiel/gestion/a-verifier/"),
        ("83-etablissements", ADMIN, "/organisations/"),
        ("84-touches", PRESCRIPTEUR, "/dossiers/changements/"),
    ],
)
def test_pages_of_those_who_keep_the_register_read_well(page, name, person, path):
    become(page, person)
    assert page.goto(path).status == 200
    look(page, name)
