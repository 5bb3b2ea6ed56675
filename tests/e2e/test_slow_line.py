"""On a slow line the page can be written in before its scripts have come."""

from tests.e2e import parts
from tests.e2e.people import PRESCRIPTEUR, become


def test_words_typed_before_the_scripts_are_searched(page):
    become(page, PRESCRIPTEUR)
    held = []
    page.route("**/htmx-2.min*.js", lambda route: held.append(route))
    page.goto("/demandes/nouvelle/", wait_until="commit")
    field = page.get_by_label("maladie ou code")
    field.fill("indocin")
    while not held:
        page.wait_for_timeout(50)
    assert page.evaluate("typeof window.htmx") == "undefined"
    held[0].continue_()
    page.get_by_role("button", name=f"Choisir {parts.PRODUIT}").wait_for()
    assert field.input_value() == "indocin"
