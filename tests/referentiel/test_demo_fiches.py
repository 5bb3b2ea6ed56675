"""The invented sheets of the demonstration: marked, made once, never on a real refusal."""

import pytest
from django.urls import reverse

from referentiel.demo_fiches import FICHES, FICTIVAL, seed_sheets
from referentiel.models import AncienneAdresse, Changement, Document, Produit, Specialite
from referentiel.services.anciennes import keep_old_addresses
from tests.factories.medicines import CadreFactory, SpecialiteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def indocin():
    specialite = SpecialiteFactory(ucd7=FICHES[0].ucd7)
    CadreFactory(produit=specialite.produit, code=FICHES[0].code)
    return specialite


def test_sheets_are_filled_once_and_every_document_is_marked(indocin):
    assert seed_sheets(by=None) == 2
    count = Document.objects.count()
    assert seed_sheets(by=None) == 0
    assert Document.objects.count() == count
    assert not Document.objects.filter(exemple_fictif=False).exists()
    assert not Changement.objects.filter(sensible=True).exists()


def test_the_sheet_of_the_demonstration_shows_all_it_can(client, indocin):
    seed_sheets(by=None)
    page = client.get(reverse("referentiel:produit", args=[indocin.produit_id])).content.decode()
    wanted = ("Carte de sécurité", "1 version antérieure", "exemple.invalid", "En mots simples")
    for shown in wanted:
        assert shown in page


def test_a_refusal_is_told_of_an_invented_product_only(client):
    seed_sheets(by=None)
    produit = Produit.objects.get(nom=FICTIVAL)
    page = client.get(reverse("referentiel:produit", args=[produit.pk])).content.decode()
    for shown in ("AAP refusé", "CPC non retenu", "Ouvrir la plateforme", "Exemple fictif"):
        assert shown in page
    assert Specialite.objects.get(produit=produit).ucd_en_attente


def test_old_addresses_lead_to_the_search_and_a_person_s_choice_is_kept(client):
    AncienneAdresse.objects.create(chemin="cpc-en-cours", destination="/referentiel/questions/")
    assert keep_old_addresses() == 1
    assert keep_old_addresses() == 0
    assert client.get("/cpc-en-cours").url == "/referentiel/questions/"
    old = "/documents/reference/referentiel-des-autorisations-dacces-compassionnel"
    answer = client.get(old)
    assert answer.status_code == 301
    assert client.get(answer.url).status_code == 200
