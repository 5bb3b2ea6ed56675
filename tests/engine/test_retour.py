"""A return address a client names leads to a page of this site, or to the usual one."""

import pytest

from engine.retour import go_back

BAD = (
    "", "abc", "?x", "accueil", "admin:index", "//ailleurs.test/", "///ailleurs.test",
    "/\\ailleurs.test", "https://ailleurs.test/", "javascript:alert(1)", "\0", "/a\0b", "/a\nb",
    "/\ud800", "\ufffd", " /a", "../a", "/a\u2028b",
)  # fmt: skip


@pytest.mark.parametrize("wanted", BAD)
def test_an_address_of_elsewhere_or_of_nothing_is_not_followed(rf, wanted):
    request = rf.post("/")
    request.POST = {"next": wanted}
    assert go_back(request, "/ici/").url == "/ici/"


@pytest.mark.parametrize("wanted", ["/", "/dossiers/?q=é&page=2", "/a#b"])
def test_a_page_of_this_site_is_followed(rf, wanted):
    answer = go_back(rf.post("/", {"retour": wanted}), "/ici/", name="retour")
    assert answer.status_code == 302
    assert answer.url.startswith(wanted[:4])
