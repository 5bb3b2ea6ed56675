"""Each role does its part without a mouse, and always sees where the focus is."""

import pytest

from tests.e2e import parts
from tests.e2e.keys import Keys
from tests.e2e.people import DECIDEUR, PHARMACIEN, PRESCRIPTEUR, become

# A patient whom the hospital already knows: the number brings the identity.
KNOWN_PATIENT = "DEMO1001"


@pytest.fixture(scope="module")
def told():
    return {}


@pytest.fixture
def keys(page):
    return Keys(page)


def test_prescriber_asks(page, keys, told):
    become(page, PRESCRIPTEUR)
    page.goto("/")
    keys.skip().reach("Nouvelle demande").enter()
    page.locator("#id_q").wait_for()
    page.wait_for_function("document.activeElement.id === 'id_q'")
    keys.write("indocin")
    page.get_by_role("button", name=f"Choisir {parts.PRODUIT}").wait_for()
    keys.reach("Choisir").enter()
    page.get_by_role("heading", name="Produit et indication").wait_for()
    _fill(page, keys)
    keys.reach("Relire et envoyer").enter()
    page.get_by_role("heading", name="Vos engagements").wait_for()
    keys.reach("Je m'engage").space().reach("J'informe").space().reach("Envoyer").enter()
    page.get_by_text("La demande est partie à la pharmacie").wait_for()
    told["demande"] = parts.numero(page)


def _fill(page, keys):
    keys.reach("Indication").space()
    while not page.get_by_role("radio", name=parts.INDICATION).is_checked():
        keys.down()
    page.get_by_role("group", name="confirmé par un néphrologue").wait_for()
    keys.reach("Numéro hospitalier").write(KNOWN_PATIENT).reach("Chercher").enter()
    page.locator("#zone-patient").get_by_text(f"IPP {KNOWN_PATIENT}").wait_for()
    keys.reach("Poids").write("21,5")
    keys.reach("Rare").space()
    keys.reach("peut-il être différé").space()
    keys.reach("recherche à finalité").space().down()
    for question, answer in parts.CRITERES.items():
        keys.reach(question).space().down(answer == "Non")
    keys.reach("Dose par prise").write("10")
    keys.reach("Fréquence").write("2 fois par jour")
    keys.reach("Unités (UCD)").write("1")
    keys.reach("Traitement (DCI)").write("énalapril")
    keys.reach("Issue").down()


def test_pharmacist_transmits(page, keys, told):
    become(page, PHARMACIEN)
    page.goto("/")
    keys.skip().reach(told["demande"]).enter()
    page.locator("h1", has_text=told["demande"]).wait_for()
    keys.skip().reach("Transmettre à l'ANSM").enter()
    page.locator("h1", has_text="Transmettre").wait_for()
    keys.skip().reach("J'ai vérifié").space().reach("Transmettre à l'ANSM").enter()
    page.get_by_text("La demande est transmise").wait_for()


def test_decider_grants(server, page, keys, told):
    become(page, DECIDEUR)
    server.wait_for(lambda: parts.to_decide(page, told["demande"]), "the fast lane opened")
    keys.skip().reach(told["demande"]).enter()
    page.locator("h1", has_text=told["demande"]).wait_for()
    keys.skip().reach("Accorder").enter()
    page.locator("h1", has_text="Accorder").wait_for()
    keys.skip().reach("aucun lien d'intérêts").space().reach("Accorder").enter()
    page.get_by_text("L'autorisation est accordée").wait_for()


def test_lists_move_by_letters(page, keys):
    """`/` searches, `j` and `k` move along the rows, Enter opens, `?` helps and Escape closes."""
    become(page, PHARMACIEN)
    page.goto("/dossiers/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"
    page.locator("h1").click()
    page.keyboard.press("j")
    first = keys.focused()["name"]
    page.keyboard.press("j")
    assert keys.focused()["name"] != first
    page.keyboard.press("k")
    assert keys.focused()["name"] == first
    page.keyboard.press("?")
    page.locator("dialog[open]").wait_for()
    page.keyboard.press("Escape")
    page.locator("dialog[open]").wait_for(state="hidden")
