"""What checkers are promised: routes, ready accounts, canaries, and refusals in real use."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from access.models import Dossier
from config.seeding import checkers
from engine.folding import divergences
from engine.journal import flaws
from referentiel.models import ApiToken
from referentiel.roles import Role
from tests.test_url_access import PUBLIC, ROUTES

# Their roles depend on the object: the table shows one of each.
BY_STATE = {"access:step", "api:etape", "referentiel:affectation_approuver"}
STATES = {
    "DEMANDE_AAC.ACCORDEE", "DEMANDE_AAC.BROUILLON", "DEMANDE_AAC.EN_INSTRUCTION",
    "DEMANDE_AAC.A_VALIDER_PUI", "DEMANDE_AAC.COMPLEMENT_DEMANDE", "DEMANDE_AAC.TRANSMISE_ANSM",
    "DEMANDE_AAC.RETOURNEE_PRESCRIPTEUR", "DEMANDE_AAC.REFUSEE", "DEMANDE_AAC.RETIREE",
    "DEMANDE_AAC.CLASSEE_SANS_SUITE", "AAC.ACTIVE", "AAC.A_VENIR", "AAC.EXPIREE",
}  # fmt: skip


def route_list():
    out = StringIO()
    call_command("route_list", "--json", stdout=out)
    return json.loads(out.getvalue())


def test_route_list_says_what_the_typed_table_says():
    told = {route["name"]: set(route["roles"]) for route in route_list()}
    wrong = []
    for name, row in ROUTES.items():
        if name in BY_STATE or name == "api:inconnue":
            continue
        expected = {"*"} if row.roles == PUBLIC else {str(role) for role in row.roles}
        if told[name] != expected:
            wrong.append((name, sorted(told[name]), sorted(expected)))
    assert wrong == []


def test_route_list_names_methods():
    told = {route["name"]: route["methods"] for route in route_list()}
    assert told["access:dossier"] == ["GET"]
    assert told["access:step"] == ["GET", "POST"]
    assert told["access:message_ajouter"] == ["POST"]
    assert told["api:demande"] == ["GET", "PATCH", "DELETE"]
    assert told["billing:controler"] == ["POST"]


def test_route_list_reads_as_text():
    out = StringIO()
    call_command("route_list", stdout=out)
    assert "/dossiers/<uuid:pk>/" in out.getvalue()


@pytest.fixture
def files(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "files")
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    }
    return tmp_path


@pytest.mark.django_db
def test_checker_seed_gives_working_keys_and_dossiers_by_state(files):
    out = files / "acces.json"
    call_command("checker_seed", orgs=2, dossiers=13, out=str(out), stdout=StringIO())
    made = json.loads(out.read_text())
    assert out.stat().st_mode & 0o077 == 0
    first, second = made["organisations"]
    assert first["canari"] != second["canari"]
    assert set(first["dossiers"]) == STATES
    assert len(first["pieces"]) == len(first["patients"]) == len(set(first["patients"])) == 13
    scope_by_service_can_be_tried(first)
    accounts = [
        a for place in (first, second, made["agence"], *made["autres"]) for a in place["comptes"]
    ]
    assert {a["role"] for a in accounts} == set(Role.values)
    for account in accounts:
        client = Client()
        client.cookies[account["cookie"]["nom"]] = account["cookie"]["valeur"]
        page = client.get("/")
        assert page.status_code == 200
        assert page.wsgi_request.user.affectation.role == account["role"]
        me = Client().get("/api/v1/moi/", headers={"Authorization": account["autorisation"]})
        assert me.json()["role"] == account["role"]
    assert list(flaws()) == []
    assert list(divergences()) == []


def scope_by_service_can_be_tried(place):
    """The prescriber of another service of the hospital sees none of its dossiers."""
    (other,) = place["comptes_autre_service"]
    keys = {"Authorization": other["autorisation"]}
    assert Client().get("/api/v1/moi/", headers=keys).json()["role"] == Role.PRESCRIPTEUR
    for pk, *_ in place["dossiers"].values():
        assert Client().get(f"/api/v1/dossiers/{pk}/", headers=keys).status_code == 404


@pytest.mark.django_db
def test_a_long_seed_never_holds_the_database_for_all_its_dossiers(files, monkeypatch):
    """What a worker beside it may write waits for one dossier, not for the whole."""
    depth = []
    lead = checkers.Writer.lead

    def watched(self, rank):
        depth.append(len(connection.savepoint_ids))
        lead(self, rank)

    monkeypatch.setattr(checkers.Writer, "lead", watched)
    before = len(connection.savepoint_ids)
    checkers.seed(1, 2)
    assert depth == [before, before]


@pytest.mark.parametrize(
    "real", [{"PLACET_AUTHORITY_KEY": "cle"}, {"PLACET_PRODUCTION": True}, {"PLACET_DEMO": False}]
)
@pytest.mark.django_db
def test_seeds_refuse_real_use(settings, tmp_path, real):
    for name, value in real.items():
        setattr(settings, name, value)
    for command, options in (("checker_seed", {"out": str(tmp_path / "x")}), ("seed_demo", {})):
        with pytest.raises(CommandError, match="démonstration"):
            call_command(command, **options)
    assert not Dossier.objects.exists()
    assert not ApiToken.objects.exists()


@pytest.mark.django_db
def test_seed_bounds_are_said(tmp_path):
    with pytest.raises(CommandError, match="hôpitaux"):
        call_command("checker_seed", orgs=0, dossiers=1, out=str(tmp_path / "x"))
    with pytest.raises(CommandError, match="n'existe pas"):
        call_command("checker_seed", orgs=1, dossiers=1, out=str(tmp_path / "absent" / "x"))


def test_offset_is_read_from_the_variable():
    from config.settings.clock import parse_offset

    assert parse_offset("+90d") == timedelta(days=90)
