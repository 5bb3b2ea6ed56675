"""`make shots`: the six screens of the README, on the demonstration's invented dossiers."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image

from tests.e2e import parts
from tests.e2e.people import DECIDEUR, FACTURATION, PHARMACIEN, PRESCRIPTEUR, become

pytestmark = pytest.mark.shots
IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
LARGEST = 200_000
KNOWN_PATIENT = "DEMO1001"


def shoot(page, name, height=860):
    """The top of the page as it stands, with few colours so that it stays light."""
    page.set_viewport_size({"width": 1280, "height": height})
    page.evaluate("document.activeElement.blur()")
    taken = Image.open(io.BytesIO(page.screenshot(caret="initial"))).convert("RGB")
    path = IMAGES / f"{name}.png"
    taken.quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
    assert path.stat().st_size < LARGEST


def test_prescriber_home(page):
    become(page, PRESCRIPTEUR)
    shoot(page, "accueil-prescripteur")


def test_request_form(page, hand):
    """A known patient, a product of one indication, and one criterion still to say."""
    become(page, PRESCRIPTEUR)
    parts.open_request(hand, "thiola", "THIOLA 100MG CPR")
    hand.click(page.get_by_role("radio", name="cystinurie homozygote"))
    page.get_by_role("group", name="homozygote est-elle").wait_for()
    hand.type("Numéro hospitalier", KNOWN_PATIENT)
    hand.click("Chercher")
    page.locator("#zone-patient").get_by_text(f"IPP {KNOWN_PATIENT}").wait_for()
    hand.type("Poids (kg)", "34,5")
    hand.click(page.get_by_role("checkbox", name="Rare"))
    for question in ("peut-il être différé", "homozygote est-elle", "alcalinisation"):
        hand.click(parts.radio(hand, question, "Oui"))
    hand.click(parts.radio(hand, "recherche à finalité", "Non"))
    page.locator("#resume").get_by_text("2 remplis, 1 à dire").wait_for()
    page.locator("#resume").get_by_role("link", name="recherche").wait_for(state="hidden")
    page.set_viewport_size({"width": 1280, "height": 960})
    page.locator("#patient").evaluate("e => e.scrollIntoView()")
    shoot(page, "demande", height=960)


def test_dossier_at_the_pharmacy(page, hand):
    become(page, PHARMACIEN)
    hand.click(page.locator("main").get_by_role("link", name=re.compile("DEM-")).nth(1))
    page.get_by_role("link", name="Transmettre à l'ANSM").wait_for()
    shoot(page, "dossier-pharmacie")


def test_decision_of_the_agency(page, hand):
    become(page, DECIDEUR)
    hand.click(page.locator("main").get_by_role("link", name=re.compile("DEM-")).nth(1))
    page.get_by_role("link", name="Accorder").wait_for()
    shoot(page, "decision-ansm")


def test_month_of_billing(page, hand):
    become(page, FACTURATION)
    parts.monthly_file(hand)
    page.reload()
    shoot(page, "mois-facturation")


def test_public_sheet(page, hand):
    page.goto("/referentiel/")
    page.locator("main").get_by_role("searchbox").fill("indocin")
    page.keyboard.press("Enter")
    hand.click(page.locator("main").get_by_role("link", name=re.compile("INDOCIN")))
    page.get_by_role("heading", name="Syndrome néphrotique congénital").wait_for()
    shoot(page, "referentiel", height=1000)
