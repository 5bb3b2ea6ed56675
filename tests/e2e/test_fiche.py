"""The public sheet, its printed page, « Quelle voie ? » and the questions, as anyone reads them."""

import io

import pikepdf

from tests.e2e.looks import look


def open_sheet(page, words, name):
    page.goto(f"/referentiel/?q={words}&statut=tous")
    page.locator("main").get_by_role("link", name=name).first.click()
    page.get_by_role("heading", level=1).wait_for()


def test_the_sheet_reads_well_everywhere_and_prints_on_one_page(open_page):
    page = open_page()
    open_sheet(page, "fictival", "FICTIVAL")
    page.get_by_role("heading", name="Décisions défavorables").wait_for()
    look(page, "40-fiche")
    page.get_by_role("link", name="Version à imprimer").click()
    page.get_by_role("button", name="Imprimer").wait_for()
    look(page, "41-fiche-imprimer")
    page.emulate_media(media="print")
    printed = pikepdf.open(io.BytesIO(page.pdf(format="A4")))
    assert len(printed.pages) == 1


def test_the_code_is_copied_as_it_is_billed(open_page):
    page = open_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_sheet(page, "indocin", "INDOCIN")
    page.get_by_role("button", name="Copier le code").first.click()
    page.get_by_role("button", name="Copié").wait_for()
    assert "UCD 9321007" in page.evaluate("navigator.clipboard.readText()")


def test_four_answers_lead_to_a_route_with_the_keyboard_alone(open_page):
    page = open_page()
    page.goto("/referentiel/quelle-voie/")
    look(page, "42-quelle-voie")
    page.set_viewport_size({"width": 1280, "height": 900})
    for answer in ("Aucun", "Non, dans aucune", "Non, ou il a", "Non, pas"):
        page.get_by_label(answer).press("Space")
        page.keyboard.press("Enter")
    page.get_by_role("heading", name="déposez une demande").wait_for()
    look(page, "43-quelle-voie-issue")


def test_an_address_with_its_anchor_opens_the_answer(open_page):
    page = open_page()
    page.goto("/referentiel/questions/#differable")
    assert page.locator("#differable").is_visible()
    look(page, "44-questions")
