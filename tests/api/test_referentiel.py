"""The public register through the API: no account needed, nothing private in it."""

from datetime import date
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from engine.clocks import now
from referentiel.models import Document
from referentiel.services.changes import annonce, announce
from referentiel.services.search_index import refresh_search_texts
from referentiel.states import NatureChangement
from tests.factories.medicines import medicament

pytestmark = pytest.mark.django_db
BASE = "/api/v1/referentiel/"


@pytest.fixture
def drug():
    found = medicament()
    refresh_search_texts([found.produit.pk])
    return found


def test_products_are_searched_without_account(drug):
    client = APIClient()
    found = client.get(f"{BASE}produits/", {"q": drug.produit.nom}).json()
    assert [row["id"] for row in found["resultats"]] == [str(drug.produit.pk)]
    assert found["resultats"][0]["specialites"][0]["ucd7"] == drug.specialite.ucd7
    assert client.get(f"{BASE}produits/", {"q": "introuvable"}).json()["total"] == 0
    assert client.get(f"{BASE}produits/", {"cadre": "AAP"}).json()["total"] == 0
    assert client.get(f"{BASE}produits/", {"q": "\0"}).status_code == 200


def test_a_sheet_holds_cadres_criteria_and_codes(drug):
    fiche = APIClient().get(f"{BASE}produits/{drug.produit.pk}/").json()
    (cadre,) = fiche["cadres"]
    assert cadre["id"] == str(drug.cadre.pk)
    assert cadre["ouvert"] is True
    assert [c["attendu"] for c in cadre["criteres"]] == [True, True]
    assert [c["code"] for c in cadre["codes"]] == [drug.code.code]
    assert APIClient().get(f"{BASE}produits/{uuid4()}/").status_code == 404


def test_cadres_and_codes_are_filtered(drug):
    client = APIClient()
    assert client.get(f"{BASE}cadres/", {"cadre": "AAC", "en_cours": "oui"}).json()["total"] == 1
    assert client.get(f"{BASE}cadres/", {"cadre": "CPC"}).json()["total"] == 0
    assert client.get(f"{BASE}cadres/", {"cadre": "??"}).json()["total"] == 0
    codes = f"{BASE}codes/"
    asked = {"ucd": drug.specialite.ucd7, "code": "nfict01", "jour": "2025-01-01"}
    assert client.get(codes, asked).json()["total"] == 1
    assert client.get(codes, asked | {"jour": "2020-01-01"}).json()["total"] == 0
    assert client.get(codes, {"jour": "demain"}).status_code == 400


def test_the_limit_of_requests_is_said(settings, drug):
    from rest_framework.throttling import UserRateThrottle

    client = APIClient()
    rate, UserRateThrottle.THROTTLE_RATES = UserRateThrottle.THROTTLE_RATES, {"user": "2/min"}
    try:
        answers = [client.get(f"{BASE}codes/") for _ in range(3)]
    finally:
        UserRateThrottle.THROTTLE_RATES = rate
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["code"] == "trop_de_demandes"
    assert int(answers[2]["Retry-After"]) > 0


def found_by(address, **asked):
    answer = APIClient().get(f"{BASE}{address}/", asked)
    assert answer.status_code == 200, answer.json()
    return [row["id"] for row in answer.json()["resultats"]]


@pytest.mark.parametrize(
    ("asked", "hit"),
    [
        ({"cadre": "AAC"}, True),
        ({"cadre": "CPC"}, False),
        ({"statut": "CRITERES_PUBLIES"}, True),
        ({"statut": "RETIREE"}, False),
        ({"en_cours": "oui"}, True),
        ({"code": "nfict01"}, True),
        ({"code": "NFICT99"}, False),
        ({"dci": "FICTIVACINE"}, True),
        ({"dci": "autre"}, False),
        ({"tri": "-nom"}, True),
        ({"tri": "modifie", "cadre": "AAC"}, True),
        ({"modifie_depuis": "2021-01-01"}, False),
    ],
)
def test_products_and_cadres_share_their_filters(drug, asked, hit):
    assert (found_by("produits", **asked) == [str(drug.produit.pk)]) is hit
    order = asked.get("tri", "").replace("nom", "produit").replace("modifie", "fin")
    kept = {k: v for k, v in asked.items() if k != "tri"} | ({"tri": order} if order else {})
    assert (found_by("cadres", **kept) == [str(drug.cadre.pk)]) is hit


def test_a_ucd_finds_its_product_its_cadres_and_its_codes(drug):
    asked = {"ucd7": drug.specialite.ucd7}
    assert found_by("produits", **asked) == [str(drug.produit.pk)]
    assert found_by("produits", q=drug.produit.nom, **asked) == [str(drug.produit.pk)]
    assert found_by("cadres", **asked) == [str(drug.cadre.pk)]
    assert found_by("codes", **asked) == [str(drug.code.pk)]
    assert found_by("produits", ucd7="9000000") == []


def changed(drug, titre="Le cadre change"):
    line = annonce(
        drug.cadre, NatureChangement.CADRE_MODIFIE, titre, champ="fin", avant="a", apres="b"
    )
    return announce([line], origine="ATIH, 2026-10")[0]


def test_changes_are_followed_since_a_day_or_an_instant(drug):
    with time_machine.travel("2026-10-01T10:00:00+02:00", tick=False):
        first = changed(drug, "Un")
    with time_machine.travel("2026-10-02T10:00:00+02:00", tick=False):
        second = changed(drug, "Deux")
    both = [str(second.pk), str(first.pk)]
    assert found_by("changements") == both
    assert found_by("changements", tri="le") == both[::-1]
    assert found_by("changements", depuis="2026-10-02") == both[:1]
    assert found_by("changements", depuis="2026-10-01T10:00:00+02:00") == both[:1]
    assert found_by("changements", nature="CODE_FERME") == []
    assert found_by("changements", produit=str(uuid4())) == []
    assert found_by("produits", modifie_depuis="2026-10-02") == [str(drug.produit.pk)]
    assert found_by("produits", modifie_depuis="2026-10-03") == []
    (row,) = APIClient().get(f"{BASE}changements/", {"depuis": "2026-10-02"}).json()["resultats"]
    assert (row["avant"], row["apres"], row["origine"]) == ("a", "b", "ATIH, 2026-10")
    assert row["produit"] == drug.produit.nom


def test_documents_are_told_without_their_text(drug):
    document = Document.objects.create(
        produit=drug.produit, type="RCP", titre="RCP fictif", version="1", texte="secret",
        date_publication=date(2026, 1, 1), date_effet=date(2026, 1, 1), sha256="0" * 64,
        ajoute_le=now(),
    )  # fmt: skip
    assert found_by("documents", produit=str(drug.produit.pk), type="RCP") == [str(document.pk)]
    assert found_by("documents", type="NOTICE") == []
    (row,) = APIClient().get(f"{BASE}documents/").json()["resultats"]
    assert "texte" not in row


@pytest.mark.parametrize(
    "asked",
    [
        {"tri": "hasard"},
        {"modifie_depuis": "hier"},
        {"modifie_depuis": "0001-01-01"},
        {"modifie_depuis": "9999-12-31T23:59:59Z"},
        {"modifie_depuis": "2026-02-30T10:00"},
        {"produit": "x"},
        {"page": "-1"},
    ],
)
def test_a_value_that_cannot_be_read_is_said(drug, asked):
    answer = APIClient().get(f"{BASE}cadres/", asked)
    assert answer.status_code == 400
    assert answer.json()["message"]


LISTS = ("produits", "cadres", "codes", "documents_publics", "changements")


@pytest.mark.parametrize("name", LISTS)
def test_a_filter_misspelt_is_refused_with_the_names_that_exist(drug, name):
    answer = APIClient().get(reverse(f"api:{name}"), {"cadres": "AAP"})
    assert answer.status_code == 400
    text = answer.content.decode()
    assert "« cadres »" in text
    assert "par_page" in text


def test_nothing_is_sent_again_until_something_changes(drug):
    client, address = APIClient(), f"{BASE}produits/"
    first = client.get(address)
    again = client.get(address, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    dated = client.get(address, HTTP_IF_MODIFIED_SINCE=first["Last-Modified"])
    assert dated.status_code == 304
    assert client.get(address, {"q": "x"}, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200
    changed(drug)
    fresh = client.get(address, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (fresh.status_code, fresh["ETag"] != first["ETag"]) == (200, True)
    unknown = client.get(f"{BASE}produits/{uuid4()}/", HTTP_IF_NONE_MATCH="*")
    assert unknown.status_code == 404
    assert "ETag" not in unknown


def test_lists_keep_their_query_count(drug):
    def cost(address):
        with CaptureQueriesContext(connection) as told:
            assert APIClient().get(f"{BASE}{address}/").status_code == 200
        return len(told)

    addresses = ("produits", "cadres", "codes", "documents", "changements")
    changed(drug)
    [cost(address) for address in addresses]
    before = [cost(address) for address in addresses]
    for _ in range(4):
        changed(medicament())
    refresh_search_texts()
    [cost(address) for address in addresses]
    assert [cost(address) for address in addresses] == before
