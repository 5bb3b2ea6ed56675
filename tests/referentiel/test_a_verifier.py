"""« À vérifier »: what has aged is listed; one person says it was read, and that is noted."""

from datetime import timedelta

import pytest
from django.urls import reverse

from engine import journal
from engine.clocks import today
from engine.errors import Forbidden
from referentiel.models import Cadre, Changement, Parametre, Produit, Publication
from referentiel.roles import Role
from referentiel.selectors import a_verifier
from referentiel.services.verifications import mark_verified
from tests.factories import people
from tests.factories.medicines import medicament

pytestmark = pytest.mark.django_db
URL = "referentiel:a_verifier"


@pytest.fixture
def editor(client):
    user = people.agent(Role.GESTIONNAIRE_ANSM)
    people.login(client, user)
    return user


def rows(vue):
    return set(a_verifier.page(vue, today())[2].values_list("pk", flat=True))


def counts():
    return [tab["count"] for tab in a_verifier.page("", today())[0]]


@pytest.mark.parametrize(("age", "listed"), [(None, True), (181, True), (180, False), (0, False)])
def test_a_sheet_in_force_is_listed_once_its_verification_is_too_old(age, listed):
    drug = medicament()
    day = None if age is None else today() - timedelta(days=age)
    Produit.objects.update(verifie_le=day)
    Cadre.objects.update(verifie_le=day)
    assert (drug.produit.pk in rows("")) is listed
    assert (drug.cadre.pk in rows("cadres")) is listed


def test_the_delay_is_a_dated_parameter():
    drug = medicament()
    Produit.objects.update(verifie_le=today() - timedelta(days=40))
    assert rows("") == set()
    Parametre.objects.create(
        code="fiche.verification_max_jours", valeur="30", debut=today(), libelle="x", source="y"
    )
    assert rows("") == {drug.produit.pk}


def test_an_ended_cadre_is_shown_as_such_and_its_sheet_no_longer_asked_for():
    drug = medicament()
    Cadre.objects.update(fin=today() - timedelta(days=1))
    assert rows("termines") == {drug.cadre.pk}
    assert rows("cadres") == set()
    assert rows("") == set()


def test_a_missing_mention_is_listed_once():
    drug = medicament()
    assert rows("mentions") == set()
    Produit.objects.update(forme="", dci="")
    assert rows("mentions") == {drug.produit.pk}
    assert counts() == [1, 1, 0, 1]


def test_verifying_is_one_person_s_act_noted_and_told_to_nobody(client, editor):
    drug = medicament()
    address = reverse("referentiel:produit_verifie", args=[drug.produit.pk])
    back = reverse(URL) + "?vue=mentions"
    assert client.post(address, {"retour": back}).url == back
    assert client.post(address, {"retour": "https://ailleurs.invalid/"}).url == reverse(URL)
    unreadable = client.generic("POST", address, b"retour=%ff", "application/x-www-form-urlencoded")
    assert unreadable.url == reverse(URL)
    client.post(reverse("referentiel:cadre_verifie", args=[drug.cadre.pk]))
    drug.produit.refresh_from_db()
    drug.cadre.refresh_from_db()
    assert drug.produit.verifie_le == drug.cadre.verifie_le == today()
    assert journal.history(drug.cadre).get().actor_id == editor.pk
    assert not Publication.objects.exists()
    assert not Changement.objects.exists()


def test_the_page_of_the_product_has_the_button_too(client, editor):
    drug = medicament()
    url = reverse("referentiel:gestion_produit", args=[drug.produit.pk])
    address = reverse("referentiel:produit_verifie", args=[drug.produit.pk])
    assert address in client.get(url).content.decode()
    assert client.post(address, {"retour": url}).url == url
    assert "Fiche vérifiée le" in client.get(url).content.decode()


def test_nobody_else_verifies():
    with pytest.raises(Forbidden):
        mark_verified(medicament().produit, by=people.hopital().prescripteur())


def test_the_page_asks_a_constant_number_of_queries(client, editor, django_assert_max_num_queries):
    for _ in range(5):
        medicament()
    for vue in ("", "cadres", "termines", "mentions", "\0"):
        with django_assert_max_num_queries(20):
            assert client.get(reverse(URL), {"vue": vue}).status_code == 200
