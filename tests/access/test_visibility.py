"""Who reads which dossier: scope by service, PUI, agency; shared by name; opened in emergency."""

from datetime import timedelta

import pytest

from access.models import Dossier, OuvertureUrgence
from access.permissions import AccessPermission, can
from access.services.drafts import save_draft
from access.states import DemandeAacState as S
from engine.clocks import now
from engine.errors import Forbidden
from referentiel.roles import Role
from tests.factories import people
from tests.factories.dossiers import brouillon, dossier_at, monde

P = AccessPermission
pytestmark = pytest.mark.django_db


def sees(user, dossier):
    """Seen in lists, and allowed by the check on one dossier: the two always agree."""
    listed = Dossier.objects.visible_to(user).filter(pk=dossier.pk).exists()
    assert can(AccessPermission.VIEW_DOSSIER)(user, dossier) is listed
    return listed


@pytest.mark.parametrize(
    ("state", "pui", "agency"),
    [
        (S.BROUILLON, False, False),
        (S.A_VALIDER_PUI, True, False),
        (S.TRANSMISE_ANSM, True, True),
        (S.ACCORDEE, True, True),
        (S.RETIREE, True, False),
    ],
)
def test_a_dossier_is_seen_from_the_moment_it_is_addressed(state, pui, agency):
    m = monde()
    dossier = dossier_at(state, m)
    assert sees(m.prescripteur, dossier)
    assert sees(m.pharmacien, dossier) is pui
    assert sees(m.hopital.interne_pui(), dossier) is pui
    assert sees(m.evaluateur, dossier) is agency
    assert sees(m.decideur, dossier) is agency


@pytest.mark.parametrize(
    "role",
    [
        Role.FACTURATION,
        Role.ADMIN_ETABLISSEMENT,
        Role.ADMIN,
        Role.GESTIONNAIRE_ANSM,
        Role.EVALUATEUR_HAS,
        Role.LABORATOIRE,
        Role.MINISTERE,
        Role.CRPV,
        Role.SIGNALANT,
    ],
)
def test_other_roles_see_no_dossier(role):
    m = monde()
    dossier = dossier_at(S.ACCORDEE, m)
    user = people.acting(people.UserFactory(), role, m.hopital.organisation)
    assert not sees(user, dossier)


def test_another_hospital_sees_nothing():
    dossier = dossier_at(S.A_VALIDER_PUI)
    other = monde()
    assert not sees(other.prescripteur, dossier)
    assert not sees(other.pharmacien, dossier)
    assert not sees(other.hopital.interne_pui(), dossier)


AT_PUI = {P.VIEW_DOSSIER, P.WRITE_MESSAGE, P.ADD_PIECE, P.PREPARE_ORDER}


def may(user, dossier):
    return {permission for permission in P if can(permission)(user, dossier)}


@pytest.mark.parametrize("state", [S.A_VALIDER_PUI, S.RETOURNEE_PRESCRIPTEUR, S.RETIREE])
def test_an_interne_at_the_pharmacy_reads_writes_to_it_and_prepares_its_orders(state):
    m = monde()
    dossier = dossier_at(state, m)
    assert may(m.hopital.interne_pui(), dossier) == AT_PUI


def test_an_interne_at_another_pharmacy_of_the_hospital_sees_nothing():
    m = monde()
    dossier = dossier_at(S.A_VALIDER_PUI, m)
    second = people.PuiFactory(etablissement=m.hopital.etablissement)
    stranger = m.hopital.interne_pui(pui=second)
    assert not sees(stranger, dossier)
    assert may(stranger, dossier) == set()


def test_an_interne_of_a_service_gains_nothing_from_the_pharmacy():
    m = monde()
    dossier = dossier_at(S.A_VALIDER_PUI, m)
    own = AT_PUI - {P.PREPARE_ORDER} | {P.WRITE_DEMANDE_AAC}
    assert may(m.hopital.interne(), dossier) == own
    elsewhere = people.ServiceFactory(etablissement=m.hopital.etablissement)
    other = people.acting(people.UserFactory(), Role.INTERNE, m.hopital.organisation, [elsewhere])
    assert not sees(other, dossier)


def test_an_interne_at_the_pharmacy_keeps_what_they_wrote():
    m = monde()
    writer = m.hopital.interne_pui()
    own, other = brouillon(m), dossier_at(S.RETOURNEE_PRESCRIPTEUR, m)
    Dossier.objects.filter(pk=own.pk).update(created_by=writer)
    own.refresh_from_db(fields=["created_by"])
    assert sees(writer, own)
    assert may(writer, own) == AT_PUI - {P.PREPARE_ORDER} | {P.WRITE_DEMANDE_AAC}
    with pytest.raises(Forbidden):
        save_draft(other, by=writer, version=other.version, data={})
    assert save_draft(own, by=writer, version=own.version, data={}).version == own.version + 1


def test_another_service_sees_nothing_unless_named():
    m = monde()
    dossier = dossier_at(S.A_VALIDER_PUI, m)
    elsewhere = people.ServiceFactory(etablissement=m.hopital.etablissement)
    colleague = people.acting(
        people.UserFactory(), Role.PRESCRIPTEUR, m.hopital.organisation, [elsewhere]
    )
    assert not sees(colleague, dossier)
    dossier.coprescripteurs.add(colleague)
    assert sees(colleague, dossier)


def test_an_emergency_opening_ends_by_itself():
    m = monde()
    dossier = dossier_at(S.A_VALIDER_PUI, m)
    colleague = people.acting(people.UserFactory(), Role.PRESCRIPTEUR, m.hopital.organisation)
    opening = OuvertureUrgence.objects.create(
        dossier=dossier,
        par=colleague,
        motif="Urgence fictive",
        le=now(),
        jusqu_a=now() + timedelta(hours=4),
    )
    assert sees(colleague, dossier)
    opening.jusqu_a = now()
    opening.save()
    assert not sees(colleague, dossier)


def test_no_affectation_means_nothing_visible():
    m = monde()
    dossier = dossier_at(S.ACCORDEE, m)
    m.prescripteur.affectation = None
    assert not Dossier.objects.visible_to(m.prescripteur).filter(pk=dossier.pk).exists()
