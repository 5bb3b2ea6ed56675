"""A real sign-in, without the demonstration's banner: password, then the second factor."""

import base64
import hmac
import struct
import time

from tests.e2e.looks import look
from tests.e2e.people import EVALUATEUR, MAILS, PASSWORD, PRESCRIPTEUR


def code_of(secret, at=None):
    """The six digits of RFC 6238 for a secret in base 32."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    counter = struct.pack(">Q", int((at or time.time()) // 30))
    digest = hmac.digest(key, counter, "sha1")
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def test_code_of_the_norm():
    assert code_of(base64.b32encode(b"12345678901234567890").decode(), 59) == "287082"


def sign_in(hand, address):
    hand.page.goto("/")
    hand.click(hand.page.get_by_role("link", name="Se connecter").first)
    hand.type("Courriel", address)
    hand.type("Mot de passe", PASSWORD)
    hand.click(hand.page.locator("main").get_by_role("button", name="Se connecter"))


def confirm(hand):
    """Before the second factor is touched, the password is asked once more."""
    hand.page.get_by_role("heading", name="Confirmer que c'est vous").wait_for()
    look(hand.page, "40-confirmer")
    hand.type("Mot de passe", PASSWORD)
    hand.click("Confirmer")
    hand.page.get_by_role("heading", name="Ajouter une application").wait_for()


def test_prescriber_signs_in_with_a_password(page, hand):
    page.goto("/comptes/login/")
    look(page, "40-connexion")
    hand.type("Courriel", MAILS[PRESCRIPTEUR])
    hand.type("Mot de passe", "un mot de passe faux")
    hand.click(page.locator("main").get_by_role("button", name="Se connecter"))
    page.get_by_role("alert").first.wait_for()
    look(page, "40-connexion-erreur")
    sign_in(hand, MAILS[PRESCRIPTEUR])
    page.locator(".qui-nom", has_text=PRESCRIPTEUR).wait_for()
    page.get_by_role("heading", name="À faire").wait_for()


def test_agency_needs_the_second_factor(page, hand):
    """Without it nothing of the agency opens; once activated it is asked at the next sign-in."""
    sign_in(hand, MAILS[EVALUATEUR])
    confirm(hand)
    page.goto("/dossiers/")
    page.get_by_role("heading", name="Ajouter une application").wait_for()
    look(page, "41-second-facteur")
    secret = page.locator("#cle-totp").inner_text()
    hand.type("code", code_of(secret))
    hand.click("Mettre en service")
    page.get_by_role("heading", name="Codes de secours").wait_for()
    spare = page.locator("#codes-secours").inner_text().split()[0]
    look(page, "42-codes-de-secours")

    page.locator(".qui summary").click()
    page.get_by_role("button", name="Se déconnecter").click()
    sign_in(hand, MAILS[EVALUATEUR])
    page.get_by_role("heading", name="Votre code à six chiffres").wait_for()
    look(page, "43-code")
    hand.type("Code", spare)
    hand.click("Se connecter")
    page.get_by_role("heading", name="À faire").wait_for()
