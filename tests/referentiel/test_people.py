"""Inviting, approving, ending roles: who may, who may not, and what is written."""

from datetime import date, timedelta

import pytest

from engine import clocks, journal
from engine.errors import Blocked, Conflict, Forbidden
from engine.models import Entry, Outbox
from referentiel.models import Affectation, StatutAffectation, TypeOrganisation, User
from referentiel.permissions import approver_of
from referentiel.roles import HOSPITAL_ROLES, Role
from referentiel.selectors.people import affectations_in_force, may_transmit_for
from referentiel.services import accounts, approvals, delegations, organisations, people
from tests.factories.people import (
    OrganisationFactory,
    UserFactory,
    acting,
    admin,
    ansm,
    hopital,
)

pytestmark = pytest.mark.django_db
S = StatutAffectation
IDENTITY = {"nom": "Fictive", "prenom": "Ada", "titre": "Dr", "qualite": "", "rpps": ""}


@pytest.fixture
def lieu():
    return hopital()


@pytest.fixture
def chef(lieu):
    return lieu.administrateur()


def invite(by, organisation, role=Role.PRESCRIPTEUR, email="ada@exemple.invalid", **fields):
    fields.setdefault("debut", clocks.today())
    return people.invite(
        by=by, organisation=organisation, email=email, role=role, identity=IDENTITY, **fields
    )


def mails():
    return sorted(Outbox.objects.filter(kind="account_email").values_list("name", flat=True))


def test_a_prescriber_is_invited_and_works_once_the_password_is_chosen(lieu, chef):
    held = invite(chef, lieu.organisation, services=[lieu.service])
    assert (held.statut, held.invitee_par, mails()) == (S.INVITEE, chef, ["compte_invitation"])
    assert not held.user.has_usable_password()
    accounts.choose_password(user=held.user, password="une phrase de passe")
    held.refresh_from_db()
    assert held.statut == S.ACTIVE
    acts = journal.history(held.user)
    assert [e.action for e in acts] == ["inviter", "accepter_invitation"]
    assert acts[0].actor_id == chef.pk


def test_a_known_person_gets_the_role_at_once_and_keeps_their_name(lieu, chef):
    known = UserFactory(email="ada@exemple.invalid", nom="Connue")
    known.set_password("une phrase de passe")
    known.save()
    held = invite(chef, lieu.organisation, email="ADA@exemple.invalid", services=[lieu.service])
    assert (held.user, held.user.nom, held.statut) == (known, "Connue", S.ACTIVE)
    assert mails() == ["compte_role"]


@pytest.mark.parametrize("role", [r for r in Role if r not in HOSPITAL_ROLES])
def test_an_establishment_gives_hospital_roles_only(lieu, chef, role):
    with pytest.raises(Forbidden):
        invite(chef, lieu.organisation, role)


def test_an_establishment_invites_for_itself_only(chef):
    with pytest.raises(Forbidden):
        invite(chef, hopital().organisation)


@pytest.mark.parametrize(
    "role", [r for r in Role if r not in (Role.ADMIN_ETABLISSEMENT, Role.ADMIN)]
)
def test_no_other_role_invites(lieu, role):
    someone = acting(UserFactory(), role, lieu.organisation)
    with pytest.raises(Forbidden):
        invite(someone, lieu.organisation, services=[lieu.service])


def test_nobody_gives_a_role_to_oneself(lieu, chef):
    with pytest.raises(Blocked, match="soi-même"):
        invite(chef, lieu.organisation, email=chef.email, services=[lieu.service])


@pytest.mark.parametrize(
    ("role", "gerant", "approver"),
    [
        (Role.PRESCRIPTEUR, False, ""),
        (Role.INTERNE, False, ""),
        (Role.FACTURATION, False, ""),
        (Role.LABORATOIRE, False, ""),
        (Role.PHARMACIEN, False, "GERANT"),
        (Role.PHARMACIEN, True, "ADMIN"),
        (Role.ADMIN_ETABLISSEMENT, False, "ADMIN"),
        (Role.ADMIN, False, "ADMIN"),
        (Role.EVALUATEUR_ANSM, False, "ADMIN"),
        (Role.DECIDEUR_ANSM, False, "ADMIN"),
        (Role.GESTIONNAIRE_ANSM, False, "ADMIN"),
        (Role.DECIDEUR_HAS, False, "ADMIN"),
    ],
)
def test_who_approves_each_role(role, gerant, approver):
    assert approver_of(Affectation(role=role, gerant=gerant)) == approver


def test_an_agency_role_waits_for_another_administrator():
    first, second = admin(), admin(nom="Seconde")
    held = invite(first, ansm(), Role.DECIDEUR_ANSM)
    assert held.statut == S.A_APPROUVER
    assert mails() == ["compte_a_approuver"]
    assert Outbox.objects.get().recipient == f"user:{second.pk}"
    with pytest.raises(Forbidden):
        approvals.approve(by=first, affectation=held)
    approved = approvals.approve(by=second, affectation=held)
    assert (approved.statut, approved.approuvee_par) == (S.INVITEE, second)
    assert mails() == ["compte_a_approuver", "compte_invitation"]
    with pytest.raises(Conflict):
        approvals.approve(by=second, affectation=held)


def test_a_pharmacist_is_approved_by_the_gerant_of_the_same_pharmacy(lieu, chef):
    gerant, stranger = lieu.pharmacien(), hopital().pharmacien()
    held = invite(chef, lieu.organisation, Role.PHARMACIEN, pui=lieu.pui)
    for other in (stranger, chef, admin()):
        with pytest.raises(Forbidden):
            approvals.approve(by=other, affectation=held)
    assert approvals.approve(by=gerant, affectation=held).approuvee_par == gerant


def test_the_first_gerant_is_approved_by_an_administrator(lieu, chef):
    held = invite(chef, lieu.organisation, Role.PHARMACIEN, pui=lieu.pui, gerant=True)
    assert approvals.approve(by=admin(), affectation=held).statut == S.INVITEE


def test_a_pharmacy_has_one_gerant_at_a_time(lieu, chef):
    lieu.pharmacien()
    held = invite(chef, lieu.organisation, Role.PHARMACIEN, pui=lieu.pui, gerant=True)
    with pytest.raises(Blocked, match="est gérant"):
        approvals.approve(by=admin(), affectation=held)
    current = Affectation.objects.get(gerant=True, statut=S.ACTIVE)
    Affectation.objects.filter(pk=current.pk).update(fin=clocks.today() - timedelta(days=1))
    assert approvals.approve(by=admin(), affectation=held).statut == S.INVITEE


def test_a_refused_role_never_begins_and_says_why():
    first, second = admin(), admin(nom="Seconde")
    held = invite(first, ansm(), Role.EVALUATEUR_ANSM)
    with pytest.raises(Blocked):
        approvals.reject(by=second, affectation=held, motif=" ")
    refused = approvals.reject(by=second, affectation=held, motif="Contrat pas encore signé")
    assert refused.statut == S.TERMINEE
    assert Entry.objects.get(action="refuser_role").payload["motif"] == "Contrat pas encore signé"


def test_an_ended_role_is_no_longer_in_force(lieu, chef):
    doctor = lieu.prescripteur()
    people.end_affectation(by=chef, affectation=doctor.affectation, motif="Départ")
    assert affectations_in_force(doctor) == []
    with pytest.raises(Conflict):
        people.end_affectation(by=chef, affectation=doctor.affectation)


def test_nobody_changes_or_ends_their_own_role(chef):
    with pytest.raises(Forbidden):
        people.end_affectation(by=chef, affectation=chef.affectation)
    with pytest.raises(Forbidden):
        people.change_affectation(
            by=chef, affectation=chef.affectation, debut=date(2020, 1, 1), fin=None
        )


def test_another_establishment_s_role_is_out_of_reach(chef):
    with pytest.raises(Forbidden):
        people.end_affectation(by=chef, affectation=hopital().prescripteur().affectation)


def test_dates_and_services_change_with_a_trace(lieu, chef):
    held = lieu.prescripteur().affectation
    fin = clocks.today() + timedelta(days=9)
    people.change_affectation(
        by=chef, affectation=held, debut=held.debut, fin=fin, services=[lieu.service]
    )
    entry = Entry.objects.get(action="modifier_role")
    assert entry.payload["champs"] == ["fin"]
    with pytest.raises(Blocked, match="La fin précède"):
        people.change_affectation(
            by=chef, affectation=held, debut=fin, fin=held.debut, services=[lieu.service]
        )


def test_a_sensitive_role_is_not_prolonged_alone():
    first = admin()
    held = acting(UserFactory(), Role.DECIDEUR_ANSM, ansm()).affectation
    held.fin = clocks.today() + timedelta(days=5)
    held.save()
    with pytest.raises(Blocked, match="seconde personne"):
        people.change_affectation(by=first, affectation=held, debut=held.debut, fin=None)
    sooner = clocks.today() + timedelta(days=1)
    people.change_affectation(by=first, affectation=held, debut=held.debut, fin=sooner)


@pytest.mark.parametrize(
    ("role", "fields", "words"),
    [
        (Role.PRESCRIPTEUR, {}, "au moins un service"),
        (Role.PHARMACIEN, {}, "Choisissez la pharmacie"),
        (Role.INTERNE, {}, "un service ou une pharmacie"),
        (Role.FACTURATION, {"gerant": True}, "Seul un pharmacien"),
    ],
)
def test_a_role_has_the_places_it_needs(lieu, chef, role, fields, words):
    with pytest.raises(Blocked, match=words):
        invite(chef, lieu.organisation, role, **fields)
    assert not User.objects.filter(email="ada@exemple.invalid").exists()


def test_an_interne_works_in_services_or_at_a_pharmacy(lieu, chef):
    held = invite(chef, lieu.organisation, Role.INTERNE, pui=lieu.pui)
    assert (held.profil, held.roles) == ("INTERNE_PUI", {"INTERNE", "INTERNE_PUI"})
    both = {"email": "b@exemple.invalid", "pui": lieu.pui, "services": [lieu.service]}
    with pytest.raises(Blocked, match="pas les deux"):
        invite(chef, lieu.organisation, Role.INTERNE, **both)


def test_places_belong_to_the_establishment(lieu, chef):
    with pytest.raises(Blocked, match="n'est pas de l'établissement"):
        invite(chef, lieu.organisation, services=[hopital().service])


def test_the_same_role_is_not_given_twice_but_again_after_its_end(lieu, chef):
    doctor = lieu.prescripteur()
    again = {"email": doctor.email, "services": [lieu.service]}
    with pytest.raises(Blocked, match="déjà ce rôle"):
        invite(chef, lieu.organisation, **again)
    Affectation.objects.filter(user=doctor).update(fin=clocks.today() - timedelta(days=1))
    assert invite(chef, lieu.organisation, **again).pk != doctor.affectation.pk


def test_a_closed_account_is_not_invited_and_reopens_by_the_platform_only(lieu, chef):
    platform, doctor = admin(), lieu.prescripteur()
    with pytest.raises(Forbidden):
        accounts.set_account_open(by=chef, user=doctor, is_open=False)
    accounts.set_account_open(by=platform, user=doctor, is_open=False)
    assert affectations_in_force(doctor) == []
    with pytest.raises(Blocked, match="fermé"):
        invite(chef, lieu.organisation, email=doctor.email, services=[lieu.service])
    with pytest.raises(Conflict):
        accounts.set_account_open(by=platform, user=doctor, is_open=False)
    accounts.set_account_open(by=platform, user=doctor, is_open=True)
    assert len(affectations_in_force(doctor)) == 1


def deputy(lieu):
    return acting(UserFactory(), Role.PHARMACIEN, lieu.organisation, pui=lieu.pui)


def test_a_delegation_lets_the_deputy_transmit_until_it_is_revoked(lieu):
    gerant, adjoint, today = lieu.pharmacien(), deputy(lieu), clocks.today()
    given = delegations.delegate(by=gerant, adjoint=adjoint, debut=today)
    assert may_transmit_for(adjoint, lieu.pui.pk, today)
    delegations.revoke(by=gerant, delegation=given)
    assert not may_transmit_for(adjoint, lieu.pui.pk, today)
    with pytest.raises(Conflict):
        delegations.revoke(by=gerant, delegation=given)
    names = Entry.objects.get(action="revoquer").payload
    assert (names["gerant"], names["adjoint"]) == (gerant.full_name, adjoint.full_name)


@pytest.mark.parametrize("who", ["deputy", "prescriber", "stranger"])
def test_only_the_gerant_delegates(lieu, who):
    adjoint = deputy(lieu)
    by = {"deputy": adjoint, "prescriber": lieu.prescripteur(), "stranger": chef_of_other()}[who]
    with pytest.raises(Forbidden):
        delegations.delegate(by=by, adjoint=adjoint, debut=clocks.today())


def chef_of_other():
    return hopital().administrateur()


def test_a_delegation_goes_to_a_deputy_of_the_same_pharmacy(lieu):
    gerant = lieu.pharmacien()
    for wrong in (gerant, deputy(hopital()), lieu.prescripteur()):
        with pytest.raises(Blocked, match="n'est pas pharmacien"):
            delegations.delegate(by=gerant, adjoint=wrong, debut=clocks.today())


def test_a_delegation_has_plain_dates(lieu):
    gerant, adjoint, today = lieu.pharmacien(), deputy(lieu), clocks.today()
    with pytest.raises(Blocked, match="passé"):
        delegations.delegate(by=gerant, adjoint=adjoint, debut=today - timedelta(days=1))
    with pytest.raises(Blocked, match="précède"):
        delegations.delegate(by=gerant, adjoint=adjoint, debut=today, fin=today - timedelta(days=1))
    delegations.delegate(by=gerant, adjoint=adjoint, debut=today, fin=today)
    with pytest.raises(Blocked, match="déjà une délégation"):
        delegations.delegate(by=gerant, adjoint=adjoint, debut=today)


def test_who_leaves_the_pharmacy_loses_the_delegation(lieu, chef):
    gerant, adjoint = lieu.pharmacien(), deputy(lieu)
    given = delegations.delegate(by=gerant, adjoint=adjoint, debut=clocks.today())
    people.end_affectation(by=chef, affectation=adjoint.affectation)
    given.refresh_from_db()
    assert given.revoquee_le is not None


def test_a_delegation_falls_with_the_gerant_whose_days_are_over(lieu):
    gerant, adjoint, today = lieu.pharmacien(), deputy(lieu), clocks.today()
    delegations.delegate(by=gerant, adjoint=adjoint, debut=today)
    gerant.affectation.fin = today
    gerant.affectation.save()
    assert may_transmit_for(adjoint, lieu.pui.pk, today)
    assert not may_transmit_for(adjoint, lieu.pui.pk, today + timedelta(days=1))
    User.objects.filter(pk=gerant.pk).update(is_active=False)
    assert not may_transmit_for(adjoint, lieu.pui.pk, today)


def test_a_route_typed_by_a_person_is_no_longer_doubtful(lieu, chef):
    row = lieu.etablissement
    row.route_a_confirmer = True
    row.save()
    organisations.save_billing(
        by=chef, etablissement=row, finess_epmsi="990000001", route_facturation="S3404"
    )
    row.refresh_from_db()
    assert (row.route_facturation, row.route_saisie, row.route_a_confirmer) == (
        "S3404",
        True,
        False,
    )
    assert Entry.objects.get(action="modifier_facturation").subject_id == lieu.organisation.pk


def test_a_service_has_one_uf_code_and_a_head_of_the_house(lieu, chef):
    from referentiel.models import Service

    with pytest.raises(Blocked, match="existe déjà"):
        organisations.save_service(
            by=chef,
            service=Service(etablissement=lieu.etablissement),
            code_uf=lieu.service.code_uf,
            nom="Double",
            chef=None,
        )
    with pytest.raises(Blocked, match="prescripteur de l'établissement"):
        organisations.save_service(
            by=chef, service=lieu.service, code_uf="1", nom="N", chef=hopital().prescripteur()
        )
    with pytest.raises(Forbidden):
        organisations.save_service(
            by=chef, service=hopital().service, code_uf="1", nom="N", chef=None
        )


def test_only_the_platform_adds_an_organisation(chef):
    fields = {"type": TypeOrganisation.LABORATOIRE, "nom": "Laboratoire Fictif", "region": ""}
    with pytest.raises(Forbidden):
        organisations.add_organisation(by=chef, **fields)
    assert organisations.add_organisation(by=admin(), **fields).nom == "Laboratoire Fictif"


def test_a_role_exists_in_its_own_kind_of_organisation():
    with pytest.raises(Forbidden):
        invite(admin(), OrganisationFactory(laboratoire=True), Role.DECIDEUR_ANSM)
    held = invite(admin(), OrganisationFactory(laboratoire=True), Role.LABORATOIRE)
    assert held.statut == S.INVITEE


def test_people_s_rows_are_logged_without_the_password(lieu, chef):
    from auditlog.models import LogEntry

    held = invite(chef, lieu.organisation, services=[lieu.service])
    accounts.choose_password(user=held.user, password="une phrase de passe")
    logged = LogEntry.objects.get_for_object(held.user)
    assert logged.exists()
    assert all("password" not in entry.changes_dict for entry in logged)


def test_the_operator_opens_two_administrators_and_no_more():
    from django.core.management import CommandError, call_command

    for n in range(2):
        call_command("create_admin", f"admin{n}@exemple.invalid", "Fictif")
    assert mails() == ["compte_invitation"] * 2
    for email in ("admin1@exemple.invalid", "admin2@exemple.invalid", "faux"):
        with pytest.raises(CommandError):
            call_command("create_admin", email, "Fictif")
    assert User.objects.count() == 2
