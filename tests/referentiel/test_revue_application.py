"""Lines of a review are decided, taken back, then written at once and once."""

from datetime import date

import pytest
from django.db import OperationalError

from engine import journal
from engine.errors import Blocked, Conflict, Forbidden
from engine.models import Outbox
from engine.outbox import relay
from referentiel.models import (
    Affectation,
    Cadre,
    Changement,
    CodeIndication,
    ImportRun,
    StatutAffectation,
)
from referentiel.selectors import touches
from referentiel.selectors.revues import touched_by
from referentiel.services import imports, medicines, revue_decisions, revues
from referentiel.services.revue_application import (
    INATTENDU,
    JOB,
    OCCUPE,
    apply_list,
    ask_application,
)
from referentiel.states import EtatLigneRevue as E
from referentiel.states import GenreLigneRevue as G
from referentiel.states import StatutRevue
from tests.factories import people
from tests.referentiel import lists

pytestmark = pytest.mark.django_db


@pytest.fixture
def revue(base, by):
    return lists.read(by, lists.next_file())


def accept(revue, by, *cles):
    wanted = revue.lignes.filter(cle__in=cles).values_list("pk", flat=True)
    revue_decisions.decide(revue, by=by, etat=E.ACCEPTEE, lignes=wanted)


# --- Deciding ---------------------------------------------------------------------------


def test_what_is_certain_is_accepted_at_once_and_taken_back_at_once(revue, by):
    count, at = revue_decisions.accept_certain(revue, by=by)
    assert count == 3
    assert revue.lignes.filter(etat=E.ACCEPTEE, vue_par=by.full_name).count() == 3
    assert revue_decisions.undo(revue, by=by, at=at)[0] == 3
    assert revue.lignes.filter(etat=E.A_REVOIR).count() == 3


def test_conflicts_are_not_accepted_by_the_kind(revue, by):
    with pytest.raises(Conflict):
        revue_decisions.decide_kind(revue, by=by, etat=E.ACCEPTEE, genre=G.CONFLIT)
    assert revue_decisions.decide_kind(revue, by=by, etat=E.ECARTEE, genre=G.AJOUT)[0] == 1


def test_another_role_decides_and_applies_nothing(revue):
    other = people.evaluateur()
    with pytest.raises(Forbidden):
        revue_decisions.accept_certain(revue, by=other)
    with pytest.raises(Forbidden):
        ask_application(revue, by=other)
    with pytest.raises(Forbidden):
        revues.open_revue(by=other, source="atih", upload=lists.next_file())


# --- Applying ---------------------------------------------------------------------------


def test_exactly_the_accepted_lines_are_written_once(revue, by):
    accept(revue, by, "9000525/CBULE02", "9000525/CBULE03")
    run = lists.applied(by, revue)
    assert (run.version, run.par) == ("2025-03", by.full_name)
    assert CodeIndication.objects.get(code="CBULE02").fin == date(2026, 12, 31)
    assert Cadre.objects.get(code="CBULE03").indication == "Hépatite delta enfant"
    assert CodeIndication.objects.get(code="RITRA01").absente_version == ""
    with pytest.raises(Conflict, match="déjà été appliquée"):
        ask_application(revue, by=by)
    assert ImportRun.objects.count() == 2


def test_what_is_applied_is_told_to_the_public_log_and_journalled(revue, by):
    accept(revue, by, "9000525/CBULE03", lists.FERMEE)
    lists.applied(by, revue)
    told = Changement.objects.values_list("nature", "origine")
    natures = {nature for nature, _ in told}
    assert natures >= {"CADRE_OUVERT", "CODE_AJOUTE", "CODE_FERME", "CADRE_FERME"}
    assert {origine for _, origine in told} == {"ATIH 2025-03"}
    acts = [(entry.action, entry.actor_label) for entry in journal.history(revue)]
    assert acts == [(act, by.full_name) for act in ("upload", "decide", "ask_apply", "apply")]


def test_with_nothing_accepted_nothing_is_applied(revue, by):
    with pytest.raises(Blocked, match="Aucune ligne"):
        ask_application(revue, by=by)


def test_after_application_no_decision_moves(revue, by):
    accept(revue, by, "9000525/CBULE02")
    lists.applied(by, revue)
    with pytest.raises(Conflict):
        accept(revue, by, lists.FERMEE)
    with pytest.raises(Conflict):
        revues.abandon(revue, by=by)


@pytest.mark.parametrize(
    ("accepted", "fin", "typed"),
    [
        pytest.param("CBULE02", date(2026, 12, 31), False, id="accepted: the list, typed no more"),
        pytest.param("CBULE03", date(2025, 5, 5), True, id="left aside: what a person typed"),
    ],
)
def test_a_conflict_takes_the_list_only_when_accepted(base, by, accepted, fin, typed):
    code = CodeIndication.objects.get(code="CBULE02")
    medicines.update_code(code, by=by, fin=date(2025, 5, 5))
    revue = lists.read(by, lists.next_file())
    accept(revue, by, f"9000525/{accepted}")
    lists.applied(by, revue)
    code.refresh_from_db()
    assert (code.fin, "fin" in code.champs_saisis) == (fin, typed)


def test_a_conflict_settled_once_does_not_come_back_undecided(base, by):
    code = CodeIndication.objects.get(code="CBULE02")
    medicines.update_code(code, by=by, fin=date(2025, 5, 5))
    revue = lists.read(by, lists.next_file())
    conflict = lists.line(revue, "9000525/CBULE02")
    revue_decisions.decide(revue, by=by, etat=E.ECARTEE, lignes=[conflict.pk])
    accept(revue, by, "9000525/CBULE03")
    lists.applied(by, revue)
    again = lists.read(by, lists.atih_file(lists.NEXT_ROWS[:-1], "atih_2025-06.csv"))
    assert lists.line(again, "9000525/CBULE02").etat == E.ECARTEE
    assert lists.line(again, "9181753/I000444").etat == E.A_REVOIR


def test_a_register_that_moved_since_is_read_again_and_decisions_are_kept(revue, by):
    accept(revue, by, "9000525/CBULE02", "9000525/CBULE03")
    code = CodeIndication.objects.get(code="CBULE02")
    medicines.update_code(code, by=by, fin=date(2025, 5, 5))
    assert "a changé depuis la lecture" in lists.apply(by, revue).message
    assert (revue.statut, ImportRun.objects.count()) == (StatutRevue.A_REVOIR, 1)
    revues.read_again(revue, by=by)
    relay()
    revue.refresh_from_db()
    assert lists.line(revue, "9000525/CBULE03").etat == E.ACCEPTEE
    assert lists.line(revue, "9000525/CBULE02").etat == E.A_REVOIR


def test_the_same_list_reviewed_twice_is_applied_once(revue, by):
    again = lists.read(by, lists.next_file())
    for one in (revue, again):
        accept(one, by, "9000525/CBULE02")
    lists.applied(by, revue)
    assert "a changé depuis la lecture" in lists.apply(by, again).message


def test_what_an_applied_list_left_is_taken_up_in_another_review(revue, by):
    accept(revue, by, "9000525/CBULE02")
    lists.applied(by, revue)
    revue.refresh_from_db()
    again = revues.take_up(revue, by=by)
    relay()
    again.refresh_from_db()
    assert {line.cle for line in again.lignes.all()} == {"9000525/CBULE03", lists.FERMEE}
    revue_decisions.accept_certain(again, by=by)
    lists.applied(by, again)
    known = lists.read(by, lists.next_file())
    assert known.lignes.count() == 0


def test_a_file_applied_to_its_last_line_is_known(revue, by):
    revue_decisions.accept_certain(revue, by=by)
    lists.applied(by, revue)
    assert "déjà été importé" in lists.read(by, lists.next_file()).message


def test_an_abandoned_list_writes_nothing(revue, by):
    revues.abandon(revue, by=by)
    with pytest.raises(Conflict, match="abandonnée"):
        ask_application(revue, by=by)
    assert not CodeIndication.objects.filter(code="CBULE03").exists()


def test_what_a_list_touches_is_counted_by_who_registers(revue, monkeypatch):
    monkeypatch.setattr(touches, "_counters", [])
    assert touched_by(revue) is None
    touches.register_counter(lambda produits: {pk: touches.Compte(2, 1) for pk in produits})
    assert touched_by(revue) == touches.Compte(4, 2)


# --- The job ----------------------------------------------------------------------------


def test_a_job_done_again_writes_nothing_more(revue, by):
    revue_decisions.accept_certain(revue, by=by)
    lists.applied(by, revue)
    apply_list(Outbox.objects.get(name=JOB))
    assert ImportRun.objects.count() == 2
    revue.refresh_from_db()
    assert revue.statut == StatutRevue.APPLIQUEE


def test_a_role_that_ended_before_the_writing_writes_nothing(revue, by):
    revue_decisions.accept_certain(revue, by=by)
    ask_application(revue, by=by)
    Affectation.objects.filter(pk=by.affectation.pk).update(statut=StatutAffectation.TERMINEE)
    relay()
    revue.refresh_from_db()
    assert (revue.statut, ImportRun.objects.count()) == (StatutRevue.A_REVOIR, 1)
    assert "a pris fin" in revue.message
    last = list(journal.history(revue))[-1]
    assert (last.action, last.to_state) == ("put_back", StatutRevue.A_REVOIR)


@pytest.mark.parametrize(("fault", "said"), [(OperationalError, OCCUPE), (RuntimeError, INATTENDU)])
def test_a_fault_gives_the_list_back_and_a_second_try_writes_it(
    revue, by, monkeypatch, fault, said
):
    def fails(*args, **kwargs):
        raise fault("database is locked")

    revue_decisions.accept_certain(revue, by=by)
    with monkeypatch.context() as patch:
        patch.setattr(imports, "write_lot", fails)
        assert lists.apply(by, revue).message == said
    assert (revue.statut, ImportRun.objects.count()) == (StatutRevue.A_REVOIR, 1)
    assert revue.lignes.filter(etat=E.ACCEPTEE).count() == 3
    lists.applied(by, revue)


def test_a_file_lost_before_the_writing_is_said(revue, by):
    revue_decisions.accept_certain(revue, by=by)
    revue.fichier.storage.delete(revue.fichier.name)
    assert "n'est plus là" in lists.apply(by, revue).message
