"""No route answers noise with an incident, by whom of each kind of person it opens to."""

from http.cookies import SimpleCookie

import pytest
from django.db import transaction
from django.test import Client

from referentiel.roles import Role
from tests.factories import people
from tests.factories.jetons import api
from tests.test_url_access import ROUTES, address, person, with_every_factor, world

__all__ = ["world"]
pytestmark = pytest.mark.django_db
WHO = (
    "ANONYME", Role.PRESCRIPTEUR, Role.PHARMACIEN, Role.DECIDEUR_ANSM, Role.GESTIONNAIRE_ANSM,
    Role.ADMIN,
)  # fmt: skip
QUERY = (
    "page=abc&q=%00%27%25&annee=99999&mois=-1&depuis=x&jusqua=9999-12-31&produit=x&vue=%ff&etat=%00"
    "&tri=%00&cadre=9&service=x&type=%00&par_page=0&du=0001-01-01&jour=9999-99-99&format=x"
)
# What the tests have not, told by 503: the files of the documents, a worker that answers.
ABSENT = {"access:document", "api:document", "sante_pret"}
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
BODIES = (
    (b"version=%00&q=%00&next=%ff&retour=%00&motif=%00&personne=x&a=%ed%a0%80", FORM),
    (b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\xff\x00\r\n--x--",
     "multipart/form-data; boundary=x"),
    (b'{"version":99999999999999999999,"data":{"a":"\\u0000"}}', JSON),
)  # fmt: skip


def noises(url, method):
    """The requests sent to one address: a bad query, then bodies nobody means."""
    path = url.split("?")[0]
    yield "GET", f"{path}?{QUERY}", b"", FORM
    for body, kind in BODIES if method != "GET" else BODIES[:1]:
        yield ("POST" if method == "GET" else method), path, body, kind


def sent(client, method, url, body, kind):
    """The status of one request; whatever the act did, to the session too, is undone."""
    cookies = client.cookies.output(header="", sep=";")
    with transaction.atomic():
        answer = client.generic(method, url, body, content_type=kind)
        for _ in getattr(answer, "streaming_content", ()):
            pass
        transaction.set_rollback(True)
    client.cookies = SimpleCookie(cookies)
    return answer.status_code


@pytest.mark.parametrize("who", WHO)
def test_noise_is_refused_in_words(world, who, settings):
    """Public routes are tried by a visitor, the others by everyone they open to."""
    settings.PLACET_DEMO = True
    m, objects = world
    user = None if who == "ANONYME" else person(m, who)
    pages = Client(raise_request_exception=False)
    program = pages
    if user is not None:
        with_every_factor(user)
        people.login(pages, user)
        program = api(user)
        program.raise_request_exception = False
    faults = [
        (name, method, url, body, status)
        for name, row in ROUTES.items()
        if who in row.roles and (who == "ANONYME") is ("ANONYME" in row.roles)
        for method, url, body, kind in noises(address(name, row, objects), row.method.upper())
        if (status := sent(program if name.startswith("api:") else pages, method, url, body, kind))
        >= 500
        and (status != 503 or name not in ABSENT)
    ]
    assert not faults, "\n".join(map(str, faults))
