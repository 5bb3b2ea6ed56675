"""Tokens: what they open, for how long, and what is kept of them."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from rest_framework.test import APIClient

from engine.clocks import real_now, today
from engine.models import Entry
from referentiel.models import ApiToken, Portee
from tests.factories import people
from tests.factories.dossiers import monde
from tests.factories.jetons import api, token
from tests.factories.people import login

pytestmark = pytest.mark.django_db
MOI = "/api/v1/moi/"


def bearer(text):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    return client


def test_a_token_acts_as_its_affectation():
    user = people.hopital().prescripteur()
    answer = api(user).get(MOI)
    assert answer.status_code == 200
    assert answer.json()["role"] == "PRESCRIPTEUR"
    assert answer.json()["organisation"] == user.affectation.organisation.nom


def test_only_a_hash_of_the_secret_is_kept():
    secret = token(people.hopital().prescripteur())
    row = ApiToken.objects.get()
    assert secret.split("_", 2)[2] not in str(vars(row))
    assert Entry.objects.get(subject_id=row.pk).action == "create"


@pytest.mark.parametrize(
    "text", ["", "plc", "plc_", "plc__", "plc_abc_def", "autre", "plc_é_è", "a b", "plc_\0_x"]
)
def test_nonsense_is_no_token(text):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    answer = client.get(MOI)
    assert answer.status_code == 401
    assert set(answer.json()) == {"code", "message"}
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_wrong_secret_under_a_known_prefix_is_refused():
    text = token(people.hopital().prescripteur())
    assert bearer(text[:-1] + ("a" if text[-1] != "a" else "b")).get(MOI).status_code == 401


def test_expired_revoked_or_ended_opens_nothing():
    user = people.hopital().prescripteur()
    text = token(user, jours=1)
    assert bearer(text).get(MOI).status_code == 200
    with time_machine.travel(real_now() + timedelta(days=2)):
        assert bearer(text).get(MOI).status_code == 401
    user.affectation.fin = today() - timedelta(days=1)
    user.affectation.save()
    assert bearer(text).get(MOI).status_code == 401
    user.affectation.fin = None
    user.affectation.save()
    ApiToken.objects.update(revoked_at=real_now())
    assert bearer(text).get(MOI).status_code == 401


def test_a_closed_account_is_out_at_once():
    user = people.hopital().prescripteur()
    text = token(user)
    user.is_active = False
    user.save()
    assert bearer(text).get(MOI).status_code == 401


def test_the_clock_offset_does_not_lengthen_a_token(settings):
    text = token(people.hopital().prescripteur(), jours=1)
    settings.PLACET_CLOCK_OFFSET = timedelta(days=-300)
    with time_machine.travel(real_now() + timedelta(days=2)):
        assert bearer(text).get(MOI).status_code == 401


def test_a_reading_token_writes_nothing():
    m = monde()
    answer = api(m.prescripteur, scopes=[Portee.LECTURE]).post("/api/v1/demandes/", {})
    assert answer.status_code == 403
    assert "portée" in answer.json()["message"]


def test_page_shows_the_secret_once(client):
    user = people.hopital().prescripteur()
    login(client, user)
    data = {"libelle": "Logiciel d'essai", "scopes": ["LECTURE"], "jours": "30"}
    page = client.post(reverse("referentiel:jetons"), data)
    assert page.status_code == 201
    secret = page.context["secret"]
    assert secret in page.content.decode()
    assert bearer(secret).get(MOI).status_code == 200
    again = client.get(reverse("referentiel:jetons"))
    assert secret not in again.content.decode()
    assert "Logiciel d" in again.content.decode()
    row = ApiToken.objects.get()
    assert client.post(reverse("referentiel:jeton_revoquer", args=[row.pk])).status_code == 302
    assert bearer(secret).get(MOI).status_code == 401


def test_another_persons_token_cannot_be_revoked(client):
    hospital = people.hopital()
    token(hospital.prescripteur())
    login(client, hospital.pharmacien())
    row = ApiToken.objects.get()
    assert client.post(reverse("referentiel:jeton_revoquer", args=[row.pk])).status_code == 404
    row.refresh_from_db()
    assert row.revoked_at is None


def test_a_wrong_form_is_said_on_the_page(client):
    login(client, people.hopital().prescripteur())
    page = client.post(reverse("referentiel:jetons"), {"libelle": "", "jours": "900"})
    assert page.status_code == 422
    assert ApiToken.objects.count() == 0
