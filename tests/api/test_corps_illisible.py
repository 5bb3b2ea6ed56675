"""A body no parser reads is told in French, whatever its format."""

import pytest

from tests.factories.dossiers import brouillon, monde
from tests.factories.jetons import api

pytestmark = pytest.mark.django_db
HEADER = b'--x\r\nContent-Disposition: form-data; name="a"\r\nX: %s\r\n\r\nb\r\n--x--\r\n'


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (HEADER % (b"a" * 20_000), "multipart/form-data; boundary=x"),
        (b"x", "multipart/form-data"),
        (b"{", "application/json"),
        (b"\xff", "application/json"),
    ],
)
def test_an_unreadable_body_is_told_in_french(body, kind):
    m = monde()
    client, draft = api(m.prescripteur), brouillon(m)
    for address in (f"/api/v1/dossiers/{draft.pk}/pieces/", "/api/v1/demandes/"):
        answer = client.generic("POST", address, body, content_type=kind)
        assert answer.status_code == 400
        assert answer.json()["message"].startswith("Le corps de la demande est illisible")


def test_a_page_says_it_in_french_too(client):
    kind = "multipart/form-data; boundary=x"
    answer = client.generic("POST", "/demonstration/devenir/", HEADER % (b"a" * 20_000), kind)
    assert answer.status_code == 400
    assert "La demande n&#x27;a pas été comprise" in answer.content.decode().replace("'", "&#x27;")
