"""Public figures: known medians from a known journal, and no small number to be found."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from access.models import Chiffre, Dossier
from access.rules.chiffres import (
    Noeud,
    hidden_in,
    hidden_paths,
    last_closed_day,
    middle_and_p90,
)
from access.services.chiffres import facts_of, gathered, recompute
from access.states import DemandeAacState as S
from access.tasks import compute_figures
from engine import journal
from engine.actors import CLOCK
from engine.clocks import now
from tests.factories.dossiers import brouillon, dossier_at, monde, patient
from tests.factories.medicines import medicament

JOUR = datetime(2025, 3, 3, 9, tzinfo=UTC)


# --- The rule ---------------------------------------------------------------------------

SEUIL = 11


@pytest.mark.parametrize(
    ("group", "hidden"),
    [
        ({"a": 40, "b": 11}, set()),
        ({"a": 40, "b": 10}, {"a", "b"}),
        ({"a": 40, "b": 20, "c": 3}, {"b", "c"}),
        ({"a": 40, "b": 6, "c": 6}, {"b", "c"}),
        ({"a": 40, "b": 30, "c": 2, "d": 3}, {"b", "c", "d"}),
        ({"a": 40, "b": 20, "c": 11, "d": 11}, set()),
        ({"a": 12}, set()),
        ({}, set()),
    ],
)
def test_a_small_cell_takes_others_with_it(group, hidden):
    assert hidden_in(group, sum(group.values()), SEUIL) == hidden


@pytest.mark.parametrize(
    ("group", "parent", "hidden"),
    [
        # Ten of B and all of C are in A too: 41 - 40 would tell the one that is not.
        ({"a": 40, "b": 11, "c": 3}, 41, {"a", "c"}),
        ({"a": 40, "b": 11}, 41, {"a", "b"}),  # the same one person, nothing small being shown
        ({"a": 40, "b": 30, "c": 12}, 41, {"a", "c"}),
        ({"a": 40, "b": 30}, 65, {"a", "b"}),  # five are in both
        ({"a": 40, "b": 30}, 55, set()),
        ({"a": 40, "b": 30, "c": 5, "d": 6}, 60, {"b", "c", "d"}),  # 60 - 70: ten counted twice
        ({"a": 40, "b": 30, "c": 5, "d": 6}, 70, {"c", "d"}),  # 70 - 70 tells of nobody
    ],
)
def test_patients_of_two_products_give_nobody_away(group, parent, hidden):
    assert hidden_in(group, parent, SEUIL) == hidden


groups = st.dictionaries(st.integers(0, 30), st.integers(1, 60), min_size=1, max_size=20)


@given(groups)
def test_nothing_hidden_comes_back_by_subtraction(group):
    total = sum(group.values())
    if total < SEUIL:
        return
    hidden = hidden_in(group, total, SEUIL)
    if hidden and len(group) > 1:
        left = total - sum(count for key, count in group.items() if key not in hidden)
        assert len(hidden) > 1
        assert left >= SEUIL  # the hidden ones together are no small cell either
        # Each hidden cell could be another number: those hidden with it may take one from it.
        assert left > len(hidden) or hidden == set(group)


people = st.dictionaries(
    st.integers(0, 12), st.sets(st.integers(0, 70), min_size=1, max_size=60), min_size=1
)


@given(people)
def test_no_few_people_are_told_by_the_cells_that_share_them(group):
    """Each cell is a set of persons, the parent all of them: every number read is told by sets."""
    everyone = set().union(*group.values())
    if len(everyone) < SEUIL:
        return
    hidden = hidden_in({key: len(cell) for key, cell in group.items()}, len(everyone), SEUIL)
    shown = {key: cell for key, cell in group.items() if key not in hidden}
    few = range(1, SEUIL)
    for cell in shown.values():
        assert len(cell) not in few
        assert len(everyone - cell) not in few
    if shown:
        assert abs(len(everyone) - sum(map(len, shown.values()))) not in few
        assert len(hidden) != 1


@given(st.dictionaries(st.sampled_from("ABC"), groups, min_size=1))
def test_in_a_tree_a_hidden_figure_hides_all_it_adds_up(cadres):
    tree = Noeud(sum(sum(g.values()) for g in cadres.values()))
    for cadre, group in cadres.items():
        node = tree.enfants[cadre] = Noeud(sum(group.values()))
        node.enfants.update({key: Noeud(count) for key, count in group.items()})
    hidden = hidden_paths(tree, SEUIL)
    for cadre, node in tree.enfants.items():
        below = {(cadre, key) for key in node.enfants}
        if () in hidden:
            assert (cadre,) in hidden
        if (cadre,) in hidden:
            assert below <= hidden
        for key, child in node.enfants.items():
            assert (cadre, key) in hidden or child.compte >= SEUIL


def test_middle_and_p90_are_those_of_the_book():
    assert middle_and_p90([float(n) for n in range(1, 11)]) == (5.5, 9.0)
    assert middle_and_p90([3.0]) == (3.0, 3.0)


def test_a_request_sent_twice_counts_from_its_first_sending():
    acts = [("submit", 1), ("submit", 2), ("transmit", 3), ("grant", 4)]
    facts = facts_of(acts)
    assert (facts.sent, facts.transmitted, facts.decided) == (1, 3, 4)


# --- The journal ------------------------------------------------------------------------


def tell(dossier, *acts):
    """A journal with known hours: (action, days after JOUR)."""
    for action, days in acts:
        with time_machine.travel(JOUR + timedelta(days=days), tick=False), transaction.atomic():
            journal.record(dossier, action, by=CLOCK)


def copies(m, produit, count):
    """Requests of as many patients, without walking each one."""
    first = brouillon(m)
    fields = {f.attname: getattr(first, f.attname) for f in Dossier._meta.concrete_fields}
    found = []
    for _ in range(count):
        values = fields | {
            "id": uuid4(), "produit_id": produit.pk,
            "patient_id": patient(m.hopital.etablissement).pk,
        }  # fmt: skip
        found.append(Dossier(**values))
    Dossier.objects.bulk_create(found)
    return found


@pytest.fixture
def known():
    """20 requests of one product decided in 1 to 20 days, 12 of another, 3 of a third."""
    m = monde()
    big, mid, small = m.medicament.produit, medicament().produit, medicament().produit
    for n, dossier in enumerate(copies(m, big, 20), start=1):
        tell(dossier, ("submit", 0), ("transmit", 0.5), ("grant", 0.5 + n))
    for dossier in copies(m, mid, 12) + copies(m, small, 3):
        tell(dossier, ("submit", 0), ("transmit", 2))
    recompute()
    return big, mid, small


def value(mesure, niveau="TOTAL", produit=None):
    return Chiffre.objects.get(annee=2025, mesure=mesure, niveau=niveau, produit=produit)


@pytest.mark.django_db
def test_a_known_journal_gives_known_figures(known):
    big, mid, small = known
    assert value("DEMANDES").valeur == 35
    assert value("PATIENTS").valeur == 35
    assert value("DECISIONS").valeur == 20
    decided = value("DELAI_DECISION")
    assert (decided.mediane, decided.p90, decided.valeur) == (10.5, 18, None)
    sent = value("DELAI_TRANSMISSION")
    assert (sent.mediane, sent.p90) == (0.5, 2)
    assert value("DEMANDES", "CADRE").valeur == 35
    assert value("DEMANDES", "PRODUIT", big).valeur == 20
    for hidden in (mid, small):  # 12 would give 3 away by subtraction
        cell = value("DEMANDES", "PRODUIT", hidden)
        assert (cell.masque, cell.valeur) == (True, None)


@pytest.mark.django_db
def test_figures_come_from_the_journal_not_from_the_state(known):
    before = list(Chiffre.objects.order_by("mesure", "niveau", "produit").values_list("valeur"))
    Dossier.objects.update(decided_at=None, sent_at=None, transmitted_at=None)
    compute_figures()
    after = list(Chiffre.objects.order_by("mesure", "niveau", "produit").values_list("valeur"))
    assert after == before


@pytest.mark.django_db
def test_the_page_shows_no_small_number_and_says_when_it_was_computed(client, known):
    big, mid, small = known
    page = client.get(reverse("access:chiffres"))
    text = page.content.decode()
    assert "calculés le" in text
    assert f"{big.nom} (AAC)" in text
    assert mid.nom not in text
    assert small.nom not in text
    assert "Autres produits" in text
    assert "<svg" in text
    assert "style=" not in text.split("<main")[1]
    assert client.get(reverse("access:chiffres"), {"annee": "2999\0"}).status_code == 200


@pytest.mark.django_db
def test_the_file_holds_the_published_figures_only(client, known):
    answer = client.get(reverse("access:chiffres_csv"))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert {r["produit"] for r in rows if r["niveau"] == "PRODUIT"} == {known[0].nom}
    delays = [r for r in rows if r["mesure"].startswith("DELAI_")]
    shown = [r for r in rows if r["masque"] == "non" and r not in delays]
    assert shown
    assert all(int(r["nombre"]) >= SEUIL for r in shown)
    # 31 sent less 26 transmitted would tell the five that wait.
    assert delays
    assert {r["nombre"] for r in delays} == {""}
    assert any(r["mediane_jours"] for r in delays)


@pytest.mark.django_db
def test_a_patient_of_two_products_gives_no_small_number_away():
    """Forty of A; eleven of B, ten of them in A; three of C, all in A: 41 - 40 would tell one."""
    m = monde()
    a, b, c = m.medicament.produit, medicament().produit, medicament().produit
    first = copies(m, a, 40)
    for product, shared in ((b, first[:10]), (c, first[10:13])):
        rows = copies(m, product, len(shared))
        for row, same in zip(rows, shared, strict=True):
            row.patient_id = same.patient_id
        Dossier.objects.bulk_update(rows, ["patient_id"])
        first += rows
    for dossier in first + copies(m, b, 1):
        tell(dossier, ("submit", 0))
    recompute()
    assert value("PATIENTS").valeur == 41
    assert [value("PATIENTS", "PRODUIT", p).valeur for p in (a, b, c)] == [None, 11, None]


@pytest.mark.django_db
def test_figures_stop_at_the_end_of_a_week_and_say_so(client):
    m = monde()
    for dossier in copies(m, m.medicament.produit, 12):
        tell(dossier, ("submit", 0))
    late = copies(m, m.medicament.produit, 2)
    tell(late[0], ("submit", 13))  # Sunday 16 March
    tell(late[1], ("submit", 14))  # Monday 17
    nights = {}
    for day in (17, 18, 23):
        with time_machine.travel(datetime(2025, 3, day, 4, 15, tzinfo=UTC), tick=False):
            recompute()
        nights[day] = value("DEMANDES").valeur
    assert nights == {17: 13, 18: 13, 23: 13}
    text = client.get(reverse("access:chiffres")).content.decode()
    assert "Chiffres arrêtés au 16\u00a0mars\u00a02025" in text
    lines = b"".join(client.get(reverse("access:chiffres_csv")).streaming_content).decode()
    assert ";2025-03-16;" in lines
    monday = datetime(2025, 3, 23, 23, 15, tzinfo=UTC)  # a quarter past midnight in Paris
    with time_machine.travel(monday, tick=False):
        recompute()
    assert value("DEMANDES").valeur == 14


@pytest.mark.django_db
def test_the_journal_is_read_before_the_figures_are_locked(known, monkeypatch):
    def read(before):
        opened.append(len(connection.savepoint_ids))
        return gathered(before)

    opened = [len(connection.savepoint_ids)]
    monkeypatch.setattr("access.services.chiffres.gathered", read)
    assert recompute() == Chiffre.objects.count()
    assert opened[0] == opened[1]


@pytest.mark.parametrize(
    ("day", "last"),
    [("2026-11-22", "2026-11-15"), ("2026-11-23", "2026-11-22"), ("2026-01-01", "2025-12-28")],
)
def test_the_last_closed_day_is_the_sunday_before_this_week(day, last):
    assert last_closed_day(date.fromisoformat(day)) == date.fromisoformat(last)


@pytest.mark.django_db
def test_a_walked_request_is_counted_and_hidden_while_alone(client):
    assert client.get(reverse("access:chiffres")).status_code == 200
    dossier_at(S.REFUSEE)
    year = now().year
    with time_machine.travel(now() + timedelta(days=8)):  # counted when its week has ended
        assert recompute() > 0
    assert set(Chiffre.objects.values_list("masque", "valeur")) == {(True, None)}
    assert str(year) in client.get(reverse("access:chiffres")).content.decode()


@pytest.mark.django_db
def test_recomputing_reads_the_same_queries_whatever_the_number(known):
    def cost():
        with CaptureQueriesContext(connection) as told:
            recompute()
        return len(told)

    before = cost()
    m = monde()
    for dossier in copies(m, known[0], 10):
        tell(dossier, ("submit", 0))
    assert cost() == before
