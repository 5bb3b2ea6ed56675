"""Two gestionnaires: one proposes through a page, the other publishes."""

from django.urls import reverse

from engine.clocks import today
from referentiel.models import Publication
from referentiel.roles import Role
from referentiel.services import publications
from tests.factories import people


def gestionnaires():
    """Two persons of the agency who may propose and publish."""
    return people.agent(Role.GESTIONNAIRE_ANSM), people.agent(Role.GESTIONNAIRE_ANSM)


def proposing(data=(), **more):
    """What a browser posts after the preview."""
    shared = {"effet_le": today().isoformat(), "motif": "Décision relue", "proposer": "1"}
    return shared | dict(data) | more


def published(client, url, data, by=None):
    """Propose by the page, publish as another person; the publication."""
    answer = client.post(url, proposing(data))
    assert answer.status_code == 302, answer.content.decode()
    held = Publication.objects.latest("propose_le")
    assert answer.url == reverse("referentiel:publication", args=[held.pk])
    return publications.publish(held, by=by or people.agent(Role.GESTIONNAIRE_ANSM))
