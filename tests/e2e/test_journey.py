"""From the prescriber's first click to the line of FICHCOMP, each role in its turn.

The same pages are read on the way: axe in light and dark, a phone's width, the budgets of actions.
"""

import io
import re
import subprocess

import pikepdf
import pytest

from tests.e2e import parts
from tests.e2e.hand import Hand
from tests.e2e.looks import look
from tests.e2e.people import (
    DECIDEUR,
    FACTURATION,
    MAILS,
    PHARMACIEN,
    PRESCRIPTEUR,
    become,
)

# What no mail may say: product, disease, patient, verdict.
SECRETS = ("INDOCIN", "indométacine", "néphrotique", "Canari", "C. F.", "accord", "refus")
# The code of a decision, printed by fours on two lines.
CODE_LINE = re.compile(r"(?<![0-9a-f])(?:[0-9a-f]{4}\s){3}[0-9a-f]{4}(?![0-9a-f])")


@pytest.fixture(scope="module")
def told():
    """What one chapter of the journey leaves to the next."""
    return {"malade": parts.Malade(), "lot": "LOT-E2E-1"}


def need(told, name):
    if name not in told:
        pytest.fail(f"an earlier chapter did not give « {name} »")
    return told[name]


def text_of(data):
    """The words of a PDF, as its reader copies them."""
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=data, capture_output=True)
    return done.stdout.decode()


def test_1_prescriber_asks(server, page, hand, told):
    become(page, PRESCRIPTEUR)
    look(page, "01-prescripteur-accueil")
    with hand.budget("New AAC by criteria", typed=12, actions=45):
        parts.open_request(hand)
        parts.fill_request(hand, told["malade"])
        told["demande"] = parts.send_request(hand)
    told["demande_url"] = page.url
    look(page, "05-prescripteur-dossier")


def test_2_pages_of_the_form(page, hand):
    """The same pages once more, looked at: search, form, wrong values, reading again."""
    become(page, PRESCRIPTEUR)
    hand.click("Nouvelle demande d'AAC")
    hand.type("maladie ou code", "indocin")
    page.get_by_role("button", name=f"Choisir {parts.PRODUIT}").wait_for()
    look(page, "02-recherche-produit")
    hand.click(f"Choisir {parts.PRODUIT}")
    parts.fill_request(hand, parts.Malade(nom="Témoin"))
    parts.saved(hand)
    look(page, "03-demande")
    hand.type("Poids (kg)", "4000")
    hand.type("Date de naissance", "2199-01-01")
    hand.click("Relire et envoyer")
    assert page.get_by_label("Traitement (DCI)").first.input_value() == "énalapril"
    page.get_by_text("Le poids se situe entre 0,3 et 400").first.wait_for()
    look(page, "03-demande-erreurs")
    hand.type("Poids (kg)", "20,5")
    hand.type("Date de naissance", "2019-03-14")
    hand.click("Relire et envoyer")
    page.get_by_role("heading", name="Vos engagements").wait_for()
    look(page, "04-relire")
    hand.click("Envoyer à la pharmacie")
    page.get_by_text("Cochez cet engagement").first.wait_for()
    look(page, "04-relire-erreurs")


def test_3_pharmacist_transmits(page, hand, told):
    number = need(told, "demande")
    become(page, PHARMACIEN)
    look(page, "06-pharmacien-accueil")
    parts.open_dossier(hand, number)
    look(page, "07-pharmacien-dossier")
    hand.click("Transmettre à l'ANSM")
    look(page, "08-transmettre")
    hand.click("Transmettre à l'ANSM")
    page.get_by_text("Confirmez que vous avez vérifié").first.wait_for()
    look(page, "08-transmettre-erreurs")
    page.goto("/")
    with hand.budget("Pharmacist's transmission", typed=2, actions=6):
        parts.transmit(hand, number)
    page.get_by_text("Commande préparée").or_(page.get_by_text("Préparée")).first.wait_for()
    look(page, "09-transmise")


def test_4_decider_grants(server, page, hand, told):
    number = need(told, "demande")
    become(page, DECIDEUR)
    server.wait_for(lambda: parts.to_decide(page, number), "the fast lane opened")
    look(page, "10-decideur-accueil")
    with hand.budget("Decider's conforming decision", typed=0, actions=4):
        told["aac"] = parts.grant(hand, number)
    look(page, "12-accordee")
    assert "Canari" not in page.content()


def test_5_prescriber_reads_the_decision(server, page, hand, told):
    number = need(told, "aac")
    become(page, PRESCRIPTEUR)
    page.goto(need(told, "demande_url"))
    hand.click(number)
    page.locator("h1", has_text=number).wait_for()
    told["aac_url"] = page.url
    link = page.locator("#decisions").get_by_role("link", name=re.compile("Décision"))
    server.wait_for(lambda: link.count() or not page.reload(), "the decision drawn")
    look(page, "13-autorisation")
    with page.expect_download() as download:
        link.first.click()
    data = download.value.path().read_bytes()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.docinfo.get("/Title") or pdf.open_metadata().get("dc:title")
        assert "/StructTreeRoot" in pdf.Root, "the PDF is not tagged"
    words = text_of(data)
    assert number in words
    assert need(told, "demande") in words
    assert "SIMULATION" in words
    assert "C. F." in words
    assert "Canari" not in words
    told["code"] = "".join(CODE_LINE.findall(words))
    assert len(re.sub(r"\s", "", told["code"])) == 32


def test_6_mails_say_nothing(server, told):
    for person in (PRESCRIPTEUR, PHARMACIEN):
        mails = server.wait_for(
            lambda person=person: about(server, person, need(told, "demande")), "the mail written"
        )
        for mail in mails:
            words = f"{mail['Subject']}\n{mail.get_content()}"
            said = [secret for secret in SECRETS if secret.lower() in words.lower()]
            assert not said, words


def about(server, person, number):
    return [mail for mail in server.mails(MAILS[person]) if number in mail.get_content()]


def test_7_pharmacist_orders_receives_dispenses(page, hand, told):
    number = need(told, "aac")
    become(page, PHARMACIEN)
    page.goto(need(told, "aac_url"))
    look(page, "14-pharmacie-autorisation")
    parts.send_order(hand)
    look(page, "15-commande-envoyee")
    hand.click("Réceptionner")
    look(page, "16-reception")
    hand.click("Réceptionner")
    page.locator(".champ-erreur").first.wait_for()
    look(page, "16-reception-erreurs")
    page.goto(page.url.split("etapes")[0])
    parts.receive(hand, told["lot"])
    look(page, "17-commande-recue")
    hand.click(number)
    hand.click("Dispenser")
    look(page, "18-dispenser")
    hand.click("Noter la dispensation")
    page.locator(".champ-erreur").first.wait_for()
    look(page, "18-dispenser-erreurs")
    page.goto(told["aac_url"])
    parts.dispense(hand, lot=told["lot"], quantity="30")
    look(page, "19-dispensee")


def test_8_billing_writes_the_line(page, hand, told):
    number = need(told, "aac")
    become(page, FACTURATION)
    look(page, "20-facturation-accueil")
    parts.type_stay(hand, number, "E2E0000001", "2,5")
    look(page, "21-sejours")
    page.goto("/")
    hand.click(page.get_by_role("link", name="Prix").first)
    look(page, "22-prix")
    parts.type_price(hand, "401,20")
    page.goto("/")
    with hand.budget("Monthly billing file", typed=0, actions=6):
        data, name = parts.monthly_file(hand)
    look(page, "24-mois")
    assert name.startswith("SIMULATION_")
    lines = data.decode("ascii").split("\r\n")
    assert lines.pop() == ""
    assert {len(line) for line in lines} == {105}
    (line,) = [line for line in lines if line[11:31].strip() == "E2E0000001"]
    assert line[9:11] == "09"
    assert line[31:39] == "".join(reversed(parts.today(page).split("-")))
    assert line[39:54].strip() == parts.UCD13
    assert line[54:64] == "0000002500"
    assert line[64:74] == "0001003000"
    assert line[75:82].strip() == parts.CODE
    assert "Canari" not in data.decode("ascii")


def test_9_anyone_verifies(open_page, told):
    page = open_page()
    hand = Hand(page)
    page.goto("/")
    look(page, "30-accueil-public")
    hand.click("Vérifier une décision")
    look(page, "31-verifier")
    hand.type("Code de vérification", "pas un code")
    hand.click("Vérifier")
    page.locator(".champ-erreur").first.wait_for()
    look(page, "31-verifier-erreur")
    hand.type("Code de vérification", need(told, "code"))
    hand.click("Vérifier")
    page.get_by_text("Authentique et en cours").wait_for()
    assert need(told, "aac") in page.locator("main").inner_text()
    for secret in SECRETS[:5]:
        assert secret not in page.locator("main").inner_text()
    look(page, "32-authentique")


def hold_a_save(page, hand, label="Poids (kg)", text="21"):
    """The save of one more change of a saved request, held until it is let go."""
    parts.saved(hand)
    held = []

    def hold_first(route):
        if held:
            route.continue_()
        held.append(route)

    page.route("**/demandes/*/", hold_first)
    hand.type(label, text)
    page.keyboard.press("Tab")
    while not held:
        page.wait_for_timeout(50)
    return held


def filled(page, hand, nom):
    """A request ready to be read again."""
    become(page, PRESCRIPTEUR)
    parts.open_request(hand)
    parts.fill_request(hand, parts.Malade(nom=nom))


def test_words_typed_during_a_save_are_not_taken_for_saved(page, hand):
    filled(page, hand, "Bavard")
    held = hold_a_save(page, hand)
    page.get_by_label("Fréquence").press_sequentially(" au repas")
    held[0].continue_()
    page.wait_for_function(parts.SAID)
    assert not page.evaluate(parts.SPARES)
    page.keyboard.press("Tab")
    page.wait_for_function(parts.SPARES)


def test_a_choice_made_during_a_save_stays(page, hand):
    """The answer marks as missing what was chosen since: the choice is not drawn over."""
    become(page, PRESCRIPTEUR)
    parts.open_request(hand)
    held = hold_a_save(page, hand, "Traitement (DCI)", "énalapril")
    hand.choose("Issue", "Échec")
    held[0].continue_()
    parts.saved(hand)
    assert page.get_by_label("Issue").first.input_value() == "ECHEC"
    assert page.locator("#c-ant_1_issue .champ-erreur").count() == 0
    hand.choose("Issue", "")
    page.locator("#c-ant_1_issue .champ-erreur").wait_for()
    page.reload()
    assert page.get_by_label("Traitement (DCI)").first.input_value() == "énalapril"


def test_click_during_a_save_waits_for_it(page, hand):
    """« Relire et envoyer » pressed while the page is being saved still leads to the reading."""
    filled(page, hand, "Pressé")
    held = hold_a_save(page, hand)
    hand.click("Relire et envoyer")
    held[0].continue_()
    page.get_by_role("heading", name="Vos engagements").wait_for()
    assert "21 kg" in page.locator("main").inner_text().replace("\u00a0", " ")
