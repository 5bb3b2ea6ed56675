"""The home page of each role, the choice of a role, the accounts of the demonstration."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from access.states import AacState
from access.states import DemandeAacState as S
from config.context import offset_text
from config.demo_login import SESSION_FLAG
from engine.clocks import now, today
from referentiel.models import (
    Changement,
    ImportRun,
    Nouvelle,
    StatutAffectation,
    TypeOrganisation,
)
from referentiel.roles import Role
from referentiel.states import NatureChangement
from tests.factories import people
from tests.factories.dossiers import aac_at, dossier_at, monde
from tests.factories.medicines import CadreFactory

pytestmark = pytest.mark.django_db


def home(client, user):
    people.login(client, user)
    answer = client.get("/")
    assert answer.status_code == 200
    return answer


def test_visitor_finds_search_and_sign_in(client):
    text = client.get("/").content.decode()
    assert reverse("account_login") in text
    assert "Se connecter" in text


def test_accessibility_page_is_public(client):
    assert client.get(reverse("accessibilite")).status_code == 200


def test_prescriber_sees_what_waits_and_what_ends(client):
    m = monde()
    draft = dossier_at(S.BROUILLON, m)
    aac = aac_at(AacState.ACTIVE, m, jours=40)
    blocks = {b.title: b for b in home(client, m.prescripteur).context["blocks"]}
    assert [row["url"] for row in blocks["Ce qui vous attend"].rows] == [f"/dossiers/{draft.pk}/"]
    assert [row["title"] for row in blocks["Bientôt expirés"].rows] == [aac.numero]


def test_pharmacist_sees_the_queue(client):
    m = monde()
    dossier = dossier_at(S.A_VALIDER_PUI, m)
    answer = home(client, m.pharmacien)
    blocks = {b.title: b for b in answer.context["blocks"]}
    assert [row["title"] for row in blocks["À valider"].rows] == [dossier.numero]
    entry = answer.context["nav"][0]
    assert (entry["label"], entry["count"], entry["active"]) == ("À faire", 1, True)


def test_interne_at_the_pharmacy_has_its_pages(client):
    m = monde()
    dossier, aac = dossier_at(S.A_VALIDER_PUI, m), aac_at(m=m)
    answer = home(client, m.hopital.interne_pui())
    blocks = {b.title: b for b in answer.context["blocks"]}
    assert [row["title"] for row in blocks["Ce qui vous attend"].rows] == [aac.numero]
    assert [row["title"] for row in blocks["À valider"].rows] == [dossier.numero]
    assert [entry["label"] for entry in answer.context["nav"]] == [
        "À faire", "Dossiers", "Commandes", "Stock", "Référentiel",
    ]  # fmt: skip
    assert answer.context["nav"][0]["count"] == 1
    assert [entry["label"] for entry in answer.context["links"]] == [
        "Commandes", "Stock et péremptions",
    ]  # fmt: skip
    nav = home(client, m.hopital.interne()).context["nav"]
    assert {"Commandes", "Stock"}.isdisjoint(entry["label"] for entry in nav)


def test_navigation_holds_only_what_the_role_opens(client):
    m = monde()
    hospital = (m.prescripteur, m.pharmacien, m.hopital.interne_pui(), m.hopital.facturation())
    for user in (*hospital, m.evaluateur, m.decideur):
        nav = home(client, user).context["nav"]
        assert nav
        for entry in nav:
            assert client.get(entry["url"]).status_code == 200, (user.affectation.role, entry)


@pytest.mark.parametrize("role", Role.values)
def test_every_role_has_a_home(client, role):
    organisation = people.OrganisationFactory()
    if role not in ("PRESCRIPTEUR", "INTERNE", "PHARMACIEN", "FACTURATION", "ADMIN_ETABLISSEMENT"):
        organisation.type = TypeOrganisation.PLATEFORME
        organisation.save()
    home(client, people.acting(people.UserFactory(), role, organisation))


def two_roles():
    first = monde().hopital.prescripteur(nom="Double")
    other = monde().hopital
    held = first.affectation
    people.acting(first, Role.PHARMACIEN, other.organisation, pui=other.pui)
    second = first.affectation
    return first.acting(held), second


def test_person_with_several_roles_picks_one(client):
    user, second = two_roles()
    client.force_login(user)
    assert "Sous quel rôle" in client.get("/").content.decode()
    before = client.session.session_key
    answer = client.post(reverse("affectation"), {"affectation": second.pk})
    assert answer.status_code == 302
    assert client.session["affectation"] == str(second.pk)
    assert client.session.session_key != before
    assert client.get("/").context["affectation"].pk == second.pk


def test_role_of_another_person_is_refused(client):
    user, _ = two_roles()
    stranger = monde().pharmacien.affectation
    people.login(client, user)
    client.post(reverse("affectation"), {"affectation": stranger.pk})
    assert client.session["affectation"] == str(user.affectation.pk)


def test_without_picked_role_dossiers_lead_to_the_choice(client):
    user, _ = two_roles()
    client.force_login(user)
    assert client.get("/dossiers/").url == "/"


@pytest.fixture
def demo_user():
    user = monde().hopital.pharmacien(nom="Exemple", is_demo=True)
    return user


def become(client, value):
    return client.post(reverse("demo_devenir"), {"compte": value})


def test_visitor_becomes_a_demonstration_account(client, demo_user, settings):
    settings.PLACET_DEMO = True
    assert str(demo_user.affectation.pk) in client.get("/").content.decode()
    assert become(client, demo_user.affectation.pk).status_code == 302
    assert client.session[SESSION_FLAG] is True
    assert client.get("/").context["affectation"].pk == demo_user.affectation.pk


def test_ordinary_account_is_never_opened_so(client, settings):
    settings.PLACET_DEMO = True
    real = monde().pharmacien
    become(client, real.affectation.pk)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("wanted", ["abc", "?x", "//ailleurs.test/", "\0"])
def test_becoming_an_account_never_leads_elsewhere(client, demo_user, settings, wanted):
    settings.PLACET_DEMO = True
    values = {"compte": demo_user.affectation.pk, "next": wanted}
    assert client.post(reverse("demo_devenir"), values).url == "/"


@pytest.mark.parametrize("value", ["", "abc", "0" * 500])
def test_unreadable_account_is_no_error(client, settings, value):
    settings.PLACET_DEMO = True
    assert become(client, value).status_code == 302


@pytest.mark.parametrize(
    "change",
    [{"PLACET_DEMO": False}, {"PLACET_AUTHORITY_KEY": "cle"}, {"PLACET_PRODUCTION": True}],
)
def test_demonstration_accounts_are_closed_in_real_use(client, demo_user, settings, change):
    settings.PLACET_DEMO = True
    for name, value in change.items():
        setattr(settings, name, value)
    assert become(client, demo_user.affectation.pk).status_code == 404
    assert "demo_accounts" not in client.get("/").context


def test_moved_clock_is_said(settings):
    from datetime import timedelta

    settings.PLACET_CLOCK_OFFSET = timedelta(days=90)
    assert offset_text() == "+90\u00a0jours"
    settings.PLACET_CLOCK_OFFSET = timedelta(0)
    assert offset_text() == ""


def test_gerant_sees_the_accounts_to_approve(client):
    m = monde()
    waiting = people.acting(
        people.UserFactory(), Role.PHARMACIEN, m.hopital.organisation, pui=m.hopital.pui
    ).affectation
    waiting.statut = StatutAffectation.A_APPROUVER
    waiting.save()
    assert "1 compte à approuver" in home(client, m.pharmacien).content.decode()


# --- Public home ------------------------------------------------------------------------


def test_visitor_searches_as_one_types_and_finds_four_doors(client):
    text = client.get("/").content.decode()
    assert 'hx-trigger="input changed delay:200ms, early"' in text
    for code in ("soignant", "patient", "laboratoire", "etablissement"):
        door = reverse("porte", args=[code])
        assert f'href="{door}"' in text
        page = client.get(door)
        assert page.status_code == 200
        assert reverse("referentiel:questions") in page.content.decode()
    assert client.get("/pour/personne/").status_code == 404


def test_visitor_reads_dated_news_the_last_changes_and_the_age_of_lists(
    client, django_assert_max_num_queries
):
    cadre = CadreFactory()
    for n in range(9):
        Nouvelle.objects.create(titre=f"Nouvelle {n}", texte="Texte.", le=date(2026, 1, n + 1))
        Changement.objects.create(
            produit=cadre.produit,
            nature=NatureChangement.CADRE_OUVERT,
            titre=f"Changement {n}",
            origine="Essai",
            le=now() + timedelta(seconds=n),
        )
    Nouvelle.objects.create(titre="À venir", texte="Texte.", le=today() + timedelta(days=1))
    ImportRun.objects.create(
        source="atih",
        statut="APPLIQUE",
        fichier="liste.csv",
        sha256="0" * 64,
        version="2025-03",
        commence_le=now(),
        par="essai",
    )
    with django_assert_max_num_queries(8):
        text = client.get("/").content.decode()
    assert "Nouvelle 8" in text
    assert "Nouvelle 3" not in text
    assert "À venir" not in text
    assert "Changement 8" in text
    assert "Changement 1" not in text
    assert reverse("referentiel:produit", args=[cadre.produit.pk]) in text
    assert "Âge des listes" in text
    assert "ATIH, liste AP-AC-CPC" in text
