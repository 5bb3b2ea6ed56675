"""Grouped specialities stay grouped when the next official list comes."""

import pytest

from engine.clocks import today
from referentiel.models import Cadre, CodeIndication, Specialite
from referentiel.rules.codes import ucd13_of
from referentiel.services.imports import import_referentiel
from referentiel.services.regroupement import regroup
from tests.referentiel import samples

pytestmark = pytest.mark.django_db
TWINS = tuple(
    f"{ucd};{ucd13_of(ucd)};JUMEAU {n} MG;NJUME01;Maladie jumelle;2024-01-01;"
    for n, ucd in ((5, "9900001"), (10, "9900002"))
)


def rows():
    return [*samples.ATIH_ROWS, *samples.filler(200), *TWINS]


def test_the_next_import_finds_the_grouped_product_again(tmp_path):
    import_referentiel("atih", samples.atih(tmp_path, rows(), name="a_2025-03.csv"))
    kept, other = (
        Specialite.objects.select_related("produit").get(ucd7=ucd).produit
        for ucd in ("9900001", "9900002")
    )
    regroup(kept, [other], by=None)
    assert Cadre.objects.filter(code="NJUME01").count() == 2
    assert CodeIndication.objects.filter(code="NJUME01").values("cadre").distinct().count() == 1
    before = Cadre.objects.count()
    changed = [row.replace("Maladie jumelle;2024-01-01;", "Maladie jumelle;2024-01-01;2027-01-31")
               for row in rows()]  # fmt: skip
    import_referentiel("atih", samples.atih(tmp_path, changed, name="a_2025-04.csv"))
    assert Cadre.objects.count() == before
    assert kept.specialites.count() == 2
    assert other.specialites.count() == 0
    held = kept.cadres.get(code="NJUME01")
    assert (held.is_open(today()), str(held.fin)) == (True, "2027-01-31")
    assert not other.cadres.get(code="NJUME01").is_open(today())
