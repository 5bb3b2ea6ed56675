"""What each role does in the journey, through the hand that counts."""

import re
from dataclasses import dataclass, field
from uuid import uuid4

PRODUIT, UCD7, UCD13 = "INDOCIN 25MG/5ML BUV FL", "9321007", "3400893210079"
INDICATION, CODE = "Syndrome néphrotique congénital", "NINDO05"
NUMERO = re.compile(r"DEM-\d{4}-\d{6}")
NUMERO_AAC = re.compile(r"AAC-\d{4}-\d{6}")
# The answers that meet the published criteria of the product (invented for the demonstration).
CRITERES = {
    "confirmé par un néphrologue": "Oui",
    "malgré un inhibiteur": "Oui",
    "surveillée chaque semaine": "Oui",
    "hémorragie digestive": "Non",
}

# Whether the page lets one go: nothing typed is lost.
SPARES = "() => window.dispatchEvent(new Event('beforeunload', {cancelable: true}))"
SAID = "() => document.querySelector('[data-saved]').textContent.startsWith('Enregistré à')"
SETTLED = f"() => ({SPARES})() && ({SAID})()"


@dataclass
class Malade:
    """An invented patient, new to the hospital."""

    nom: str = "Canari"
    prenom: str = "Fictif"
    ipp: str = field(default_factory=lambda: f"E2E{uuid4().hex[:8].upper()}")


def radio(hand, question, answer):
    """The radio of one question, by its words."""
    group = hand.page.get_by_role("group", name=re.compile(re.escape(question)))
    return group.get_by_role("radio", name=answer, exact=True)


def saved(hand):
    """Wait until the last change was kept, none on its way nor still to leave."""
    hand.page.wait_for_function(SETTLED)


# --- Prescriber ---------------------------------------------------------------------------


def open_request(hand, words="indocin", produit=PRODUIT):
    """From home to the form of a new request, the product found by its name."""
    hand.click("Nouvelle demande d'AAC")
    hand.type("maladie ou code", words)
    if not hand.scripted:
        hand.click("Chercher")
    hand.click(f"Choisir {produit}")
    hand.page.get_by_role("heading", name="Produit et indication").wait_for()


def fill_request(hand, malade):
    """A request that meets the published criteria: what a prescriber knows, once."""
    page = hand.page
    hand.click(page.get_by_role("radio", name=INDICATION))
    if not hand.scripted:
        hand.click("Enregistrer")
    page.get_by_role("group", name="confirmé par un néphrologue").wait_for()
    hand.type("Numéro hospitalier", malade.ipp)
    hand.type("Nom", malade.nom, exact=True)
    hand.type("Prénom", malade.prenom)
    hand.type("Date de naissance", "2019-03-14")
    hand.click(page.get_by_role("radio", name="Féminin"))
    hand.type("Poids (kg)", "20,5")
    hand.click(page.get_by_role("checkbox", name="Rare"))
    hand.click(radio(hand, "peut-il être différé", "Oui"))
    hand.click(radio(hand, "recherche à finalité commerciale", "Non"))
    for question, answer in CRITERES.items():
        hand.click(radio(hand, question, answer))
    hand.type("Dose par prise", "10")
    hand.type("Fréquence", "2 fois par jour")
    hand.type("Unités (UCD) par jour", "1")
    hand.type("Traitement (DCI)", "énalapril")
    hand.choose("Issue", "Échec")


def send_request(hand):
    """Read again, take both undertakings, send; the request's number."""
    page = hand.page
    hand.click("Relire et envoyer")
    hand.click(page.get_by_role("checkbox", name=re.compile("Je m'engage")))
    hand.click(page.get_by_role("checkbox", name=re.compile("J'informe")))
    hand.click("Envoyer à la pharmacie")
    page.get_by_text("La demande est partie à la pharmacie").wait_for()
    return numero(page)


def numero(page, pattern=NUMERO):
    """The number in the title of a dossier's page."""
    return pattern.search(page.locator("h1").inner_text()).group()


def to_decide(page, number):
    """Read the list again: did the fast lane put this dossier among those to decide?"""
    page.reload()
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=number))
    return row.filter(has_text="En instruction").count()


# --- Pharmacist ---------------------------------------------------------------------------


def open_dossier(hand, number):
    """From a list, the row that bears this number."""
    hand.click(hand.page.locator("main").get_by_role("link", name=number).first)
    hand.page.locator("h1", has_text=number).wait_for()


def transmit(hand, number):
    """Verify and transmit; the order is drafted with the quantity of the whole treatment."""
    open_dossier(hand, number)
    hand.click("Transmettre à l'ANSM")
    hand.click(hand.page.get_by_role("checkbox", name=re.compile("J'ai vérifié")))
    hand.click("Transmettre à l'ANSM")
    hand.page.get_by_text("Transmise").first.wait_for()


def send_order(hand):
    """From the authorisation: the order drafted at transmission is sent."""
    hand.click("Envoyer la commande")
    hand.page.get_by_role("heading", name="Bon de commande").wait_for()
    hand.click("Envoyer la commande")
    hand.page.get_by_text("La commande est envoyée").wait_for()


def receive(hand, lot):
    """The whole order comes in one lot."""
    hand.click("Réceptionner")
    hand.type("Lot", lot)
    hand.type("Péremption", "2028-06-30")
    hand.click(hand.page.get_by_role("checkbox", name=re.compile("Certificat")))
    hand.click("Réceptionner")
    hand.page.get_by_text("Le lot est en stock").wait_for()


def dispense(hand, lot, quantity):
    """Units of a lot, for a stay, against the ordonnance."""
    hand.click("Dispenser")
    hand.choose("Lot", lot)
    hand.type("Quantité", quantity)
    hand.type("Date de l'ordonnance", today(hand.page))
    hand.type("Durée prescrite", "30")
    hand.click(hand.page.get_by_role("checkbox", name=re.compile("mention légale")))
    hand.click("Noter la dispensation")
    hand.page.get_by_text("est notée").wait_for()


def today(page):
    """The browser's day, as a date field takes it."""
    return page.evaluate("new Date().toLocaleDateString('sv-SE')")


# --- Agency -------------------------------------------------------------------------------


def grant(hand, number):
    """The conforming lane: everything is proposed, a human signs; the number of the AAC."""
    open_dossier(hand, number)
    hand.click("Accorder")
    hand.click(hand.page.get_by_role("checkbox", name=re.compile("aucun lien d'intérêts")))
    hand.click("Accorder")
    hand.page.get_by_text(NUMERO_AAC).first.wait_for()
    return NUMERO_AAC.search(hand.page.locator("main").inner_text()).group()


# --- Billing ------------------------------------------------------------------------------


def type_stay(hand, aac, stay, quantity):
    """A stay of one day with its one administration, from the units waiting for a stay."""
    day = today(hand.page)
    hand.click("Séjours et administrations")
    hand.click(aac)
    hand.type("N° de séjour", stay)
    hand.type("Entrée", day)
    hand.type("Sortie", day)
    hand.type("Date d'administration", day)
    hand.type("Quantité", quantity)
    hand.click("Enregistrer")
    hand.page.get_by_text("L'administration est enregistrée").wait_for()


def type_price(hand, price):
    """What the hospital paid, with its source."""
    hand.type("Code UCD", UCD7)
    hand.type("Prix d'achat unitaire", price)
    hand.type("Source du prix", "Facture fictive E2E-1")
    hand.type("Valable du", today(hand.page))
    hand.click("Enregistrer le prix")
    hand.page.get_by_text("est enregistré").wait_for()


def monthly_file(hand):
    """Check, export, download the file of the current month: its bytes and its name."""
    page = hand.page
    month = page.evaluate(
        "new Date().toLocaleDateString('fr-FR', {month: 'long', year: 'numeric'})"
    )
    hand.click("Mois de facturation")
    hand.click(page.locator("main").get_by_role("link", name=month))
    hand.click("Contrôler")
    page.get_by_text("Le mois est contrôlé").wait_for()
    hand.click("Exporter")
    with page.expect_download() as download:
        hand.click("Télécharger le fichier")
    return download.value.path().read_bytes(), download.value.suggested_filename
