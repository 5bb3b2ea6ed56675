"""The pages of people: who opens which, whose rows, how faults are said, constant queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engine.clocks import today
from engine.models import Entry
from referentiel.models import Affectation, DelegationPui, Organisation, Pui, Service
from referentiel.models import StatutAffectation as S
from referentiel.roles import Role
from referentiel.services import people
from tests.factories.people import UserFactory, acting, admin, agent, hopital, login

pytestmark = pytest.mark.django_db
ADMINS = {"ADMIN", "ADMIN_ETABLISSEMENT"}
# Page, roles that open it (the pharmacist here is the gérant); every other role gets 403.
ROUTES = {
    "personnes": ADMINS,
    "personne_inviter": ADMINS,
    "a_approuver": {"ADMIN", "PHARMACIEN"},
    "affectation": ADMINS | {"PHARMACIEN"},
    "affectation_modifier": ADMINS,
    "affectation_terminer": ADMINS,
    "affectation_refuser": {"ADMIN", "PHARMACIEN"},
    "compte": {"ADMIN"},
    "delegations": {"PHARMACIEN"},
    "delegation_revoquer": {"PHARMACIEN"},
    "etablissement": ADMINS,
    "organisations": {"ADMIN"},
    "organisation_nouvelle": {"ADMIN"},
    "organisation": ADMINS,
    "service_nouveau": ADMINS,
    "pui_nouvelle": ADMINS,
    "etablissement_facturation": ADMINS,
    "service": ADMINS,
    "pui": ADMINS,
}
POSTS = {
    "affectation_relancer": ADMINS,
    "affectation_approuver": {"ADMIN", "PHARMACIEN"},
}
OF_ORGANISATION = {
    "organisation", "service_nouveau", "pui_nouvelle", "etablissement_facturation",
}  # fmt: skip
WITHOUT_KEY = {
    "personnes", "personne_inviter", "a_approuver", "delegations", "etablissement",
    "organisations", "organisation_nouvelle",
}  # fmt: skip


class Scene:
    """One establishment with what each page shows."""

    def __init__(self):
        self.lieu = lieu = hopital()
        self.gerant = lieu.pharmacien()
        self.adjoint = acting(UserFactory(), Role.PHARMACIEN, lieu.organisation, pui=lieu.pui)
        self.delegation = DelegationPui.objects.create(
            pui=lieu.pui, gerant=self.gerant, adjoint=self.adjoint, debut=today()
        )

    def actor(self, role):
        if role == Role.PHARMACIEN:
            return self.gerant
        if role == Role.ADMIN:
            return admin()
        return acting(UserFactory(), role, self.lieu.organisation)

    def url(self, name):
        if name in WITHOUT_KEY:
            return reverse(f"referentiel:{name}")
        keys = {"delegation_revoquer": self.delegation, "service": self.lieu.service}
        keys |= {"pui": self.lieu.pui} | dict.fromkeys(OF_ORGANISATION, self.lieu.organisation)
        row = keys.get(name, self.adjoint.affectation)
        return reverse(f"referentiel:{name}", args=[row.pk])


@pytest.fixture
def scene():
    return Scene()


@pytest.mark.parametrize("role", Role.values)
def test_pages_open_to_their_roles_only(client, scene, role):
    login(client, scene.actor(role))
    wrong = {}
    for name, roles in ROUTES.items():
        status = client.get(scene.url(name)).status_code
        if (status in (200, 302)) != (role in roles) or (role not in roles and status != 403):
            wrong[name] = status
    for name, roles in POSTS.items():
        status = client.post(scene.url(name)).status_code
        assert client.get(scene.url(name)).status_code == 405
        if (status == 403 and name == "affectation_approuver") or role in roles:
            continue
        if status != 403:
            wrong[name] = status
    assert wrong == {}


@pytest.mark.parametrize("name", [n for n in ROUTES if n not in WITHOUT_KEY])
@pytest.mark.parametrize("role", [Role.ADMIN_ETABLISSEMENT, Role.PHARMACIEN])
def test_another_establishment_s_rows_do_not_exist(client, scene, role, name):
    elsewhere = hopital()
    stranger = elsewhere.pharmacien() if role == Role.PHARMACIEN else elsewhere.administrateur()
    login(client, stranger)
    expected = 404 if role in ROUTES[name] else 403
    assert client.get(scene.url(name)).status_code == expected
    if role in ROUTES[name]:
        foreign = client.get(scene.url("personnes") + f"?organisation={scene.lieu.organisation.pk}")
        assert foreign.status_code == (404 if role == Role.ADMIN_ETABLISSEMENT else 403)


@pytest.mark.parametrize("name", ROUTES)
def test_nobody_enters_without_login(client, scene, name):
    assert client.get(scene.url(name))["Location"].startswith("/comptes/login/")


def test_a_deputy_neither_approves_nor_delegates(client, scene):
    login(client, scene.adjoint)
    for name in ("a_approuver", "delegations", "delegation_revoquer"):
        assert client.get(scene.url(name)).status_code == 403


@pytest.fixture
def chef(client, scene):
    user = scene.lieu.administrateur()
    login(client, user)
    return user


def typed(scene, **fields):
    data = {
        "email": "ada@exemple.invalid",
        "titre": "Dr",
        "prenom": "Ada",
        "nom": "Fictive",
        "role": "PRESCRIPTEUR",
        "services": [str(scene.lieu.service.pk)],
        "debut": today().isoformat(),
    }
    return data | fields


def test_inviting_takes_one_page(client, scene, chef):
    page = client.post(scene.url("personne_inviter"), typed(scene, rpps="10000000009"))
    held = Affectation.objects.get(user__email="ada@exemple.invalid")
    assert page["Location"] == reverse("referentiel:affectation", args=[held.pk])
    words = client.get(page["Location"]).content.decode()
    assert "Invitation envoyée" in words
    assert "10000000009" in words
    assert chef.full_name in words


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"rpps": "10000000000"}, "pas exact"),
        ({"debut": "2001-01-01"}, "dans le passé"),
        ({"fin": "2001-01-01"}, "La fin précède"),
        ({"services": []}, "au moins un service"),
        ({"email": "pas une adresse"}, "adresse"),
        ({"role": "DECIDEUR_ANSM"}, "choix valide"),
        ({"services": ["pas-un-uuid"]}, "valide"),
        ({"nom": ""}, "obligatoire"),
    ],
)
def test_a_fault_is_said_and_nothing_typed_is_lost(client, scene, chef, fields, words):
    page = client.post(scene.url("personne_inviter"), typed(scene, **fields))
    assert page.status_code == 422
    html = page.content.decode()
    assert words in html
    assert 'value="Ada"' in html
    assert not Affectation.objects.filter(user__email="ada@exemple.invalid").exists()


def test_the_platform_chooses_the_organisation_first(client, scene):
    login(client, admin())
    assert client.get(scene.url("personne_inviter"))["Location"] == scene.url("organisations")
    url = f"{scene.url('personne_inviter')}?organisation={scene.lieu.organisation.pk}"
    page = client.post(url, typed(scene, role="ADMIN_ETABLISSEMENT", services=[]))
    assert page.status_code == 302
    assert Affectation.objects.get(user__nom="Fictive").statut == S.A_APPROUVER
    assert client.get(f"{scene.url('personne_inviter')}?organisation=faux").status_code == 404


def test_the_list_filters_by_name_role_service_and_state(client, scene, chef):
    doctor = scene.lieu.prescripteur(nom="Éléonore")
    people.end_affectation(by=chef, affectation=scene.adjoint.affectation)
    url = scene.url("personnes")

    def names(**query):
        page = client.get(url, query)
        return {row["title"] for row in page.context["rows"]}

    assert names() == {chef.full_name, scene.gerant.full_name, doctor.full_name}
    assert names(q="éléonore") == names(role="PRESCRIPTEUR") == {doctor.full_name}
    assert names(service=scene.lieu.service.pk) == {doctor.full_name}
    assert names(etat="terminee") == {scene.adjoint.full_name}
    assert names(role="faux", service="faux", etat="faux") == names()
    assert b"Aucune personne ne correspond" in client.get(url, {"q": "introuvable"}).content


@pytest.mark.parametrize("name", ["personnes", "a_approuver", "organisations", "organisation"])
def test_a_list_asks_the_same_queries_whatever_its_length(client, scene, name):
    login(client, admin())
    scene.lieu.administrateur()

    def count():
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(scene.url(name)).status_code == 200
        return len(found)

    client.get(scene.url(name))
    one = agent(Role.EVALUATEUR_ANSM)
    Affectation.objects.filter(user=one).update(statut=S.A_APPROUVER, invitee_par=scene.gerant)
    Service.objects.create(etablissement=scene.lieu.etablissement, code_uf="S", nom="S")
    before = count()
    for n in range(5):
        other = agent(Role.EVALUATEUR_ANSM)
        Affectation.objects.filter(user=other).update(
            statut=S.A_APPROUVER, invitee_par=scene.gerant
        )
        doctor = scene.lieu.prescripteur(nom=f"Nom{n}")
        Service.objects.create(
            etablissement=scene.lieu.etablissement, code_uf=f"S{n}", nom="S", chef=doctor
        )
        hopital().prescripteur()
    assert count() == before


def test_the_gerant_approves_from_the_list(client, scene):
    chef, gerant = scene.lieu.administrateur(), scene.gerant
    held = people.invite(
        by=chef, organisation=scene.lieu.organisation, email="ada@exemple.invalid",
        role=Role.PHARMACIEN, debut=today(), pui=scene.lieu.pui, identity={"nom": "Fictive"},
    )  # fmt: skip
    login(client, gerant)
    assert b"Fictive" in client.get(scene.url("a_approuver")).content
    url = reverse("referentiel:affectation_approuver", args=[held.pk])
    assert client.post(url)["Location"] == scene.url("a_approuver")
    held.refresh_from_db()
    assert (held.statut, held.approuvee_par) == (S.INVITEE, gerant)
    assert client.post(url).status_code == 409
    assert "Rien à approuver" in client.get(scene.url("a_approuver")).content.decode()


def test_who_invited_sees_that_another_approves(client, scene):
    first = admin()
    held = people.invite(
        by=first, organisation=scene.lieu.organisation, email="ada@exemple.invalid",
        role=Role.ADMIN_ETABLISSEMENT, debut=today(), identity={"nom": "Fictive"},
    )  # fmt: skip
    login(client, first)
    assert "Une autre personne que vous" in client.get(scene.url("a_approuver")).content.decode()
    url = reverse("referentiel:affectation_approuver", args=[held.pk])
    assert client.post(url).status_code == 403
    login(client, admin(nom="Seconde"))
    refuse = reverse("referentiel:affectation_refuser", args=[held.pk])
    assert client.post(refuse, {"motif": ""}).status_code == 422
    assert client.post(refuse, {"motif": "Inconnue"}).status_code == 302


def test_ending_asks_on_its_own_page(client, scene, chef):
    url = scene.url("affectation_terminer")
    assert "Ce qui va se passer" in client.get(url).content.decode()
    assert client.post(url, {"motif": "Mutation"}).status_code == 302
    assert client.post(url, {}).status_code == 409
    page = client.get(scene.url("affectation")).content.decode()
    assert "Terminée" in page
    assert "Mutation" in page


def test_dates_and_services_are_changed(client, scene, chef):
    doctor = scene.lieu.prescripteur(nom="Datée").affectation
    url = reverse("referentiel:affectation_modifier", args=[doctor.pk])
    fin = today() + timedelta(days=10)
    data = {"debut": doctor.debut.isoformat(), "fin": fin.isoformat()}
    assert client.post(url, data).status_code == 422
    data["services"] = [str(scene.lieu.service.pk)]
    assert client.post(url, data).status_code == 302
    doctor.refresh_from_db()
    assert doctor.fin == fin


def test_the_platform_closes_an_account(client, scene):
    login(client, admin())
    assert client.post(scene.url("compte"), {"ouvert": "non"}).status_code == 302
    scene.adjoint.refresh_from_db()
    assert not scene.adjoint.is_active
    assert client.post(scene.url("compte"), {"ouvert": "non"}).status_code == 409
    assert "Compte fermé" in client.get(scene.url("affectation")).content.decode()


def test_the_gerant_delegates_and_revokes(client, scene):
    DelegationPui.objects.all().delete()
    login(client, scene.gerant)
    page = client.get(scene.url("delegations")).content.decode()
    assert "Aucune délégation" in page
    data = {"adjoint": str(scene.adjoint.pk), "debut": today().isoformat()}
    assert client.post(scene.url("delegations"), data).status_code == 302
    assert client.post(scene.url("delegations"), data).status_code == 422
    assert client.post(scene.url("delegations"), {}).status_code == 422
    given = DelegationPui.objects.get()
    url = reverse("referentiel:delegation_revoquer", args=[given.pk])
    assert client.get(url).status_code == 200
    assert client.post(url).status_code == 302
    assert client.post(url).status_code == 409


def test_an_establishment_keeps_its_services_pharmacies_and_billing(client, scene, chef):
    own = scene.url("organisation")
    assert client.get(scene.url("etablissement"))["Location"] == own
    new = {"code_uf": "7777", "nom": "Néphrologie fictive", "chef": ""}
    assert client.post(scene.url("service_nouveau"), new).status_code == 302
    assert client.post(scene.url("service_nouveau"), new).status_code == 422
    changed = {"code_uf": "7778", "nom": "Renommé", "chef": ""}
    assert client.post(scene.url("service"), changed).status_code == 302
    assert Service.objects.get(pk=scene.lieu.service.pk).nom == "Renommé"
    pui = {"nom": "PUI fictive", "email": "pui@exemple.invalid", "retrocession": "on"}
    assert client.post(scene.url("pui"), pui).status_code == 302
    row = Pui.objects.get(pk=scene.lieu.pui.pk)
    assert (row.retrocession, row.active, row.stock_autorise) == (True, False, False)
    assert client.post(scene.url("pui_nouvelle"), pui | {"active": "on"}).status_code == 302
    wrong = {"finess_epmsi": "12", "route_facturation": "S3404"}
    assert client.post(scene.url("etablissement_facturation"), wrong).status_code == 422
    right = wrong | {"finess_epmsi": "990000001"}
    assert client.post(scene.url("etablissement_facturation"), right).status_code == 302
    page = client.get(own).content.decode()
    assert "Néphrologie fictive" in page
    assert "saisie par une personne" in page
    acts = set(Entry.objects.values_list("action", flat=True))
    assert acts >= {"ajouter_service", "modifier_service", "modifier_pui", "modifier_facturation"}


def test_the_platform_sees_which_hospital_lacks_an_administrator(client, scene):
    login(client, admin())
    page = client.get(scene.url("organisations"), {"type": "ETABLISSEMENT"})
    assert [row["cells"][-1]["tag_label"] for row in page.context["rows"]] == ["À inviter"]
    finess = scene.lieu.etablissement.finess
    assert len(client.get(scene.url("organisations"), {"q": finess}).context["rows"]) == 1
    assert "premier administrateur" in client.get(scene.url("organisation")).content.decode()
    data = {"type": "LABORATOIRE", "nom": "Laboratoire Fictif", "region": ""}
    assert client.post(scene.url("organisation_nouvelle"), data).status_code == 302
    made = Organisation.objects.get(nom="Laboratoire Fictif")
    page = client.get(reverse("referentiel:organisation", args=[made.pk]))
    assert "ne concernent que les établissements" in page.content.decode()
    hospital = data | {"type": "ETABLISSEMENT"}
    assert client.post(scene.url("organisation_nouvelle"), hospital).status_code == 422
