"""Dispensing: the right is judged on its day, the lot is in stock, the ordonnance is noted."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse

from access.forms.dispensation import DispensationForm
from access.models import Aac, Dispensation
from access.rules import aac as rules_aac
from access.rules import dispensation as rules
from access.services.dispensation import record_dispensation
from access.states import AacState, DemandeAacState
from engine.clocks import now, today
from engine.errors import Blocked, Forbidden, InvalidInput
from engine.journal import history
from referentiel.dates import jour_long
from referentiel.formats.french import write_within
from referentiel.rules.obtention import MENTION
from tests.factories import people
from tests.factories.dossiers import accord, do, dossier_at, monde, take_state
from tests.factories.pharmacie import dispensing, stocked

A = AacState
START, END = date(2026, 3, 1), date(2026, 8, 27)
BEFORE, AFTER = date(2026, 2, 28), date(2026, 8, 28)


@pytest.mark.parametrize(
    ("state", "day", "covered"),
    [
        pytest.param(A.ACTIVE, BEFORE, False, id="the day before it begins"),
        pytest.param(A.ACTIVE, START, True, id="first day"),
        pytest.param(A.ACTIVE, END, True, id="last day, R. 5121-74-3"),
        pytest.param(A.ACTIVE, AFTER, False, id="the day after, even before the clock has run"),
        pytest.param(A.A_VENIR, START, True, id="first day, before the clock has run"),
        pytest.param(A.A_VENIR, BEFORE, False, id="to come"),
        pytest.param(A.EXPIREE, END, True, id="late entry of the last day"),
        pytest.param(A.EXPIREE, AFTER, False, id="expired"),
        pytest.param(A.SUSPENDUE, START, False, id="suspended, R. 5121-74-8"),
        pytest.param(A.RETIREE_ANSM, START, False, id="withdrawn, R. 5121-74-8"),
        pytest.param(A.ARRETEE, START, False, id="stopped"),
        pytest.param(A.REMPLACEE, START, False, id="replaced"),
    ],
)
def test_which_day_an_authorisation_covers(state, day, covered):
    """No act tells the state: it is taken to have been so from the first day."""
    droit = rules_aac.Droit(state, START, END)
    assert rules_aac.covers(droit, day) is covered
    assert bool(rules_aac.cover_blockers(droit, day)) is not covered


GRANTED = rules_aac.Passage(date(2026, 2, 20), A.A_VENIR)
BEGUN = rules_aac.Passage(START, A.ACTIVE)
SUSPENSION, LIFTING = date(2026, 4, 10), date(2026, 5, 2)


def gone_through(*later):
    """An authorisation granted, begun, then taken to other states on their days."""
    passages = (GRANTED, BEGUN, *(rules_aac.Passage(day, state) for day, state in later))
    return rules_aac.Droit(passages[-1].state, START, END, passages)


SUSPENDED = gone_through((SUSPENSION, A.SUSPENDUE))
LIFTED = gone_through((SUSPENSION, A.SUSPENDUE), (LIFTING, A.ACTIVE))
ENDED_SUSPENDED = gone_through((SUSPENSION, A.SUSPENDUE), (AFTER, A.EXPIREE))
WITHDRAWN = gone_through((SUSPENSION, A.SUSPENDUE), (LIFTING, A.RETIREE_ANSM))


@pytest.mark.parametrize(
    ("droit", "day", "code", "said"),
    [
        pytest.param(SUSPENDED, BEFORE, "AAC_A_VENIR", "commence le", id="before it begins"),
        pytest.param(SUSPENDED, START, "", "", id="first day, suspended since"),
        pytest.param(SUSPENDED, date(2026, 4, 9), "", "", id="the eve of the suspension"),
        pytest.param(
            SUSPENDED, SUSPENSION, "AAC_SUSPENDUE", "suspendue depuis le 10/04/2026", id="its day"
        ),
        pytest.param(SUSPENDED, AFTER, "AAC_SUSPENDUE", "suspendue depuis le", id="long after"),
        pytest.param(LIFTED, date(2026, 5, 1), "AAC_SUSPENDUE", "était suspendue", id="last day"),
        pytest.param(LIFTED, LIFTING, "", "", id="the day it is lifted"),
        pytest.param(LIFTED, AFTER, "AAC_EXPIREE", "a pris fin le 27/08/2026", id="lifted, over"),
        pytest.param(
            ENDED_SUSPENDED, END, "AAC_SUSPENDUE", "était suspendue", id="ended suspended"
        ),
        pytest.param(
            ENDED_SUSPENDED, AFTER, "AAC_EXPIREE", "a pris fin le", id="expired suspended"
        ),
        pytest.param(WITHDRAWN, date(2026, 4, 9), "", "", id="the eve of what led to withdrawal"),
        pytest.param(
            WITHDRAWN, SUSPENSION, "AAC_SUSPENDUE", "était suspendue", id="suspended then"
        ),
        pytest.param(
            WITHDRAWN,
            LIFTING,
            "AAC_TERMINEE",
            "retirée par l'ANSM depuis le 02/05/2026",
            id="withdrawn, R. 5121-74-8",
        ),
    ],
)
def test_a_suspension_or_an_end_takes_away_its_day_and_those_after(droit, day, code, said):
    found = rules_aac.cover_blockers(droit, day)
    assert [b.code for b in found] == ([code] if code else [])
    assert said in "".join(b.message for b in found)
    assert rules_aac.covers(droit, day) is not bool(code)


@pytest.mark.parametrize(
    ("droit", "until", "last"),
    [
        (SUSPENDED, AFTER, date(2026, 4, 9)),
        (SUSPENDED, START, START),
        (LIFTED, LIFTING, LIFTING),
        (LIFTED, date(2026, 5, 1), date(2026, 4, 9)),
        (LIFTED, AFTER, END),
        (SUSPENDED, BEFORE, None),
        (rules_aac.Droit(A.SUSPENDUE, START, END), END, None),
    ],
)
def test_the_last_day_that_can_still_be_noted(droit, until, last):
    assert rules_aac.last_covered(droit, until) == last


@pytest.mark.parametrize(
    ("state", "day", "code"),
    [
        (A.ACTIVE, START, ""),
        (A.EXPIREE, AFTER, ""),
        (A.SUSPENDUE, START, "AAC_SUSPENDUE"),
        (A.A_VENIR, BEFORE, "AAC_A_VENIR"),
        (A.A_VENIR, START, ""),
    ],
)
def test_what_blocks_every_day_at_once(state, day, code):
    droit = rules_aac.Droit(state, START, END)
    found = rules.dispensing_blockers(rules_aac.FaitsAac(day, droit))
    assert [b.code for b in found] == ([code] if code else [])


@pytest.mark.parametrize(
    ("maximum", "given", "quantity", "beyond"),
    [(None, 500, 1, 0), (10, 8, 2, 0), (10, 8, 3, 1), (10, 12, 1, 3)],
)
def test_units_beyond_the_decision(maximum, given, quantity, beyond):
    asked = None if maximum is None else Decimal(maximum)
    assert rules.excess(asked, Decimal(given), Decimal(quantity)) == beyond


@pytest.fixture
def aac(db):
    found = dossier_at(A.ACTIVE, jours=30, quantite="10")
    stocked(found, quantite="20")
    return found


def dispense(aac, **data):
    return do(aac, "dispense", aac.monde.pharmacien, **dispensing(**data))


def refused(aac, **data):
    """The sentences of a refused dispensing, by field."""
    with pytest.raises(InvalidInput) as caught:
        dispense(aac, **data)
    assert not Dispensation.objects.exists()
    return caught.value.errors


def test_dispensing_keeps_its_proof(aac):
    done = dispense(aac)
    given = Dispensation.objects.get()
    assert given.code_indication == aac.monde.medicament.code
    assert given.patient == aac.patient
    assert given.etablissement == aac.monde.hopital.etablissement
    assert (given.lot, given.quantite, given.mention_legale) == ("LOT1", 2, True)
    assert history(done).last().action == "dispense"
    assert done.version == aac.version + 1


def test_only_the_pharmacy_dispenses(aac):
    for by in (aac.monde.prescripteur, aac.monde.decideur, people.hopital().pharmacien()):
        with pytest.raises(Forbidden):
            do(aac, "dispense", by, **dispensing())


def test_dispensing_in_the_future_is_refused(aac):
    assert "jour" in refused(aac, jour=today() + timedelta(days=1))


def test_dispensing_after_the_end_is_blocked_and_its_late_entry_kept(aac):
    last = aac.date_fin
    with time_machine.travel(now() + timedelta(days=31), tick=False):
        assert "a pris fin le" in refused(aac)["jour"][0]
        dispense(aac, jour=last)
    assert Dispensation.objects.get().jour == last


def test_dispensing_before_the_start_is_blocked(db):
    aac = dossier_at(A.A_VENIR)
    stocked(aac)
    with pytest.raises((Blocked, InvalidInput)) as caught:
        dispense(aac)
    assert "commence le" in str(caught.value) + str(getattr(caught.value, "errors", ""))


STOPPED = sorted(rules_aac.STOPPED)


@pytest.mark.parametrize("state", STOPPED)
def test_dispensing_on_a_stopped_authorisation_is_blocked(aac, state):
    assert write_within(A(state).label) in refused(take_state(aac, state))["jour"][0]


@pytest.mark.parametrize("state", STOPPED)
def test_a_stopped_authorisation_takes_the_late_entry_of_a_day_before(aac, state):
    eve = today()
    with time_machine.travel(now() + timedelta(days=3), tick=False):
        aac = take_state(aac, state)
        assert "depuis le" in refused(aac)["jour"][0]
        dispense(aac, jour=eve)
    assert Dispensation.objects.get().jour == eve


def test_over_quantity_asks_for_a_comment(aac):
    assert "commentaire" in refused(aac, quantite="11")
    dispense(aac, quantite="11", commentaire="flacon cassé, accord du prescripteur")
    with pytest.raises(InvalidInput):
        dispense(aac, quantite="0,5")


def test_legal_mention_is_asked_word_for_word(aac):
    assert "mention_legale" in refused(aac, mention_legale=False)
    assert MENTION == (
        "Prescription au titre d'un accès compassionnel en dehors du cadre "
        "d'une autorisation de mise sur le marché"
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("lot", "INCONNU"),
        ("lot", ""),
        ("quantite", "0"),
        ("quantite", "21"),
        ("quantite", "beaucoup"),
        ("contexte", "AILLEURS"),
        ("contexte", "RETROCESSION"),
        ("ordonnance_date", "2999-01-01"),
        ("ordonnance_date", "0026-01-01"),
        ("ordonnance_date", "hier"),
        ("ordonnance_prescripteur", ""),
        ("ordonnance_dose", "x" * 161),
        ("ordonnance_duree_jours", "0"),
        ("commentaire", "x" * 501),
    ],
)
def test_bad_inputs_are_refused_at_their_field(aac, field, value):
    extra = {"commentaire": "assumé"} if field != "commentaire" else {}
    assert set(refused(aac, **(extra | {field: value}))) <= {field, "lot"}


def test_retrocession_needs_an_authorised_pharmacy(aac):
    pui = aac.monde.hopital.pui
    pui.retrocession = True
    pui.save()
    dispense(aac, contexte="RETROCESSION")
    assert Dispensation.objects.get().contexte == "RETROCESSION"


def test_expired_lot_is_not_given(aac):
    from access.models import Reception

    Reception.objects.update(peremption=today() - timedelta(days=1))
    assert "périmé depuis" in refused(aac)["lot"][0]


def test_nothing_received_says_so(db):
    aac = dossier_at(A.ACTIVE)
    with pytest.raises(InvalidInput) as caught:
        dispense(aac)
    assert "lot" in caught.value.errors


def test_the_second_of_two_who_take_the_last_units_is_told(aac):
    """Another dispensing emptied the lot after the form was checked: the locked lot tells."""
    by = aac.monde.pharmacien
    dispense(aac, quantite="10")
    data = DispensationForm(dispensing(quantite="10", commentaire="assumé"), subject=aac, by=by)
    assert data.is_valid()
    dispense(aac, quantite="5", commentaire="assumé")
    with pytest.raises(Blocked) as caught, transaction.atomic():
        record_dispensation(aac, by=by, at=now(), **data.cleaned_data)
    assert "Il ne reste que 5" in str(caught.value)
    assert Dispensation.objects.count() == 2


# --- page -------------------------------------------------------------------------------


@pytest.fixture
def page(client, aac):
    return people.login(client, aac.monde.pharmacien)


def test_page_proposes_and_notes(page, aac):
    url = reverse("access:dispenser", args=[aac.pk])
    content = page.get(url).content.decode()
    assert MENTION in content.replace("&#x27;", "'")
    assert aac.monde.prescripteur.full_name in content
    done = page.post(url, dispensing() | {"version": aac.version})
    assert done.status_code == 302
    assert Dispensation.objects.count() == 1


def test_page_loses_nothing(page, aac):
    url = reverse("access:dispenser", args=[aac.pk])
    typed = dispensing(quantite="12", ordonnance_dose="dose bien précise") | {
        "version": aac.version
    }
    answer = page.post(url, typed)
    assert answer.status_code == 422
    assert "dose bien précise" in answer.content.decode()
    stale = page.post(url, typed | {"version": aac.version + 5, "commentaire": "ok"})
    assert stale.status_code == 409
    assert "dose bien précise" in stale.content.decode()
    assert page.post(url, {}).status_code == 409


def test_page_without_lot_points_to_the_orders(client, db):
    aac = dossier_at(A.ACTIVE)
    people.login(client, aac.monde.pharmacien)
    content = client.get(reverse("access:dispenser", args=[aac.pk])).content.decode()
    assert "Aucun lot de ce produit" in content
    assert "onglet=attendues" in content


def test_suspended_from_its_first_day_shows_why(page, aac):
    take_state(aac, A.SUSPENDUE)
    content = page.get(reverse("access:dispenser", args=[aac.pk])).content.decode()
    assert "suspendue" in content
    assert "disabled" in content


def test_suspended_later_says_which_days_can_still_be_noted(client, aac):
    first = jour_long(today())
    with time_machine.travel(now() + timedelta(days=1), tick=False):
        take_state(aac, A.SUSPENDUE)
        people.login(client, aac.monde.pharmacien)
        page = client.get(reverse("access:dispenser", args=[aac.pk])).content.decode()
        dossier = client.get(reverse("access:dossier", args=[aac.pk])).content.decode()
    assert "suspendue depuis le" in page
    assert f"faite jusqu'au {first}" in page.replace("&#x27;", "'")
    assert "disabled" not in page
    assert "Noter une dispensation passée" in dossier


def test_page_is_the_pharmacys(client, aac):
    url = reverse("access:dispenser", args=[aac.pk])
    for user, status in (
        (people.hopital().pharmacien(), 404),
        (aac.monde.prescripteur, 403),
        (aac.monde.evaluateur, 403),
    ):
        assert people.login(client, user).get(url).status_code == status


def test_mention_page_is_the_hospitals(client, aac):
    url = reverse("access:mention", args=[aac.pk])
    for user, status in (
        (aac.monde.pharmacien, 200),
        (aac.monde.prescripteur, 200),
        (people.hopital().prescripteur(), 404),
        (aac.monde.evaluateur, 403),
    ):
        answer = people.login(client, user).get(url)
        assert answer.status_code == status
        if status == 200:
            assert MENTION in answer.content.decode().replace("&#x27;", "'")


def test_a_product_identified_later_is_ordered_then_dispensed(db):
    m = monde()
    dossier = dossier_at(DemandeAacState.EN_INSTRUCTION, m, libre=True, mode="JUSTIFICATION")
    assert not dossier.commandes.exists()
    do(dossier, "identify_product", m.evaluateur, specialite=str(m.medicament.specialite.pk))
    do(dossier, "grant", m.decideur, **accord())
    aac = Aac.objects.get(parent=dossier)
    aac.monde = m
    do(aac, "order", m.pharmacien, quantite="20", fournisseur="Labo Imaginaire")
    stocked(aac, quantite="20")
    dispense(aac)
    assert Dispensation.objects.get().specialite == m.medicament.specialite
