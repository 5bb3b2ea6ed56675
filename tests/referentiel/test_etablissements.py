"""Establishments: filters, file, page of one, billing route, OMEDIT and centres of the region."""

import csv
import io
from datetime import date

import pytest
from auditlog.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engine.models import Entry
from followup.models import CoordonneesCrpv
from referentiel.models import Omedit, TypeOrganisation
from referentiel.rules.departements import REGION_OF
from referentiel.rules.etablissements import CODES, STATUTS, statut_label
from tests.factories import people

pytestmark = pytest.mark.django_db
LIST = "/organisations/"


def site(nom, *, statut="public", departement="35", a_confirmer=False, route="FICHCOMP", **more):
    """A hospital as the yearly survey writes it."""
    juridique, espic = CODES[statut]
    return people.EtablissementFactory(
        organisation=people.OrganisationFactory(
            nom=nom, type=TypeOrganisation.ETABLISSEMENT, region=REGION_OF[departement]
        ),
        statut_juridique=juridique, espic=espic, departement=departement,
        route_a_confirmer=a_confirmer, route_facturation=route, **more,
    )  # fmt: skip


@pytest.fixture
def three():
    return (
        site("HÔPITAL FICTIF DE RENNES", ville="RENNES"),
        site("CLINIQUE FICTIVE", statut="prive", departement="75", route="S3404"),
        site("ESPIC FICTIF", statut="espic", departement="2A", a_confirmer=True),
    )


def names(client, **asked):
    return [row["title"] for row in client.get(LIST, asked).context["rows"]]


def test_statuses_are_those_of_the_survey():
    assert {statut_label(*codes) for codes in CODES.values()} == set(STATUTS.values())
    assert statut_label("", "") == ""


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "hopital rennes"}, [0]),
        ({"q": "Clinique"}, [1]),
        ({"region": "Bretagne"}, [0]),
        ({"departement": "2A"}, [2]),
        ({"statut": "espic"}, [2]),
        ({"statut": "prive"}, [1]),
        ({"route": "S3404"}, [1]),
        ({"a_confirmer": "on"}, [2]),
        ({"sans_admin": "on", "type": "ETABLISSEMENT"}, [0, 1, 2]),
        ({"region": "Bretagne", "statut": "prive"}, []),
    ],
)
def test_establishments_are_searched_and_filtered(client, three, asked, found):
    people.login(client, people.admin())
    assert names(client, **asked) == sorted(three[n].organisation.nom for n in found)


def test_a_hostile_filter_asks_nothing(client, three):
    people.login(client, people.admin())
    for asked in ({"statut": "x\0"}, {"region": "9" * 500}, {"departement": "'"}, {"q": "\0"}):
        assert client.get(LIST, asked).status_code == 200


def test_the_file_holds_what_the_list_shows(client, three):
    people.login(client, people.admin())
    page = client.get(LIST, {"region": "Bretagne"})
    answer = client.get(page.context["export_url"])
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text), delimiter=";")
    assert row["nom"] == "HÔPITAL FICTIF DE RENNES"
    assert (row["statut"], row["route_a_confirmer"]) == ("Public", "non")


def test_list_and_file_keep_their_query_count(client, three):
    people.login(client, people.admin())

    def cost(address):
        with CaptureQueriesContext(connection) as told:
            answer = client.get(address)
            b"".join(getattr(answer, "streaming_content", []))
        return len(told)

    addresses = (LIST, reverse("referentiel:organisations_export"))
    [cost(address) for address in addresses]
    before = [cost(address) for address in addresses]
    for n in range(6):
        site(f"AUTRE FICTIF {n}")
    assert [cost(address) for address in addresses] == before


def test_the_page_of_an_establishment_says_who_keeps_it_and_whom_to_reach(client):
    place = people.hopital()
    keeper = place.administrateur()
    organisation = place.organisation
    organisation.region = "Bretagne"
    organisation.save()
    hospital = organisation.etablissement
    hospital.departement = "35"
    hospital.save()
    Omedit.objects.filter(region="Bretagne").update(courriel="omedit@exemple.invalid")
    for nom, ressort in (("CRPV FICTIF DE RENNES", "22, 35"), ("CRPV FICTIF DE BREST", "29")):
        centre = people.OrganisationFactory(nom=nom, type=TypeOrganisation.CRPV, region="Bretagne")
        CoordonneesCrpv.objects.create(organisation=centre, ressort=ressort)
    people.login(client, people.admin())
    page = client.get(reverse("referentiel:organisation", args=[organisation.pk]))
    text = page.content.decode()
    for words in (keeper.full_name, "OMEDIT Bretagne", "omedit@exemple.invalid", "RENNES"):
        assert words in text
    assert "CRPV FICTIF DE BREST" not in text
    assert "Inviter un administrateur" in text
    people.login(client, keeper)
    own = client.get(reverse("referentiel:organisation", args=[organisation.pk]))
    assert "Inviter un administrateur" not in own.content.decode()


def test_a_route_typed_by_a_person_is_journalled_and_no_longer_doubtful(client, three):
    doubtful = three[2]
    people.login(client, people.admin())
    address = reverse("referentiel:etablissement_facturation", args=[doubtful.pk])
    data = {"finess_epmsi": "", "route_facturation": "S3404"}
    assert client.post(address, data).status_code == 302
    doubtful.refresh_from_db()
    assert (doubtful.route_facturation, doubtful.route_a_confirmer) == ("S3404", False)
    assert Entry.objects.filter(action="modifier_facturation").count() == 1
    assert names(client, a_confirmer="on") == []


def test_each_region_has_its_omedit_and_nothing_is_invented():
    rows = list(Omedit.objects.all())
    assert {row.region for row in rows} <= set(REGION_OF.values())
    assert len(rows) == 18
    assert {(row.courriel, row.telephone, row.site) for row in rows} == {("", "", "")}


def test_the_platform_completes_an_omedit_and_an_establishment_reads_it(client):
    address = reverse("referentiel:omedit", args=["bretagne"])
    people.login(client, people.admin())
    data = {
        "nom": "OMEDIT Bretagne", "courriel": "omedit@exemple.invalid", "telephone": "",
        "site": "exemple.invalid", "verifie_le": "2026-11-01",
    }  # fmt: skip
    assert client.post(address, data).status_code == 302
    row = Omedit.objects.get(region="Bretagne")
    assert (row.site, row.verifie_le) == ("https://exemple.invalid", date(2026, 11, 1))
    assert LogEntry.objects.get_for_object(row).exists()
    assert client.post(address, data | {"courriel": "faux"}).status_code == 422
    assert client.get(reverse("referentiel:omedit", args=["atlantide"])).status_code == 404
    people.login(client, people.hopital().administrateur())
    page = client.get(reverse("referentiel:omedits"))
    assert "omedit@exemple.invalid" in page.content.decode()
    assert address not in page.content.decode()
    assert client.get(address).status_code == 403
    assert client.get(reverse("followup:crpv")).status_code == 200
