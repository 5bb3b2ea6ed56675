"""Nothing one hospital holds is shown to another: pages, API, lists, exports, mails, logs.

Every account of a hospital opens every address it can, with its own ids and with those of the
other hospital; the other's canary stands in every patient field, message and piece. What is
public is read in full by nobody in particular, and once more by each account.
"""

import logging
import re
from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse

from access.models import Document, Dossier
from billing.models import Administration, Envoi
from billing.services.export import export_month
from config.routes import routes
from config.seeding.checkers import seed
from engine import outbox
from engine.clocks import today
from engine.models import AccesLu, Outbox
from referentiel.models import Affectation, Etablissement, User

pytestmark = pytest.mark.django_db
# What leaves the session or changes the account is not part of a crawl.
LEFT_OUT = ("admin:", "account_", "mfa_", "sante_", "demo_devenir", "affectation")
# The same text for everyone signed in, drawn from the code: one account reads it.
SAME_FOR_ALL = ("api:schema", "api:documentation")
QUERIES = ("", "?onglet=tous&q=canari&par_page=200")
KEYS = ("specialite", "code", "annee", "mois", "extension", "slug")
# What stands before an id in an address says what it is an id of.
SORT = re.compile(r"/(\w+)/<uuid:pk>")
DOSSIERS = ("DEMANDE_AAC.EN_INSTRUCTION", "AAC.ACTIVE", "DEMANDE_AAC.BROUILLON")
# No hospital holds any of these here: an absent one is asked for.
NOBODY_S = ("imports", "publications", "listes", "crpv", "codes", "delegations")
CRAWLERS = ("PRESCRIPTEUR", "PHARMACIEN", "FACTURATION", "ADMIN_ETABLISSEMENT")


@dataclass
class World:
    """Two hospitals with their canaries, and ids of each sort that each holds."""

    made: dict
    own: dict
    other: dict

    @property
    def hospitals(self):
        return self.made["organisations"]

    def accounts(self, places, *roles):
        return [a for place in places for a in place["comptes"] if a["role"] in roles]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    disk = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    folder = tmp_path_factory.mktemp("canari")
    with (
        override_settings(MEDIA_ROOT=str(folder), STORAGES=settings.STORAGES | {"default": disk}),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        made = seed(2, 10)
        for place in made["organisations"]:
            _deliver_and_export(place)
        shared = {name: [str(uuid4())] for name in NOBODY_S} | _medicine(made["produit"])
        yield World(made, *(_ids(place) | shared for place in made["organisations"]))
        transaction.set_rollback(True)


def _deliver_and_export(place):
    """The files a hospital has: its month, and two of its PDFs."""
    account = next(a for a in place["comptes"] if a["role"] == "FACTURATION")
    held = Affectation.objects.get(pk=account["affectation_id"])
    export_month(
        etablissement=Etablissement.objects.get(pk=place["id"]),
        annee=today().year,
        mois=today().month,
        by=held.user.acting(held),
    )
    own = Dossier.objects.filter(organisation_id=place["id"]).values("pk")
    for name in ("accuse_reception", "decision_aac"):
        row = Outbox.objects.filter(kind="document", name=name, subject_id__in=own).first()
        outbox.deliver(row.pk)


def _medicine(told):
    """The product both hospitals ask for, and its cadre."""
    return {"produits": [told["id"]], "cadres": [told["cadre_id"]]}


def _ids(place):
    """The ids of one hospital, by the word that stands before them in an address."""
    dossiers = [place["dossiers"][state][0] for state in DOSSIERS]
    own = Dossier.objects.filter(organisation_id=place["id"]).values("pk")
    site = Etablissement.objects.get(pk=place["id"])
    rows = {
        "documents": Document.objects.filter(dossier__in=own),
        "envois": Envoi.objects.filter(etablissement=site),
        "services": site.services.all(),
        "administrations": Administration.objects.filter(sejour__etablissement=site),
    }
    return {
        **dict.fromkeys(("dossiers", "demandes", "suivi"), dossiers),
        **{name: place[name][:1] for name in ("commandes", "pieces", "sejours")},
        **{name: [str(found.first().pk)] for name, found in rows.items()},
        "organisations": [place["id"]],
        "pharmacies": [place["pui_id"]],
        "personnes": [place["comptes"][0]["affectation_id"]],
    }


def session_of(account):
    client = Client(raise_request_exception=False)
    client.cookies[account["cookie"]["nom"]] = account["cookie"]["valeur"]
    return client


def read_routes(public):
    """What is read by anyone, or what is not."""
    return [
        route
        for route in routes()
        if "GET" in route.methods
        and route.name
        and not route.name.startswith(LEFT_OUT)
        and not ("inconnue" in route.name or "reset" in route.name)
        and ("*" in route.roles) is public
    ]


def addresses(route, ids, queries=QUERIES):
    """Every address of a route: one per id of its sort, or per query when it holds none."""
    fixed = {
        "annee": today().year,
        "mois": today().month,
        "extension": "csv",
        "specialite": Dossier.objects.exclude(specialite=None).first().specialite_id,
        "code": "0" * 32,
        "slug": "bretagne",
    }
    values = {name: fixed[name] for name in KEYS if f":{name}>" in route.pattern}
    if ":name>" in route.pattern:
        values["name"] = "receive" if "commande" in route.name else "withdraw"
    if ":pk>" not in route.pattern:
        return [reverse(route.name, kwargs=values) + query for query in queries]
    return [reverse(route.name, kwargs=values | {"pk": pk}) for pk in ids[sort_of(route)]]


def sort_of(route):
    """« dossiers » of /dossiers/<uuid:pk>/: a word nobody knows here fails."""
    found = SORT.search(route.pattern)
    return found.group(1) if found else ""


def both(one, two):
    """The ids of two hospitals together, those they share once."""
    return {name: list(dict.fromkeys(one[name] + two[name])) for name in one}


def crawl(account, ids):
    """Every address this account opens or not, with its route and the answer."""
    client = session_of(account)
    token = {"Authorization": account["autorisation"]}
    bearer = Client(raise_request_exception=False, headers=token)
    firsts = {name: found[-1:] for name, found in ids.items()}
    for route in read_routes(public=False):
        if route.name in SAME_FOR_ALL and account["role"] != CRAWLERS[0]:
            continue
        caller = bearer if route.name.startswith("api:") else client
        opens = account["role"] in route.roles
        found = addresses(route, ids) if opens else addresses(route, firsts, ("",))
        yield from asked(caller, route, found)
    for route in read_routes(public=True):
        yield from asked(client, route, addresses(route, firsts, ("",)))


def asked(client, route, found):
    """The answer at each address of a route."""
    cache.clear()  # the rate limit of the API is not what is tried here
    for address in found:
        yield route, address, client.get(address)


def content_of(answer):
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body + str(answer.headers).encode()


def test_cross_tenant_canary_crawl(world, caplog):
    caplog.set_level(logging.INFO)
    own, other = world.hospitals
    seen_own, opened, leaks, broken = set(), set(), [], []
    for account in world.accounts([own], *CRAWLERS):
        for route, address, answer in crawl(account, both(world.own, world.other)):
            body = content_of(answer)
            if answer.status_code == 200:
                opened.add(sort_of(route))
            if answer.status_code >= 500:
                broken.append((account["role"], address, answer.status_code))
            if other["canari"].encode() in body:
                leaks.append((account["role"], address))
            if own["canari"].encode() in body:
                seen_own.add(account["role"])
    assert leaks == []
    assert broken == []
    # Each sort of object was truly opened, by its own people: refusals alone prove nothing.
    assert set(world.own) - opened <= {*NOBODY_S, "produits", "cadres"}
    assert {"PRESCRIPTEUR", "PHARMACIEN", "FACTURATION"} <= seen_own
    assert other["canari"] not in caplog.text
    assert own["canari"] not in caplog.text


def test_what_is_public_shows_no_hospital(world):
    """Each public address in full, as anyone and any robot reads it."""
    secrets = [hospital["canari"].encode() for hospital in world.hospitals]
    ids = both(world.own, world.other)
    opened, client = set(), Client(raise_request_exception=False)
    for route in read_routes(public=True):
        for _, address, answer in asked(client, route, addresses(route, ids)):
            assert answer.status_code < 500, address
            assert not any(secret in content_of(answer) for secret in secrets), address
            if answer.status_code == 200:
                opened.add(sort_of(route))
    assert opened == {"", "produits"}


def test_no_identity_reaches_the_agency(world):
    secrets = [hospital["canari_identite"].encode() for hospital in world.hospitals]
    agents = world.accounts([world.made["agence"]], "EVALUATEUR_ANSM", "GESTIONNAIRE_ANSM")
    assert leaks_of(agents, world.own, secrets) == []


def test_nothing_reaches_those_outside(world):
    secrets = [hospital["canari"].encode() for hospital in world.hospitals]
    outside = world.accounts(world.made["autres"], "LABORATOIRE", "DECIDEUR_HAS", "ADMIN", "CRPV")
    assert leaks_of(outside, world.own, secrets) == []


def leaks_of(accounts, ids, secrets):
    """Where one of the secrets is shown to one of the accounts."""
    return [
        (account["role"], address)
        for account in accounts
        for _, address, answer in crawl(account, ids)
        if any(secret in content_of(answer) for secret in secrets)
    ]


def test_a_foreign_id_answers_as_an_absent_one(world):
    own, other = world.hospitals
    account = own["comptes"][0]
    bearer = Client(headers={"Authorization": account["autorisation"]})
    foreign = other["dossiers"]["DEMANDE_AAC.EN_INSTRUCTION"][0]
    absent = "00000000-0000-4000-8000-000000000000"
    for path in ("/api/v1/dossiers/{}/", "/api/v1/dossiers/{}/messages/", "/api/v1/demandes/{}/"):
        there, nowhere = bearer.get(path.format(foreign)), bearer.get(path.format(absent))
        assert (there.status_code, there.content) == (404, nowhere.content)
    client = session_of(account)
    assert client.get(f"/dossiers/{foreign}/").status_code == 404
    assert not AccesLu.objects.filter(subject_id=foreign, actor_id=account["user_id"]).exists()


def test_acts_on_a_foreign_dossier_change_nothing(world):
    own, other = world.hospitals
    foreign = [pk for pks in other["dossiers"].values() for pk in pks]
    before = sorted(Dossier.objects.filter(pk__in=foreign).values_list("pk", "state", "version"))
    for account in own["comptes"]:
        bearer = Client(headers={"Authorization": account["autorisation"]})
        for pk in foreign:
            for step in ("submit", "transmit", "withdraw", "dispense"):
                answer = bearer.post(
                    f"/api/v1/dossiers/{pk}/steps/{step}/",
                    {"version": 1, "data": {}},
                    content_type="application/json",
                )
                assert answer.status_code in (403, 404)
    after = sorted(Dossier.objects.filter(pk__in=foreign).values_list("pk", "state", "version"))
    assert after == before


def test_no_canary_in_any_mail_nor_in_the_outbox(world):
    canaries = [place["canari"] for place in world.hospitals]
    mail.outbox.clear()
    for row in Outbox.objects.filter(kind="email", status="pending")[:60]:
        assert not any(canary in str((row.payload, row.recipient)) for canary in canaries)
        outbox.deliver(row.pk)
    assert mail.outbox
    for message in mail.outbox:
        text = message.message().as_string() + message.subject + str(message.to)
        assert not any(canary in text for canary in canaries)


def test_people_of_one_hospital_do_not_see_those_of_another(world):
    own, other = world.hospitals
    admin = next(a for a in own["comptes"] if a["role"] == "ADMIN_ETABLISSEMENT")
    page = session_of(admin).get("/personnes/").content.decode()
    assert User.objects.get(pk=own["comptes"][0]["user_id"]).email in page
    assert all(a["email"] not in page for a in other["comptes"])
