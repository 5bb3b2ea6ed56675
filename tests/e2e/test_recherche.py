"""The public search in a browser: as one types, filters, the address, the keyboard, a phone."""

import pytest

from tests.e2e.looks import PHONE, look

LIST = "/referentiel/"


def count_says(page, text):
    page.locator("#compte", has_text=text).wait_for()


def test_typing_filtering_and_going_back_keep_the_address(page):
    page.goto(LIST)
    page.locator("#recherche-liste").press_sequentially("mucoviscidose", delay=20)
    page.wait_for_url("**/referentiel/?q=mucoviscidose")
    page.locator("tbody tr").first.wait_for()
    page.get_by_label("Tous les statuts").check()
    page.wait_for_url("**/?q=mucoviscidose&statut=tous")
    page.wait_for_function("document.activeElement.id === 'f-statut-tous'")
    count_says(page, "17 médicaments")
    page.go_back()
    page.wait_for_url("**/referentiel/?q=mucoviscidose")
    assert page.locator("#recherche-liste").input_value() == "mucoviscidose"
    count_says(page, "en vigueur")


def test_keys_move_in_the_list_and_to_the_box(page):
    page.goto(f"{LIST}?q=kaftrio&statut=tous")
    page.locator("body").press("j")
    assert page.evaluate("document.activeElement.className") == "ligne-lien"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "recherche-liste"


def test_home_suggests_as_one_types(page):
    page.goto("/")
    page.locator("#recherche-publique").press_sequentially("hepclu", delay=20)
    page.locator("#apercu").get_by_role("link", name="HEPCLUDEX").wait_for()
    assert page.url.endswith("/")


def test_a_phone_opens_the_filters_and_keeps_them_open(page):
    page.set_viewport_size(PHONE)
    page.goto(f"{LIST}?q=cancer")
    assert not page.get_by_label("Accès précoce (AAP)").is_visible()
    page.locator(".registre-filtres > summary").click()
    page.get_by_label("Accès précoce (AAP)").check()
    page.wait_for_url("**/?q=cancer&cadre=AAP")
    assert page.get_by_label("Accès précoce (AAP)").is_visible()


def test_without_script_the_form_filters(open_page):
    bare = open_page(java_script_enabled=False)
    bare.goto(f"{LIST}?q=cancer")
    bare.get_by_label("Accès précoce (AAP)").check()
    bare.get_by_role("button", name="Filtrer").click()
    bare.wait_for_url("**cadre=AAP**")
    bare.get_by_role("link", name="Retirer le filtre Accès précoce").wait_for()


@pytest.mark.parametrize("path", ["/", f"{LIST}?q=cancer", "/pour/patient/"])
def test_pages_look_right(page, path):
    page.goto(path)
    look(page, f"recherche{path.replace('/', '-').replace('?', '-')}")
