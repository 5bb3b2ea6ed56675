"""Any order of acts by anyone: a decision exists if and only if the state says so."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from access.models import Aac, Decision, DemandeAac
from access.states import DemandeAacState, TypeDecision
from engine.errors import StepError
from engine.journal import flaws, history
from engine.steps import perform, steps_of
from tests.access.test_matrix import actors, inputs
from tests.factories.dossiers import brouillon, monde

S = DemandeAacState
DECIDED = {
    S.ACCORDEE: TypeDecision.ACCORD,
    S.REFUSEE: TypeDecision.REFUS,
    S.CLASSEE_SANS_SUITE: TypeDecision.CLASSEMENT,
}
STEPS = sorted(steps_of(DemandeAac))


class DossierMachine(RuleBasedStateMachine):
    """A request tried by every role with every step, right or wrong."""

    def __init__(self):
        super().__init__()
        self.monde = monde()
        self.actors = actors(self.monde)
        self.dossier = brouillon(self.monde)

    @rule(step=st.sampled_from(STEPS), who=st.integers(0, 30), stale=st.integers(0, 9))
    def act(self, step, who, stale):
        """Anyone tries anything; one time in ten with an old version."""
        names = sorted(self.actors)
        actor = self.actors[names[who % len(names)]]
        fresh = DemandeAac.objects.get(pk=self.dossier.pk)
        version = fresh.version - (stale == 0)
        before = (fresh.state, fresh.version)
        try:
            done = perform(fresh, step, by=actor, version=version, **inputs(step, fresh))
        except StepError:
            kept = DemandeAac.objects.get(pk=self.dossier.pk)
            assert (kept.state, kept.version) == before
        else:
            assert done.version == before[1] + 1

    @rule()
    def advance(self):
        """The usual next act, so that deep states are reached."""
        usual = {
            S.BROUILLON: ("submit", "PRESCRIPTEUR"),
            S.RETOURNEE_PRESCRIPTEUR: ("submit", "PRESCRIPTEUR"),
            S.A_VALIDER_PUI: ("transmit", "PHARMACIEN"),
            S.TRANSMISE_ANSM: ("start_review", "EVALUATEUR_ANSM"),
            S.EN_INSTRUCTION: ("record_contact", "EVALUATEUR_ANSM"),
            S.COMPLEMENT_DEMANDE: ("answer_complement", "PRESCRIPTEUR"),
        }
        fresh = DemandeAac.objects.get(pk=self.dossier.pk)
        if fresh.state in usual:
            step, role = usual[fresh.state]
            by = self.actors[role]
            perform(fresh, step, by=by, version=fresh.version, **inputs(step, fresh))

    @invariant()
    def a_decision_exists_exactly_when_the_state_says_so(self):
        state = DemandeAac.objects.get(pk=self.dossier.pk).state
        types = [d.type for d in Decision.objects.filter(dossier_id=self.dossier.pk)]
        assert types == ([DECIDED[state]] if state in DECIDED else [])
        granted = Aac.objects.filter(parent_id=self.dossier.pk).count()
        assert granted == (1 if state == S.ACCORDEE else 0)

    @invariant()
    def the_state_is_the_sum_of_the_journal(self):
        fresh = DemandeAac.objects.get(pk=self.dossier.pk)
        entries = list(history(fresh))
        for earlier, later in pairwise(entries):
            assert later.from_state == earlier.to_state
        assert entries[-1].to_state == fresh.state
        assert [e.seq for e in entries] == list(range(1, len(entries) + 1))
        assert not list(flaws())


@pytest.mark.django_db
def test_any_order_of_acts_keeps_a_dossier_true():
    from django.db import transaction

    class Rolled(DossierMachine):
        """Each run leaves the database as it found it."""

        def __init__(self):
            self.atomic = transaction.atomic()
            self.atomic.__enter__()
            super().__init__()

        def teardown(self):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    run_state_machine_as_test(
        Rolled,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
