"""The account pages speak plain French in the frame of Placet."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

PASSWORD = "un mot de passe assez long"

OPEN = {
    "account_login": "Se connecter",
    "account_reset_password": "Mot de passe oublié",
    "account_reset_password_done": "Si un compte existe",
    "account_reset_password_from_key_done": "Votre mot de passe est changé",
    "account_inactive": "Ce compte est fermé",
}
OWN = {
    "account_logout": "Se déconnecter",
    "account_change_password": "Changer de mot de passe",
    "account_reauthenticate": "Confirmer que c'est vous",
    "mfa_index": "Mon compte et ma sécurité",
    "mfa_activate_totp": "Ajouter une application d'authentification",
}


@pytest.fixture
def own_client(client, db):
    user = get_user_model().objects.create_user(
        email="dr.exemple@placet.invalid", password=PASSWORD, nom="Exemple", prenom="Camille"
    )
    client.force_login(user)
    return client


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "words"), OPEN.items())
def test_an_open_account_page_is_in_plain_french(client, name, words):
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert words in response.content.decode().replace("&#x27;", "'")


@pytest.mark.parametrize(("name", "words"), OWN.items())
def test_a_person_s_own_account_page_is_in_plain_french(own_client, name, words):
    own_client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    response = own_client.get(reverse(name))
    assert response.status_code == 200
    assert words in response.content.decode().replace("&#x27;", "'")


@pytest.mark.django_db
def test_a_wrong_password_is_said_at_the_top_without_naming_the_account(client):
    response = client.post(reverse("account_login"), {"login": "x@y.invalid", "password": "non"})
    assert response.status_code == 200
    assert 'role="alert"' in response.content.decode()
