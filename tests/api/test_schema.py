"""The schema says what the API does; hostile requests never make it fall."""

import os
from io import StringIO
from unittest import SkipTest

import pytest
import schemathesis
import yaml
from django.core.cache import cache
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode, checks
from schemathesis.specs.openapi import checks as openapi_checks

from config.wsgi import application
from tests.factories.dossiers import aac_at, brouillon, monde
from tests.factories.jetons import token
from tests.factories.people import login

pytestmark = pytest.mark.django_db
REFUSALS = {"400", "401", "403", "404"}
WRITES = {"409", "422"}


@pytest.fixture(scope="module")
def schema():
    out = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    return yaml.safe_load(out.getvalue())


def test_schema_has_no_warning_and_declares_every_refusal(schema):
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            declared = set(operation["responses"])
            assert declared >= REFUSALS, (method, path)
            if method != "get":
                assert declared >= WRITES, (method, path)


def test_every_operation_has_its_own_name(schema):
    names = [op["operationId"] for methods in schema["paths"].values() for op in methods.values()]
    assert len(names) == len(set(names))


def test_schema_and_pages_are_for_those_signed_in(client):
    for path in ("/api/v1/schema/", "/api/v1/documentation/"):
        assert client.get(path).status_code == 401
    login(client, monde().prescripteur)
    assert client.get("/api/v1/schema/").status_code == 200
    page = client.get("/api/v1/documentation/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "<style" not in text
    assert "http://" not in text.replace("http://testserver", "")
    assert "https://" not in text
    policy = page["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
    assert "unsafe-inline" not in client.get("/")["Content-Security-Policy"]
    script = client.get("/api/v1/documentation/?script=")
    assert script["Content-Type"].startswith("application/javascript")


@pytest.fixture
def one_connection():
    """The server's end of a request keeps the connection of the test, as Django's client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def ids_of(m):
    """Real ids for the addresses of a world: hostile values then reach the code behind them."""
    aac, draft = aac_at(m=m), brouillon(m)
    order = aac.commandes.first()
    return {
        "demandes": draft.pk,
        "dossiers": draft.pk,
        "commandes": order.pk,
        "produits": aac.produit_id,
    }


def values_of(path, ids):
    """What to put in an address; the names of steps and ids of no object are left to chance."""
    part = next((part for part in path.split("/") if part in ids), "")
    values = {"id": str(ids[part])} if part and "{id}" in path else {}
    if "steps/{name}" in path:
        values["name"] = "send" if part == "commandes" else "submit"
    if "{annee}" in path:
        values |= {"annee": "2026", "mois": "3"}
    return values or None


CALM = settings(
    max_examples=int(os.environ.get("PLACET_FUZZ_EXAMPLES", "2")),
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
CHECKS = [
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.response_schema_conformance,
]


def test_hostile_requests_never_make_the_api_fall(schema, one_connection):
    """A few examples of each operation, well and badly formed, by those who may call it."""
    m = monde()
    ids = ids_of(m)
    found = schemathesis.openapi.from_dict(schema)
    found.app = application
    keys = [token(user) for user in (m.prescripteur, m.pharmacien, m.hopital.facturation())]
    tried = 0
    for result in found.get_all_operations():
        operation = result.ok()
        if "envois" in operation.path or "documents/{" in operation.path:
            continue  # downloads: nothing to generate but an id
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            cases = operation.as_strategy(mode, path_parameters=values_of(operation.path, ids))
            for key in keys:
                tried += try_all(cases, key)
    assert tried > 100


def try_all(cases, key):
    """Call each generated case; the checks raise when an answer is not as declared."""
    done = []

    @CALM
    @given(case=cases)
    def run(case):
        cache.clear()
        response = case.call(headers={"Authorization": f"Bearer {key}"})
        case.validate_response(response, checks=CHECKS)
        done.append(response.status_code)

    try:
        run()
    except (Unsatisfiable, SkipTest):
        return 0
    return len(done)
