"""Dated parameters: a newer value is agreed by two persons, and never changes the past."""

from datetime import timedelta

import pytest
from django.urls import reverse

from engine.clocks import today
from engine.errors import Blocked, Forbidden
from referentiel.models import Parametre
from referentiel.parametres import INITIAUX, valeur
from referentiel.roles import Role
from referentiel.selectors import touches
from referentiel.selectors.parametres import table
from referentiel.selectors.touches import Touche, parametre_preview, previews_parametre
from referentiel.services.publications import propose, publish
from referentiel.states import NaturePublication as N
from tests.factories import people
from tests.referentiel.publishing import gestionnaires, proposing

pytestmark = pytest.mark.django_db
CODE = "aac.complement_delai_jours"


@pytest.fixture
def two():
    return gestionnaires()


def asked(by, new="20", code=CODE, days=0):
    return propose(
        nature=N.PARAMETRE,
        subject=None,
        values={"code": code, "valeur": new, "source": "Décision de la direction"},
        effet_le=today() + timedelta(days=days),
        motif="Révision annuelle",
        by=by,
    )


def test_a_newer_value_is_dated_and_the_earlier_days_keep_theirs(two):
    day = today() + timedelta(days=30)
    assert publish(asked(two[0], days=30), by=two[1]).statut == "APPLIQUEE"
    assert valeur(CODE, today()) == "15"
    assert valeur(CODE, day - timedelta(days=1)) == "15"
    assert valeur(CODE, day) == "20"
    row = Parametre.objects.get(code=CODE)
    assert (row.debut, row.source) == (day, "Décision de la direction")


def test_the_table_says_value_source_and_what_comes_next(two):
    publish(asked(two[0], days=30), by=two[1])
    asked(two[0], "25", days=40)
    line = next(line for line in table(today()) if line.code == CODE)
    assert line.en_vigueur.valeur == "15"
    assert [value.valeur for value in line.suivantes] == ["20"]
    assert line.en_attente == 1
    later = next(line for line in table(today() + timedelta(days=31)) if line.code == CODE)
    assert (later.en_vigueur.valeur, later.passees[0].valeur) == ("20", "15")
    assert len(table(today())) == len(INITIAUX)


def test_a_value_is_read_as_french_writes_it(two, client):
    people.login(client, two[0])
    page = client.get(reverse("referentiel:parametres")).content.decode()
    assert "<strong>0,005</strong>" in page
    assert "<strong>90, 45, 15, 7, 1, 0</strong>" in page
    one = client.get(reverse("referentiel:parametre_modifier", args=["import.seuil_rejet"]))
    assert 'value="0,005"' in one.content.decode()


def test_the_gestionnaire_of_the_has_reads_and_does_not_change(two, client):
    has = people.OrganisationFactory(has=True)
    other = people.acting(people.UserFactory(), Role.GESTIONNAIRE_HAS, has)
    with pytest.raises(Forbidden):
        asked(other)
    with pytest.raises(Forbidden):
        publish(asked(two[0]), by=other)
    people.login(client, other)
    assert client.get(reverse("referentiel:parametres")).status_code == 200
    assert client.get(reverse("referentiel:parametre_modifier", args=[CODE])).status_code == 403


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        (CODE, ""),
        (CODE, "-1"),
        (CODE, "15,5"),
        (CODE, "²"),
        (CODE, "9" * 39),
        (CODE, "1\0"),
        ("aac.rappels_expiration", "1,7,15"),
        ("aac.rappels_expiration", "90,,1"),
        ("import.seuil_rejet", "2.0"),
        ("import.seuil_rejet", "0.0.1"),
        ("import.seuil_rejet", "abc"),
    ],
)
def test_a_value_of_another_kind_is_refused(two, code, wrong):
    with pytest.raises(Blocked) as caught:
        asked(two[0], wrong, code)
    assert caught.value.blockers[0].field == "valeur"


@pytest.mark.parametrize(
    ("code", "typed", "kept"),
    [
        (CODE, " 21 ", "21"),
        ("aac.rappels_expiration", "60, 30, 1", "60,30,1"),
        ("import.seuil_rejet", "0,01", "0.01"),
    ],
)
def test_a_value_is_kept_as_the_rules_read_it(two, code, typed, kept):
    publish(asked(two[0], typed, code), by=two[1])
    assert valeur(code, today()) == kept


def test_two_values_on_one_day_are_refused(two):
    publish(asked(two[0], days=5), by=two[1])
    with pytest.raises(Blocked, match="déjà une valeur"):
        asked(two[0], "30", days=5)


def test_the_preview_lists_the_open_dossiers_whose_clock_moves(two, client, monkeypatch):
    monkeypatch.setattr(touches, "_previews", [])

    @previews_parametre
    def one(code, new, on):
        return [Touche("DEM-2026-000412", "1er déc. 2026", f"{new} jours")]

    assert len(parametre_preview(CODE, "20", today())) == 1
    url = reverse("referentiel:parametre_modifier", args=[CODE])
    people.login(client, two[0])
    data = {"code": CODE, "valeur": "20", "source": "Décision"}
    text = client.post(url, proposing(data) | {"proposer": ""}).content.decode()
    assert client.get(url).status_code == 200
    data |= {"effet_le": today().isoformat(), "motif": "Révision"}
    text = client.post(url, data).content.decode()
    assert "DEM-2026-000412" in text
    assert "20 jours" in text
    held = asked(two[0])
    people.login(client, two[1])
    page = client.get(reverse("referentiel:publication", args=[held.pk])).content.decode()
    assert "DEM-2026-000412" in page


def test_an_unknown_parameter_is_not_found(two, client):
    people.login(client, two[0])
    url = reverse("referentiel:parametre_modifier", args=["inconnu"])
    assert client.get(url).status_code == 404
    assert client.post(url, {"valeur": "1"}).status_code == 404
