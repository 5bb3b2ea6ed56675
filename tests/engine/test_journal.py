"""The journal: one sealed chain per subject, that nobody can change without being seen."""

from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from engine import journal
from engine.actors import CLOCK
from engine.clocks import now
from engine.folding import divergences
from engine.models import AccesLu, Entry
from engine.triggers import APPEND_ONLY
from tests.factories import people
from tests.factories.dossiers import dossier_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def hopital():
    return people.hopital()


def write(subject, *actions):
    for action in actions:
        journal.record(subject, action, by=CLOCK, label=action.capitalize(), codes=["A", "B"])


def verdict():
    out = StringIO()
    call_command("audit_verify", stdout=out)
    return out.getvalue()


class Untriggered:
    """Append-only tables without their triggers: what an intruder with the file would do."""

    def __enter__(self):
        self.drop("update", "delete")

    def drop(self, *verbs):
        end = " ON engine_entry" if connection.vendor == "postgresql" else ""
        with connection.cursor() as cursor:
            for verb in verbs:
                cursor.execute(f"DROP TRIGGER engine_entry_no_{verb}{end}")

    def __exit__(self, *error):
        """The test's transaction is rolled back, triggers included."""


def test_each_act_is_sealed_by_the_one_before(hopital):
    write(hopital.organisation, "open", "close")
    first, second = journal.history(hopital.organisation)
    assert (first.seq, second.seq) == (1, 2)
    assert first.prev_hash == ""
    assert second.prev_hash == first.hash
    assert first.salt != second.salt


def test_subjects_have_their_own_chains(hopital):
    write(hopital.organisation, "open")
    write(hopital.service, "open")
    assert Entry.objects.filter(seq=1).count() == 2
    assert not list(journal.flaws())


def test_the_journal_keeps_person_role_and_organisation(hopital):
    person = hopital.prescripteur()
    journal.record(hopital.service, "open", by=person)
    entry = journal.history(hopital.service).get()
    assert entry.actor_id == person.pk
    assert (entry.actor_label, entry.role) == (person.full_name, "PRESCRIPTEUR")
    assert entry.organisation_label == hopital.organisation.nom


def test_an_act_is_written_in_the_transaction_of_the_fact(hopital, monkeypatch):
    """A test never leaves its transaction (the append-only tables refuse to be emptied)."""
    outside = SimpleNamespace(get_connection=lambda: SimpleNamespace(in_atomic_block=False))
    monkeypatch.setattr(journal, "transaction", outside)
    with pytest.raises(RuntimeError, match="transaction of the fact"):
        journal.record(hopital.service, "open", by=CLOCK)


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("statement", ["UPDATE {} SET actor_label = 'x'", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_delete(hopital, table, statement):
    write(hopital.service, "open")
    journal.record_read(hopital.service, by=CLOCK, page="essai")
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))
    assert AccesLu.objects.count() == 1


def test_every_append_only_table_has_its_triggers_after_all_migrations():
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        found = {name for (name,) in cursor.fetchall()}
    wanted = {f"{table}_no_{verb}" for table in APPEND_ONLY for verb in ("update", "delete")}
    assert wanted <= found


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"actor_label": "Autre"}, "l'acte a été modifié"),
        ({"payload": {"codes": ["A"]}}, "le contenu a été modifié"),
        ({"payload": {}}, "le contenu a été modifié"),
        ({"salt": ""}, "le contenu a été modifié"),
        ({"prev_hash": "0" * 64}, "le chaînage avec l'acte précédent est rompu"),
    ],
)
def test_a_change_is_named(hopital, change, said):
    write(hopital.service, "open", "read", "close")
    assert "Journal intact : 3 actes" in verdict()
    with Untriggered():
        Entry.objects.filter(seq=2).update(**change)
    with pytest.raises(CommandError, match=said):
        verdict()
    assert next(journal.flaws()).entry.seq == 2


def test_an_act_taken_out_is_named(hopital):
    write(hopital.service, "open", "read", "close")
    with Untriggered():
        Entry.objects.filter(seq=2).delete()
    with pytest.raises(CommandError, match="le n° 2 manque"):
        verdict()


def test_an_erased_payload_leaves_the_chain_whole(hopital):
    write(hopital.service, "open", "close")
    with Untriggered():
        Entry.objects.filter(seq=1).update(payload={}, salt="")
    assert not list(journal.flaws())


def test_a_state_is_the_one_its_journal_tells():
    dossier = dossier_at("REFUSEE")
    assert "Journal intact" in verdict()
    type(dossier)._base_manager.filter(pk=dossier.pk).update(state="ACCORDEE")
    with pytest.raises(CommandError, match="le journal dit REFUSEE"):
        verdict()


@pytest.mark.parametrize("state", ["ACCORDEE", "A_VALIDER_PUI"])
def test_a_dossier_whose_whole_journal_was_taken_out_is_named(state):
    dossier = dossier_at(state)
    with Untriggered():
        journal.history(dossier).delete()
    with pytest.raises(
        CommandError, match=f"{dossier.pk} : état {state}, le journal n'en dit rien"
    ):
        verdict()


def test_a_step_that_starts_elsewhere_than_the_last_ended_is_named():
    dossier = dossier_at("A_VALIDER_PUI")
    journal.record(
        dossier, "refuse", by=CLOCK, from_state="EN_INSTRUCTION", to_state="A_VALIDER_PUI"
    )
    assert "part de EN_INSTRUCTION, pas de A_VALIDER_PUI" in str(next(divergences()))


def test_reads_are_kept_apart(hopital):
    person = hopital.pharmacien()
    journal.record_read(hopital.service, by=person, page="dossier")
    read = AccesLu.objects.get()
    assert (read.actor_id, read.role, read.page) == (person.pk, "PHARMACIEN", "dossier")
    assert read.at <= now()
    assert not Entry.objects.exists()
