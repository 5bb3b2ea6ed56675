"""A database held by another record: 503 with when to come back, on pages as on the API."""

from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection
from django.urls import reverse

from access.models import DemandeAac
from access.states import DemandeAacState as S
from engine.busy import is_busy
from tests.factories import people
from tests.factories.dossiers import dossier_at, monde
from tests.factories.jetons import api

pytestmark = pytest.mark.django_db


class Refusal(Exception):
    """What PostgreSQL's driver raises: a code, and a sentence in the server's own language."""

    def __init__(self, code):
        super().__init__("annulation de la requête")
        self.pgcode = code


def refusal(code=""):
    """The error of a lock, as Django hands it on."""
    error = OperationalError("annulation de la requête" if code else "database is locked")
    error.__cause__ = Refusal(code) if code else None
    return error


@contextmanager
def held(error):
    """Every writing is refused, as when another connection keeps the lock."""

    def refuse(execute, sql, params, many, context):
        if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            raise error
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


@pytest.mark.parametrize("error", [refusal(), refusal("55P03"), refusal("57014")])
def test_a_page_posted_under_a_held_lock_is_asked_again(client, error):
    m = monde()
    dossier = dossier_at(S.A_VALIDER_PUI, m)
    people.login(client, m.prescripteur)
    program = api(m.prescripteur)
    assert program.get(f"/api/v1/dossiers/{dossier.pk}/").status_code == 200
    page = reverse("access:dossier", args=[dossier.pk])
    assert client.get(page).status_code == 200
    address = reverse("access:step", args=[dossier.pk, "withdraw"])
    values = {"version": dossier.version, "motif": "Motif fictif"}
    with held(error):
        answer = client.post(address, values)
        told = program.post(
            f"/api/v1/dossiers/{dossier.pk}/steps/withdraw/",
            {"version": dossier.version, "data": {"motif": "Motif fictif"}},
        )
    for one in (answer, told):
        assert one.status_code == 503
        assert one.headers["Retry-After"] == "5"
    assert "Rien n\u2019a été changé" in answer.content.decode().replace("&#x27;", "\u2019")
    assert DemandeAac.objects.get(pk=dossier.pk).state == S.A_VALIDER_PUI
    assert client.post(address, values).status_code == 302


@pytest.mark.parametrize("error", [OperationalError("disk I/O error"), refusal("08006")])
def test_another_fault_of_the_database_is_not_a_lock(error):
    assert not is_busy(error)
    assert not is_busy(ValueError("database is locked"))
    assert is_busy(OperationalError("database table is locked"))


def test_a_session_not_renewed_does_not_spoil_the_page(client):
    people.login(client, monde().prescripteur)
    session = client.session
    session["placet_seen"] = 0  # to be renewed now
    session.save()
    with held(refusal()):
        assert client.get(reverse("access:demande_nouvelle")).status_code == 200
