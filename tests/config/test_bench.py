"""`manage.py bench`: files at any size, ratios judged, a base with dossiers refused."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from config.bench.ratios import Ratio, percentile
from config.bench.rows import Size, atih_rows, bdpm_lines, misspelt, typed_queries
from referentiel.importers.bdpm import CIP, CIS
from referentiel.models import Cadre, Specialite, SpecialiteAmm
from referentiel.rules import codes
from tests.factories.dossiers import brouillon

SMALL = Size(60, 12)


def test_rows_are_repeated_under_new_valid_keys():
    rows = list(atih_rows(Size(1200, 100)))
    assert len({row[0] for row in rows}) == 1200
    assert all(codes.is_ucd7(row[0]) and row[1] == codes.ucd13_of(row[0]) for row in rows)
    assert sum(not codes.is_generic_code(row[3]) for row in rows) == 100
    lines = bdpm_lines(3200)
    assert len({line[0] for line in lines[CIS]}) == 3200
    cips = [line[6] for line in lines[CIP]]
    assert len(set(cips)) == len(cips)
    assert all(codes.is_cip13(cip) for cip in cips)


def test_sixty_queries_are_typed_the_way_people_type():
    queries = typed_queries(list(atih_rows(Size(1600, 300))))
    assert len(queries) == 60
    assert all(queries)
    assert misspelt("indocin") == "inodcin"


def test_a_ratio_is_judged_against_its_limit():
    assert Ratio("a", 2.0, 1.0, 3).holds
    assert not Ratio("a", 4.0, 1.0, 3).holds
    assert Ratio("b", 20.0, 1.0, 10, at_least=True).holds
    assert "DÉPASSÉ" in Ratio("a", 4.0, 1.0, 3).line
    assert "4,00 (4000,0 ms / 1000,0 ms), limite ≤ 3" in Ratio("a", 4.0, 1.0, 3).line
    assert percentile([float(n) for n in range(1, 101)], 0.95) == 95.0


def bench(*args):
    out = StringIO()
    wanted = ["--specialites", str(SMALL.specialites), "--cadres", str(SMALL.cadres), "--ici"]
    call_command("bench", *wanted, *args, stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.mark.django_db
def test_every_ratio_is_printed_with_its_two_terms():
    printed = [line for line in bench("--sans-limite").splitlines() if "limite" in line]
    assert len(printed) == 7
    assert all(" ms / " in line or " × / " in line for line in printed)
    assert Specialite.objects.count() == SpecialiteAmm.objects.count() == SMALL.specialites
    assert Cadre.objects.count() == SMALL.cadres


@pytest.mark.django_db
def test_over_a_limit_the_command_fails(monkeypatch):
    monkeypatch.setattr(Ratio, "holds", property(lambda self: False))
    with pytest.raises(SystemExit) as stopped:
        bench()
    assert stopped.value.code == 1


@pytest.mark.django_db
def test_a_base_that_holds_dossiers_is_refused():
    brouillon()
    with pytest.raises(CommandError, match="contient des dossiers"):
        bench()
