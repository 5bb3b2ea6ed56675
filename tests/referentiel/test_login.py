"""The door: invitation, login, second factor, step-up, forgotten password, ended roles."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, hotp_value
from django.contrib.auth import get_user_model
from django.core import mail
from django.urls import reverse
from redis.exceptions import ConnectionError as RedisDown

from engine.clocks import real_now
from engine.models import Outbox, OutboxStatus
from engine.outbox import relay
from referentiel.models import Affectation, ApiToken, StatutAffectation
from referentiel.roles import SECOND_FACTOR_ROLES, Role
from referentiel.services import accounts, people
from tests.factories.people import UserFactory, acting, admin, decideur, hopital, login

pytestmark = pytest.mark.django_db
PASSWORD = "une phrase de passe assez longue"
LOGIN = "/comptes/login/"


@pytest.fixture
def strong(settings):
    settings.PLACET_STRONG_LOGIN = True


@pytest.fixture
def lieu():
    return hopital()


def with_password(user):
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client, user, password=PASSWORD, **query):
    return client.post(
        reverse("account_login", query=query), {"login": user.email, "password": password}
    )


def link_in(message):
    return re.search(r"https?://\S+", message.body).group().replace("http://127.0.0.1:8000", "")


def invited(lieu, email="ada@exemple.invalid"):
    from engine.clocks import today

    return people.invite(
        by=lieu.administrateur(),
        organisation=lieu.organisation,
        email=email,
        role=Role.PRESCRIPTEUR,
        debut=today(),
        services=[lieu.service],
        identity={"nom": "Fictive"},
    )


def test_an_invitation_opens_once(client, lieu):
    held = invited(lieu)
    assert mail.outbox == []
    relay()
    page = client.get(link_in(mail.outbox[0]))
    assert page.status_code == 302
    assert page["Location"] == reverse("referentiel:invitation")
    words = client.get(page["Location"]).content.decode()
    assert "Fictive" in words
    short = client.post(page["Location"], {"password1": "court", "password2": "court"})
    assert short.status_code == 422
    done = client.post(page["Location"], {"password1": PASSWORD, "password2": PASSWORD})
    assert done["Location"] == reverse("account_login")
    held.refresh_from_db()
    assert held.statut == StatutAffectation.ACTIVE
    client.get(link_in(mail.outbox[0]))
    assert client.get(page["Location"]).status_code == 410
    assert sign_in(client, held.user)["Location"] == "/"


def test_an_invitation_lasts_seven_days_of_real_time(client, lieu, settings):
    settings.PLACET_CLOCK_OFFSET = timedelta(days=90)
    invited(lieu)
    relay()
    url = link_in(mail.outbox[0])
    with time_machine.travel(real_now() + timedelta(days=6, hours=23)):
        client.get(url)
        assert client.get(reverse("referentiel:invitation")).status_code == 200
    with time_machine.travel(real_now() + timedelta(days=7, minutes=1)):
        assert client.get(reverse("referentiel:invitation")).status_code == 410


@pytest.mark.parametrize("token", ["", "faux", "a:b:c", "x" * 3000])
def test_a_wrong_token_opens_nothing(client, token):
    client.get(reverse("referentiel:invitation"), {"jeton": token})
    assert client.get(reverse("referentiel:invitation")).status_code == 410


def test_a_mail_that_no_longer_makes_sense_is_dropped(lieu):
    held = invited(lieu)
    people.end_affectation(by=lieu.administrateur(), affectation=held)
    relay()
    assert mail.outbox == []
    assert Outbox.objects.get().status == OutboxStatus.DROPPED


def test_no_account_mail_names_a_person_nor_keeps_a_link(lieu):
    held = invited(lieu)
    relay()
    message = mail.outbox[0]
    assert held.user.nom not in message.subject + message.body
    row = Outbox.objects.get()
    assert row.payload == {}
    assert message.extra_headers["Message-ID"] == row.message_id


def test_a_forgotten_password_is_a_row_then_a_mail_that_works(client, lieu):
    user = with_password(lieu.prescripteur())
    page = client.post(reverse("account_reset_password"), {"email": user.email})
    assert page["Location"] == reverse("account_reset_password_done")
    assert mail.outbox == []
    assert Outbox.objects.get().name == "compte_mot_de_passe"
    relay()
    form = client.get(link_in(mail.outbox[0]), follow=True)
    new = "une autre phrase de passe"
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    assert sign_in(client, user, new)["Location"] == "/"


def test_an_unknown_address_gets_the_same_page_and_the_same_work(client, lieu):
    user = with_password(lieu.prescripteur())
    url = reverse("account_reset_password")
    known = client.post(url, {"email": user.email})
    unknown = client.post(url, {"email": "personne@exemple.invalid"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert Outbox.objects.count() == 2
    relay()
    assert len(mail.outbox) == 1


def test_login_answers_the_same_for_unknown_accounts(client, lieu):
    user = with_password(lieu.prescripteur())
    ghost = UserFactory.build(email="personne@exemple.invalid")
    known, unknown = (sign_in(client, who, "mauvais mot") for who in (user, ghost))
    strip = re.compile(r'(value|content)="[^"]*"')
    assert known.status_code == unknown.status_code == 200
    assert strip.sub("", known.content.decode()) == strip.sub("", unknown.content.decode())


def test_login_is_limited_by_account(client, lieu, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/m/key"}
    user = with_password(lieu.prescripteur())
    for _ in range(5):
        sign_in(client, user, "mauvais mot")
    assert b"Trop" in sign_in(client, user).content
    assert "_auth_user_id" not in client.session


def test_login_closes_with_a_sentence_without_its_cache(client, lieu, monkeypatch):
    def down(*args, **kwargs):
        raise RedisDown

    monkeypatch.setattr("allauth.core.internal.ratelimit.consume", down)
    answer = sign_in(client, with_password(lieu.prescripteur()))
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"


@pytest.mark.parametrize(
    "target", ["https://ailleurs.example/", "//ailleurs.example/", "http://localhost/x"]
)
def test_login_follows_addresses_of_this_site_only(client, lieu, target):
    user = with_password(lieu.prescripteur())
    assert sign_in(client, user, next=target)["Location"] == "/"


def test_login_goes_on_to_the_page_asked_for(client, lieu):
    user = with_password(lieu.prescripteur())
    assert sign_in(client, user, next="/dossiers/")["Location"] == "/dossiers/"


def test_sign_up_is_closed(client):
    assert b"invitation" in client.get(reverse("account_signup")).content
    data = {"email": "x@exemple.invalid", "password1": PASSWORD, "password2": PASSWORD}
    client.post(reverse("account_signup"), data)
    assert not get_user_model().objects.filter(email="x@exemple.invalid").exists()


@pytest.mark.parametrize("path", ["email/", "confirm-email/", "login/code/confirm/", "3rdparty/"])
def test_nobody_changes_their_login_address_alone(client, lieu, path):
    login(client, lieu.prescripteur())
    assert client.get(f"/comptes/{path}").status_code == 404


def test_a_closed_account_is_refused_at_its_next_request(client, lieu):
    user = lieu.prescripteur()
    login(client, user)
    assert client.get("/personnes/").status_code == 403
    accounts.set_account_open(by=admin(), user=user, is_open=False)
    answer = client.get("/personnes/")
    assert answer.status_code == 302
    assert answer["Location"].startswith(LOGIN)


def test_an_ended_role_is_refused_at_its_next_request(client, lieu):
    chef = lieu.administrateur()
    login(client, chef)
    assert client.get("/personnes/").status_code == 200
    acting(chef, Role.FACTURATION, lieu.organisation)
    people.end_affectation(
        by=admin(), affectation=Affectation.objects.get(user=chef, role=Role.ADMIN_ETABLISSEMENT)
    )
    refused = client.get("/personnes/")
    assert (refused.status_code, refused["Location"]) == (302, "/")
    assert client.get("/facturation/").status_code in (302, 403, 404)


def lacking(client, user):
    login(client, user)
    answer = client.get("/")
    return answer.status_code == 302 and answer["Location"] == reverse("mfa_activate_totp")


@pytest.mark.parametrize("role", Role.values)
def test_who_must_activate_a_second_factor(client, strong, lieu, role):
    user = acting(UserFactory(), role, lieu.organisation)
    assert lacking(client, user) == (role in SECOND_FACTOR_ROLES)


def test_a_technical_account_needs_a_second_factor_too(client, strong):
    user = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(user)
    answer = client.get("/admin/")
    assert answer["Location"] == reverse("mfa_activate_totp")


def test_the_technical_pages_have_no_login_of_their_own_and_write_nothing(client):
    assert client.get("/admin/login/")["Location"].startswith(LOGIN)
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert client.get("/admin/referentiel/user/").status_code == 200
    assert client.get("/admin/referentiel/user/add/").status_code == 403
    assert client.get("/admin/account/emailaddress/").status_code == 404
    assert client.get("/admin/mfa/authenticator/").status_code == 404


def test_an_api_call_without_second_factor_is_refused(client, strong):
    login(client, decideur())
    assert client.get("/api/v1/schema/").status_code == 403


def test_a_demonstration_session_is_exempt_only_in_a_demonstration(client, strong, settings):
    login(client, decideur())
    session = client.session
    session["placet_demo_login"] = True
    session.save()
    assert client.get("/").status_code == 200
    settings.PLACET_AUTHORITY_KEY = "clé"
    assert client.get("/").status_code == 302


def code_for(secret):
    from allauth.mfa.totp.internal.auth import format_hotp_value, yield_hotp_counters_from_time

    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_the_second_factor_is_activated_then_asked_at_login(client, strong):
    user = with_password(decideur())
    sign_in(client, user)
    confirm = client.get(reverse("mfa_activate_totp"))
    assert confirm["Location"].startswith(reverse("account_reauthenticate"))
    client.post(confirm["Location"], {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    assert client.get("/").status_code == 200
    client.logout()
    assert sign_in(client, user)["Location"].startswith(reverse("mfa_authenticate"))
    assert client.get("/personnes/")["Location"].startswith(LOGIN)


def test_giving_a_role_asks_for_a_confirmation_of_thirty_minutes(client, strong, lieu):
    chef = with_password(lieu.administrateur())
    TOTP.activate(chef, generate_totp_secret())
    login(client, chef)
    url = reverse("referentiel:personne_inviter")
    asked = client.get(url)
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    client.post(asked["Location"], {"password": PASSWORD})
    assert client.get(url).status_code == 200
    with time_machine.travel(real_now() + timedelta(minutes=29)):
        assert client.get(url).status_code == 200
    with time_machine.travel(real_now() + timedelta(minutes=31)):
        assert client.get(url).status_code == 302


def test_what_was_posted_is_done_after_the_confirmation(client, strong, lieu):
    chef = with_password(lieu.administrateur())
    TOTP.activate(chef, generate_totp_secret())
    doctor = lieu.prescripteur()
    login(client, chef)
    url = reverse("referentiel:affectation_terminer", args=[doctor.affectation.pk])
    asked = client.post(url, {"motif": "Départ"})
    done = client.post(asked["Location"], {"password": PASSWORD})
    assert done["Location"] == reverse("referentiel:affectation", args=[doctor.affectation.pk])
    doctor.affectation.refresh_from_db()
    assert doctor.affectation.statut == StatutAffectation.TERMINEE


def test_a_token_is_made_after_a_confirmation_only(client, strong, lieu):
    doctor = with_password(lieu.prescripteur())
    login(client, doctor)
    url = reverse("referentiel:jetons")
    assert client.get(url).status_code == 200
    asked = client.post(url, {"libelle": "Logiciel", "scopes": ["ECRITURE"], "jours": "30"})
    assert not ApiToken.objects.exists()
    done = client.post(asked["Location"], {"password": PASSWORD})
    assert done.status_code == 201
    assert ApiToken.objects.get().affectation == doctor.affectation
