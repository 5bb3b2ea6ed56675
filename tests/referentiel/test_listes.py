"""The age of each list, from its version or from the day it was applied."""

from datetime import UTC, date, datetime

import pytest

from referentiel.models import ImportRun, Parametre
from referentiel.selectors import listes
from referentiel.states import SourceImport

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


def run(source, version, when=datetime(2026, 11, 1, tzinfo=UTC)):
    return ImportRun.objects.create(
        source=source, statut="APPLIQUE", version=version, sha256=version, commence_le=when
    )


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("2025-03", date(2025, 3, 1)),
        ("2023", date(2023, 12, 1)),
        ("", date(2026, 11, 1)),
        ("2031-01", date(2026, 11, 1)),
        ("absurde", date(2026, 11, 1)),
    ],
)
def test_a_list_is_as_old_as_its_version(version, expected):
    assert listes.released(run("atih", version)) == expected


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "aujourd'hui"), (1, "1 jour"), (59, "59 jours"), (90, "2 mois"), (1100, "3 ans")],
)
def test_an_age_is_said_in_words(days, words):
    assert listes.age_in_words(days) == words


def test_the_limit_is_a_dated_parameter_by_source_or_for_all():
    run("sae", "2026-01")
    run("atih", "2026-10")
    found = {etat.nom: etat for etat in listes.etat_listes(TODAY, ["sae", "atih", "ucd"])}
    assert not found[SourceImport.SAE.label].perimee
    assert not found[SourceImport.ATIH.label].perimee
    assert found[SourceImport.UCD.label].run is None
    Parametre.objects.create(
        code="liste.age_max_jours", valeur="10", debut=date(2026, 1, 1), libelle="x", source="y"
    )
    found = {etat.nom: etat for etat in listes.etat_listes(TODAY, ["sae", "atih"])}
    assert found[SourceImport.ATIH.label].perimee
    assert not found[SourceImport.SAE.label].perimee


def test_only_the_last_run_applied_counts():
    run("atih", "2024-06", datetime(2024, 7, 1, tzinfo=UTC))
    last = run("atih", "2025-03", datetime(2025, 4, 1, tzinfo=UTC))
    ImportRun.objects.create(
        source="atih",
        statut="REFUSE",
        version="2026-01",
        commence_le=datetime(2026, 1, 1, tzinfo=UTC),
    )
    assert listes.etat_listes(TODAY, ["atih"])[0].run == last
