"""State × role × step, typed by hand: who may do what, when, and where it leads."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction

from access.models import Aac, DemandeAac
from access.states import AacState, DemandeAacState
from engine.actors import CLOCK, ROUTER
from engine.clocks import now, today
from engine.errors import Blocked, Conflict, Forbidden, InvalidInput
from engine.steps import perform, steps_of
from referentiel.roles import INTERNE_PUI, Role
from tests.factories import people
from tests.factories.dossiers import (
    ENGAGEMENTS,
    REFUS,
    VOLET,
    accord,
    do,
    dossier_at,
    monde,
    take_state,
    walk,
)

S = DemandeAacState
PRESC, PHARM = Role.PRESCRIPTEUR, Role.PHARMACIEN
EVAL, DECI = Role.EVALUATEUR_ANSM, Role.DECIDEUR_ANSM
SYSTEM = "SYSTEME"

# step, states it starts from, who may do it, state it leads to (None: stays)
DEMANDE = [
    ("submit", {S.BROUILLON, S.RETOURNEE_PRESCRIPTEUR}, {PRESC}, S.A_VALIDER_PUI),
    ("transmit", {S.A_VALIDER_PUI}, {PHARM}, S.TRANSMISE_ANSM),
    ("return_to_prescripteur", {S.A_VALIDER_PUI}, {PHARM}, S.RETOURNEE_PRESCRIPTEUR),
    ("open_fast_lane", {S.TRANSMISE_ANSM}, {SYSTEM}, S.EN_INSTRUCTION),
    ("start_review", {S.TRANSMISE_ANSM}, {EVAL, DECI}, S.EN_INSTRUCTION),
    ("take_over", {S.EN_INSTRUCTION}, {EVAL, DECI}, None),
    ("propose", {S.EN_INSTRUCTION}, {EVAL, DECI}, None),
    ("identify_product", {S.EN_INSTRUCTION}, {EVAL, DECI}, None),
    ("record_contact", {S.EN_INSTRUCTION, S.COMPLEMENT_DEMANDE}, {EVAL, DECI}, None),
    ("ask_complement", {S.EN_INSTRUCTION}, {EVAL, DECI}, S.COMPLEMENT_DEMANDE),
    ("answer_complement", {S.COMPLEMENT_DEMANDE}, {PRESC}, None),
    ("retransmit", {S.COMPLEMENT_DEMANDE}, {PHARM}, S.EN_INSTRUCTION),
    ("remind", {S.COMPLEMENT_DEMANDE}, {SYSTEM}, None),
    ("close_without_action", {S.COMPLEMENT_DEMANDE}, {EVAL, DECI}, S.CLASSEE_SANS_SUITE),
    ("grant", {S.EN_INSTRUCTION}, {DECI}, S.ACCORDEE),
    ("refuse", {S.EN_INSTRUCTION}, {DECI}, S.REFUSEE),
    (
        "withdraw",
        {
            S.A_VALIDER_PUI,
            S.RETOURNEE_PRESCRIPTEUR,
            S.TRANSMISE_ANSM,
            S.EN_INSTRUCTION,
            S.COMPLEMENT_DEMANDE,
        },
        {PRESC, PHARM},
        S.RETIREE,
    ),
]
# Steps that a rule of their own still blocks on the usual path, with the code that says why;
# `unblocked` lifts each guard, so that the row is seen to its end as well.
BLOCKED = {
    "retransmit": "COMPLEMENT_SANS_REPONSE",
    "close_without_action": "SANS_RELANCE",
    "refuse": "SANS_CONTACT",
}
AAC = [
    ("begin", {AacState.A_VENIR}, {SYSTEM}, AacState.ACTIVE),
    ("expire", {AacState.ACTIVE}, {SYSTEM}, AacState.EXPIREE),
    ("order", {AacState.A_VENIR, AacState.ACTIVE}, {PHARM, INTERNE_PUI}, None),
    ("dispense", set(AacState), {PHARM}, None),
    ("cancel_dispensing", set(AacState), {PHARM}, None),
]
REACHED = [
    S.BROUILLON,
    S.A_VALIDER_PUI,
    S.RETOURNEE_PRESCRIPTEUR,
    S.TRANSMISE_ANSM,
    S.EN_INSTRUCTION,
    S.COMPLEMENT_DEMANDE,
    S.ACCORDEE,
    S.REFUSEE,
    S.CLASSEE_SANS_SUITE,
    S.RETIREE,
]
DEADLINE_OVER, REMINDER_OVER = timedelta(days=20), timedelta(days=40)


def demande_at(state, m):
    """A request in a state; the one closed without an answer takes weeks."""
    if state != S.CLASSEE_SANS_SUITE:
        return dossier_at(state, m)
    dossier = unblocked("close_without_action", m)
    with time_machine.travel(now() + REMINDER_OVER, tick=False):
        return do(dossier, "close_without_action", m.evaluateur)


def unblocked(step, m):
    """A request where the rule that blocks a step is satisfied."""
    if step == "refuse":
        return walk(dossier_at(S.EN_INSTRUCTION, m), m, "contact")
    dossier = dossier_at(S.COMPLEMENT_DEMANDE, m)
    if step == "retransmit":
        return do(
            dossier, "answer_complement", m.prescripteur, **inputs("answer_complement", dossier)
        )
    with time_machine.travel(now() + DEADLINE_OVER, tick=False):
        return do(dossier, "remind", CLOCK)


def inputs(step, dossier):
    """Valid inputs of a step."""
    element = None
    if step == "answer_complement" and dossier.complements.exists():
        element = dossier.complements.get().elements.first()
    in_two_weeks = today() + timedelta(days=14)
    return {
        "submit": ENGAGEMENTS,
        "transmit": VOLET,
        "return_to_prescripteur": {"motif": "Poids à revoir."},
        "withdraw": {"motif": "Patient transféré."},
        "start_review": {"sans_lien": True},
        "take_over": {"sans_lien": True},
        "propose": {
            "proposition": "FAVORABLE",
            "proposition_texte": "Avis fictif.",
            "sans_lien": True,
        },
        "identify_product": {"specialite": str(dossier.specialite_id), "sans_lien": True},
        "record_contact": {"moyen": "téléphone", "resultat": "joint"},
        "ask_complement": {
            "questions": "Bilan ?",
            "echeance": f"{in_two_weeks:%Y-%m-%d}",
            "sans_lien": True,
        },
        "answer_complement": {f"reponse_{element.pk}": "Voici."} if element else {},
        "grant": accord(),
        "refuse": REFUS,
        "order": {"quantite": "1", "fournisseur": "Laboratoire Imaginaire"},
    }.get(step, {})


def actors(m):
    """One actor per role, and an interne at the pharmacy; a hospital's are of the dossier's own."""
    hospital = m.hopital
    by_role = {
        PRESC: m.prescripteur,
        Role.INTERNE: hospital.interne(),
        INTERNE_PUI: hospital.interne_pui(),
        PHARM: m.pharmacien,
        Role.FACTURATION: hospital.facturation(),
        Role.ADMIN_ETABLISSEMENT: hospital.administrateur(),
        EVAL: m.evaluateur,
        DECI: m.decideur,
    }
    others = set(Role.values) - set(by_role)
    by_role.update({role: people.agent(role) for role in sorted(others)})
    by_role[SYSTEM] = CLOCK
    return by_role


def outcome(dossier, step, by):
    """What happens when an actor tries a step; nothing is kept."""
    fresh = type(dossier).objects.get(pk=dossier.pk)
    with transaction.atomic():
        try:
            done = perform(fresh, step, by=by, version=fresh.version, **inputs(step, fresh))
        except Forbidden:
            result = "403"
        except Conflict:
            result = "409"
        except InvalidInput:
            result = "422"
        except Blocked as error:
            result = error.blockers[0].code
        else:
            result = done.state
        transaction.set_rollback(True)
    return result


def expected(row, role, state, lifted=""):
    """What the hand-typed table says, `lifted` being the step whose guard is satisfied."""
    step, sources, roles, target = row
    if role not in roles:
        return "403"
    # Before it is sent a draft is not the pharmacy's; before it is transmitted, not the agency's.
    if role == PHARM and state == S.BROUILLON:
        return "403"
    unseen = {S.BROUILLON, S.A_VALIDER_PUI, S.RETOURNEE_PRESCRIPTEUR, S.RETIREE}
    if role in (EVAL, DECI) and state in unseen:
        return "403"
    if state not in sources:
        return "409"
    if step in BLOCKED and step != lifted:
        return BLOCKED[step]
    return target or state


def test_every_step_is_in_the_table():
    assert {row[0] for row in DEMANDE} == set(steps_of(DemandeAac))
    assert {row[0] for row in AAC} == set(steps_of(Aac))


@pytest.mark.django_db
@pytest.mark.parametrize("state", REACHED)
def test_demande_aac_matrix(state):
    m = monde()
    dossier = demande_at(state, m)
    wrong = []
    for role, actor in actors(m).items():
        for row in DEMANDE:
            got, want = outcome(dossier, row[0], actor), expected(row, role, state)
            if got != want:
                wrong.append(f"{row[0]} by {role} in {state}: {got} instead of {want}")
    assert not wrong, "\n".join(wrong)


def test_every_state_of_a_request_is_in_the_matrix():
    assert set(REACHED) == set(S)


@pytest.mark.django_db
@pytest.mark.parametrize("step", sorted(BLOCKED))
def test_a_step_leads_where_the_table_says_once_its_guard_is_lifted(step):
    m = monde()
    dossier = unblocked(step, m)
    (row,) = (row for row in DEMANDE if row[0] == step)
    seen = {}
    with time_machine.travel(now() + REMINDER_OVER, tick=False):
        for role, actor in actors(m).items():
            seen[role] = outcome(dossier, step, actor)
    state = dossier.state
    assert seen == {role: expected(row, role, state, lifted=step) for role in seen}
    assert row[3] in seen.values()


@pytest.mark.django_db
@pytest.mark.parametrize("state", AacState)
def test_aac_matrix(state):
    m = monde()
    walked = state in (AacState.A_VENIR, AacState.ACTIVE, AacState.EXPIREE)
    aac = dossier_at(state, m) if walked else take_state(dossier_at(AacState.ACTIVE, m), state)
    # Dispensing asks for a lot, and nothing has been received here.
    not_yet = {"begin": "PAS_COMMENCEE", "expire": "PAS_FINIE", "dispense": "422", "order": state}
    not_yet["cancel_dispensing"] = "422"
    for role, actor in actors(m).items():
        for step, sources, roles, _ in AAC:
            want = "403" if role not in roles else not_yet[step] if state in sources else "409"
            assert outcome(aac, step, actor) == want, (step, role)


@pytest.mark.django_db
def test_the_router_opens_the_fast_lane_only_once():
    m = monde()
    dossier = dossier_at(S.TRANSMISE_ANSM, m)
    assert outcome(dossier, "open_fast_lane", ROUTER) == S.EN_INSTRUCTION
    assert dossier.detail_aac.voie_instruction == "ACCELEREE"


@pytest.mark.django_db
def test_who_wrote_or_transmitted_a_request_does_not_decide_it():
    m = monde()
    dossier = dossier_at(S.EN_INSTRUCTION, m)
    writer = people.acting(m.prescripteur, Role.DECIDEUR_ANSM, people.ansm())
    assert outcome(dossier, "grant", writer) == "AUTEUR"
    pharmacist = people.acting(m.pharmacien, Role.DECIDEUR_ANSM, people.ansm())
    assert outcome(dossier, "refuse", pharmacist) == "AUTEUR"


@pytest.mark.django_db
def test_who_transmitted_a_request_does_not_close_it():
    m = monde()
    dossier = unblocked("close_without_action", m)
    pharmacist = people.acting(m.pharmacien, Role.EVALUATEUR_ANSM, people.ansm())
    with time_machine.travel(now() + REMINDER_OVER, tick=False):
        assert outcome(dossier, "close_without_action", pharmacist) == "AUTEUR"


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["propose", "ask_complement", "refuse", "grant"])
def test_nobody_reviews_or_decides_without_confirming_that_no_link_exists(step):
    m = monde()
    dossier = dossier_at(S.TRANSMISE_ANSM, m)
    dossier = walk(walk(dossier, m, "fast"), m, "contact")
    by = m.decideur if step in ("refuse", "grant") else m.evaluateur
    given = inputs(step, dossier)
    with pytest.raises(InvalidInput) as caught:
        do(dossier, step, by, **(given | {"sans_lien": False}))
    assert set(caught.value.errors) == {"sans_lien"}
    do(dossier, step, by, **given)


@pytest.mark.django_db
def test_who_took_the_request_has_confirmed_it_once_for_all():
    m = monde()
    dossier = dossier_at(S.EN_INSTRUCTION, m)
    given = inputs("propose", dossier) | {"sans_lien": False}
    assert do(dossier, "propose", m.evaluateur, **given).detail_aac.propose_par == m.evaluateur


@pytest.mark.django_db
def test_a_stale_version_is_a_conflict():
    m = monde()
    dossier = dossier_at(S.A_VALIDER_PUI, m)
    with pytest.raises(Conflict):
        perform(dossier, "transmit", by=m.pharmacien, version=dossier.version - 1, **VOLET)
    assert DemandeAac.objects.get(pk=dossier.pk).state == S.A_VALIDER_PUI


@pytest.mark.django_db
def test_a_decision_waits_for_its_mandatory_mentions():
    m = monde()
    m.medicament.produit.dosage = ""
    m.medicament.produit.save()
    dossier = dossier_at(S.EN_INSTRUCTION, m)
    assert outcome(dossier, "grant", m.decideur) == "MENTIONS_MANQUANTES"


@pytest.mark.django_db
def test_a_grant_beyond_one_year_is_refused_at_its_field():
    from engine.errors import InvalidInput

    m = monde()
    dossier = dossier_at(S.EN_INSTRUCTION, m)
    with pytest.raises(InvalidInput) as caught:
        perform(dossier, "grant", by=m.decideur, version=dossier.version, **accord(today(), 400))
    assert "date_fin" in caught.value.errors
