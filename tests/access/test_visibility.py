"""Who reads which dossier: scope by service, PUI, agency; shared by name; opened in emergency."""

from datetime import timedelta

import pytest

from access.models import Dossier, OuvertureUrgence
from access.permissions import AccessPermission, can
from access.states import DemandeAacState as S
from engine.clocks import now
from referentiel.roles import Role
from tests.factories import people
from tests.factories.dossiers import dossier_at, monde

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
