"""API clients that act as a person through a token."""

from rest_framework.test import APIClient

from referentiel.models import Portee
from referentiel.services.jetons import create_token


def token(user, scopes=(Portee.LECTURE, Portee.ECRITURE), jours=30):
    """The secret text of a new token of a person under their affectation."""
    return create_token(
        by=user, affectation=user.affectation, libelle="essai", scopes=scopes, jours=jours
    )[1]


def api(user, **options):
    """A client that presents a token of this person."""
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token(user, **options)}")
    return client
