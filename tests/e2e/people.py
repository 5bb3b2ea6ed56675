"""The accounts of the demonstration that the journey becomes, by the banner at the top."""

PRESCRIPTEUR = "Dr Exemple Démo"
PHARMACIEN = "Mme Fictive Pharma"
EVALUATEUR = "Mme Éva Luation"
DECIDEUR = "M. Décide Exemple"
FACTURATION = "Mme Facture Modèle"
GESTIONNAIRE = "Mme Registre Modèle"
RELECTEUR = "M. Relit Exemple"
MAILS = {
    PRESCRIPTEUR: "prescripteur@demo.placet.invalid",
    PHARMACIEN: "pharmacien@demo.placet.invalid",
    EVALUATEUR: "evaluateur@demo.placet.invalid",
}
PASSWORD = "demonstration-placet"


def become(page, name):
    """Act as one of the invented people; the home page of their role opens."""
    page.goto("/")
    banner = page.get_by_label("Devenir")
    option = banner.locator("option", has_text=name).first
    banner.select_option(option.get_attribute("value"))
    page.get_by_role("button", name="Changer", exact=True).click()
    page.locator(".qui-nom", has_text=name).wait_for()
