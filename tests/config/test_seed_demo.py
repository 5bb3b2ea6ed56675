"""The demonstration is made through the services, in every state, once."""

from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from access.models import Aac, DemandeAac, Dossier
from access.states import AacState, DemandeAacState
from billing.models import LigneFichcomp
from config.demo import demo_accounts
from config.seeding.demo import seed
from engine.clocks import now
from engine.journal import flaws
from engine.models import Entry
from referentiel.models import Affectation, Nouvelle, Publication
from referentiel.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker, tmp_path_factory):
    """The whole demonstration, made once for the tests of this file, then undone."""
    folder = tmp_path_factory.mktemp("demo")
    disk = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    with (
        override_settings(MEDIA_ROOT=str(folder), STORAGES=settings.STORAGES | {"default": disk}),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        assert seed(lambda text: None)
        yield
        transaction.set_rollback(True)


def test_demonstration_holds_every_state_and_a_true_journal(made):
    requests = set(DemandeAac.objects.values_list("state", flat=True))
    assert requests == set(DemandeAacState.values)
    rights = set(Aac.objects.values_list("state", flat=True))
    assert rights >= {AacState.A_VENIR, AacState.ACTIVE, AacState.EXPIREE}
    assert list(flaws()) == []
    assert timedelta(0) == settings.PLACET_CLOCK_OFFSET
    present = now()
    assert not Entry.objects.filter(at__gt=present).exists()
    for dossier in Dossier.objects.all():
        moments = list(
            Entry.objects.filter(subject_id=dossier.pk).order_by("seq").values_list("at", flat=True)
        )
        assert moments == sorted(moments)
        assert moments[0] >= dossier.created_at - timedelta(seconds=1)


def test_numbers_follow_time(made):
    sent = DemandeAac.objects.exclude(numero=None).order_by("numero")
    assert sent.count() > 20
    submits = {
        entry.subject_id: entry.at.replace(microsecond=0)
        for entry in Entry.objects.filter(action="submit").order_by("-seq")
    }
    moments = [submits[pk] for pk in sent.values_list("pk", flat=True)]
    assert moments == sorted(moments)


def test_months_have_lines_ready_blocked_and_waiting(made):
    assert set(LigneFichcomp.objects.values_list("etat", flat=True)) >= {"PRETE", "EN_ATTENTE"}


def test_one_account_per_role_at_least(made):
    roles = set(Affectation.objects.filter(user__is_demo=True).values_list("role", flat=True))
    assert roles == set(Role.values)
    assert len(demo_accounts()) >= len(Role.values)
    assert all(account.email.endswith(".invalid") for account in demo_accounts())
    user = Affectation.objects.get(user__email="prescripteur@demo.placet.invalid").user
    assert user.check_password(settings.PLACET_DEMO_PASSWORD)


def test_a_proposal_waits_and_a_piece_of_news_was_published_by_two_persons(made):
    waiting = Publication.objects.get(statut="PROPOSEE")
    published = Publication.objects.get(statut="APPLIQUEE")
    assert published.propose_par_id != published.relu_par_id
    assert Nouvelle.objects.get(pk=published.objet_id).exemple_fictif
    assert "fictif" in waiting.motif
    gestionnaires = Affectation.objects.filter(user__is_demo=True, role=Role.GESTIONNAIRE_ANSM)
    assert gestionnaires.count() == 2


def test_a_second_time_changes_nothing(made):
    count = Entry.objects.count()
    call_command("seed_demo", stdout=StringIO())
    assert Entry.objects.count() == count
