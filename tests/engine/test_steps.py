"""The one door: who, when, what is missing, whole or not at all."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from access.models import Commande, DemandeAac
from access.states import DemandeAacState
from engine import steps
from engine.actors import CLOCK
from engine.clocks import today
from engine.errors import Blocked, Conflict, Forbidden, InvalidInput, StepError
from engine.journal import history
from engine.models import Outbox
from engine.steps import available_steps, perform, steps_of
from tests.factories import people
from tests.factories.dossiers import ENGAGEMENTS, brouillon, dossier_at, monde

pytestmark = pytest.mark.django_db


@pytest.fixture
def m():
    return monde()


@pytest.fixture
def draft(m):
    return brouillon(m)


def submit(draft, m, **changes):
    given = {"by": m.prescripteur, "version": draft.version} | changes
    return perform(draft, "submit", **(ENGAGEMENTS | given))


def test_a_step_moves_the_state_counts_a_version_and_is_journalled(draft, m):
    done = submit(draft, m)
    assert done.state == DemandeAacState.A_VALIDER_PUI
    assert done.version == draft.version + 1
    last = history(done).last()
    assert (last.action, last.label) == ("submit", "Envoyer à la pharmacie")
    assert (last.from_state, last.to_state) == ("BROUILLON", "A_VALIDER_PUI")
    assert last.payload == {"inputs": sorted(ENGAGEMENTS)}
    assert Outbox.objects.filter(name="demande_a_valider").exists()


def refused(draft, error, **given):
    """The step raises, and nothing at all was changed."""
    acts, mails = history(draft).count(), Outbox.objects.count()
    with pytest.raises(error) as raised:
        given["call"]()
    fresh = DemandeAac.objects.get(pk=draft.pk)
    assert (fresh.state, fresh.version, fresh.numero) == (draft.state, draft.version, draft.numero)
    assert (history(draft).count(), Outbox.objects.count()) == (acts, mails)
    return raised.value


def test_without_the_right_it_is_403(draft, m):
    for stranger in (m.pharmacien, m.decideur, people.hopital().prescripteur(), CLOCK):
        error = refused(draft, Forbidden, call=lambda s=stranger: submit(draft, m, by=s))
        assert error.status == 403


def test_the_right_is_judged_before_the_moment(m):
    """A stranger learns nothing of the state: 403, not 409."""
    dossier = dossier_at("REFUSEE", m)
    with pytest.raises(Forbidden):
        perform(dossier, "submit", by=m.decideur, version=0)


def test_a_stale_version_is_409_with_the_present_one(draft, m):
    error = refused(draft, Conflict, call=lambda: submit(draft, m, version=draft.version + 1))
    assert (error.status, error.state, error.version) == (409, "BROUILLON", draft.version)


def test_a_passed_moment_is_409_and_says_where_the_dossier_is(draft, m):
    done = submit(draft, m)
    error = refused(done, Conflict, call=lambda: submit(done, m))
    assert "À valider par la PUI" in error.message


def test_the_row_is_read_again_under_lock(draft, m):
    """A copy that is out of date in memory never overrules the row."""
    stale = DemandeAac.objects.get(pk=draft.pk)
    submit(draft, m)
    refused(DemandeAac.objects.get(pk=draft.pk), Conflict, call=lambda: submit(stale, m))


def test_inputs_are_checked_by_the_step_s_form(draft, m):
    error = refused(
        draft, InvalidInput, call=lambda: submit(draft, m, engagement_information=False)
    )
    assert error.status == 422
    assert list(error.errors) == ["engagement_information"]
    assert error.form is not None


def test_blockers_are_said_with_the_field_that_cures_them(draft, m):
    draft.detail_aac.poids_kg = None
    draft.detail_aac.save()
    error = refused(draft, Blocked, call=lambda: submit(draft, m))
    assert error.status == 422
    assert [b.field for b in error.blockers] == ["poids_kg"]


def test_an_unknown_step_is_refused(draft, m):
    refused(draft, Forbidden, call=lambda: perform(draft, "fly", by=m.prescripteur, version=1))


def test_a_service_that_fails_undoes_everything(draft, m, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("number")

    monkeypatch.setitem(steps._services, "access.number_demande", broken)
    refused(draft, RuntimeError, call=lambda: submit(draft, m))


def test_a_constraint_of_the_database_becomes_a_french_sentence(draft, m, monkeypatch):
    def broken(*_, **__):
        raise IntegrityError("UNIQUE constraint failed: dossier_une_aac_vivante")

    monkeypatch.setitem(steps._services, "access.number_demande", broken)
    error = refused(draft, Conflict, call=lambda: submit(draft, m))
    assert "déjà une AAC en cours" in error.message


def test_what_a_constraint_refuses_at_the_saving_is_said_in_french(draft, m, monkeypatch):
    def turned(dossier):
        dossier.date_debut, dossier.date_fin = today(), today() - timedelta(days=1)

    monkeypatch.setattr(DemandeAac, "clean", turned)
    error = refused(draft, InvalidInput, call=lambda: submit(draft, m))
    assert error.message == "La fin précède le début."


def test_a_rule_of_the_model_is_judged_after_the_body(draft, m):
    draft.detail_aac.poids_kg = 500
    draft.detail_aac.save()
    error = refused(draft, InvalidInput, call=lambda: submit(draft, m))
    assert "poids_kg" in error.errors


def test_the_state_is_never_written_by_hand(draft):
    with pytest.raises(AttributeError):
        draft.state = "ACCORDEE"


def test_offers_are_those_of_the_state_and_of_the_person(draft, m):
    assert [offer.name for offer in available_steps(draft, m.prescripteur)] == ["submit"]
    assert available_steps(draft, m.pharmacien) == []
    assert available_steps(draft, m.decideur) == []


def test_an_offer_says_what_blocks_it(draft, m):
    draft.detail_aac.duree_jours = None
    draft.detail_aac.save()
    (offer,) = available_steps(draft, m.prescripteur)
    assert not offer.ready
    assert offer.blockers[0].message


def test_what_only_the_software_does_is_offered_to_nobody(m):
    dossier = dossier_at("COMPLEMENT_DEMANDE", m)
    for person in (m.prescripteur, m.pharmacien, m.evaluateur, m.decideur):
        assert "remind" not in [offer.name for offer in available_steps(dossier, person)]


@pytest.mark.parametrize("model", [DemandeAac, Commande])
def test_each_step_says_its_business_fact(model):
    for spec in steps_of(model).values():
        assert spec.label
        assert spec.doc.endswith((".", ").")), spec.name
        assert not spec.danger or spec.consequence
        assert spec.form_class is None or spec.form_class


def test_errors_are_sentences_people_can_read():
    error = StepError("Rien n'a été fait.")
    assert (str(error), error.status) == ("Rien n'a été fait.", 400)
