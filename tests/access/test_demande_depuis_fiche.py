"""A request that begins on a sheet of the référentiel: product and indication already chosen."""

from uuid import uuid4

import pytest
from django.urls import reverse

from access.models import DemandeAac
from referentiel.models import Cadre
from tests.factories.dossiers import monde
from tests.factories.medicines import medicament

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def m(client):
    world = monde()
    client.force_login(world.prescripteur, backend=BACKEND)
    return world


def test_the_page_shows_what_the_sheet_chose_and_the_draft_holds_it(client, m):
    med = medicament()
    url = reverse("access:demande_nouvelle")
    page = client.get(url, {"cadre": med.cadre.pk}).content.decode()
    assert "Commencer la demande" in page
    assert "Maladie fictive" in page
    client.post(url, {"produit": med.produit.pk, "cadre": med.cadre.pk})
    draft = DemandeAac.objects.get(produit=med.produit)
    assert draft.cadre == med.cadre


def test_opening_the_page_writes_nothing(client, m):
    before = DemandeAac.objects.count()
    client.get(reverse("access:demande_nouvelle"), {"cadre": medicament().cadre.pk})
    assert DemandeAac.objects.count() == before


def test_an_indication_that_closed_leaves_its_product(client, m):
    med = medicament()
    Cadre.objects.filter(pk=med.cadre.pk).update(statut="SUSPENDUE")
    page = client.get(reverse("access:demande_nouvelle"), {"cadre": med.cadre.pk})
    assert "se choisit à la page suivante" in page.content.decode()
    client.post(
        reverse("access:demande_nouvelle"), {"produit": med.produit.pk, "cadre": med.cadre.pk}
    )
    assert DemandeAac.objects.get(produit=med.produit).cadre is None


@pytest.mark.parametrize("typed", ["", "x", "\0", uuid4()])
def test_what_names_nothing_is_the_ordinary_search(client, m, typed):
    page = client.get(reverse("access:demande_nouvelle"), {"cadre": typed, "produit": typed})
    assert page.status_code == 200
    assert "Commencer la demande" not in page.content.decode()


def test_hard_words_of_the_form_lead_to_their_answer(client, m):
    med = medicament()
    client.post(
        reverse("access:demande_nouvelle"), {"produit": med.produit.pk, "cadre": med.cadre.pk}
    )
    draft = DemandeAac.objects.get(produit=med.produit)
    form = client.get(reverse("access:demande_modifier", args=[draft.pk])).content.decode()
    answers = client.get(reverse("referentiel:questions")).content.decode()
    for ancre in ("differable", "aac-essai", "criteres", "aac-demander"):
        assert f"{reverse('referentiel:questions')}#{ancre}" in form
        assert f'id="{ancre}"' in answers
