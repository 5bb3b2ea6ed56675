"""The import service: wrong files, a look without writing, only the accepted pairs."""

import gc
import gzip
import io
from datetime import date

import pytest
import xlsxwriter

from referentiel.models import Cadre, CodeIndication, ImportRun, Produit, Specialite
from referentiel.services import imports
from referentiel.services.import_gardes import version_of
from referentiel.services.imports import import_referentiel
from referentiel.states import StatutImport
from tests.referentiel import samples

pytestmark = pytest.mark.django_db


def imported(path, **options):
    return import_referentiel("atih", path, **options)


@pytest.mark.parametrize(
    ("good", "bad"), [("3400893210079", "3,40089E+12"), ("9321007;34", "932100;34")]
)
def test_codes_a_spreadsheet_damaged_are_named(tmp_path, good, bad):
    rows = [row.replace(good, bad) for row in samples.ATIH_ROWS]
    rapport = imported(samples.atih(tmp_path, rows))
    assert rapport.statut == StatutImport.REFUSE
    assert "Un tableur a abîmé les codes" in rapport.message
    assert not Produit.objects.exists()


# --- Only some pairs, and looking without writing ---------------------------------------


def newer(tmp_path):
    """One end, one pair gone, one new pair."""
    rows = list(samples.ATIH_ROWS)
    rows[0] = rows[0] + "2025-01-31"
    del rows[3]
    rows.append("9428828;3400894288282;NOUVEAU;NEDAR01;Essai;2025-01-01;")
    return samples.atih(tmp_path, rows, name="atih_2025-03.csv")


def test_preview_tells_the_difference_and_writes_nothing(tmp_path, django_assert_max_num_queries):
    imported(samples.atih(tmp_path))
    before = list(CodeIndication.objects.order_by("pk").values())
    with django_assert_max_num_queries(20) as captured:
        bilan = samples.preview("atih", newer(tmp_path))
    assert not [q for q in captured if not q["sql"].startswith("SELECT")]
    assert (bilan.ajoutees, bilan.modifiees, bilan.fermees, bilan.inchangees) == (1, 1, 1, 8)
    rows = {(e.objet, e.cle): (e.genre, *e.texts()) for e in bilan.ecarts}
    assert rows["CodeIndication", "9321007/NINDO05"] == (
        "MODIFICATION",
        {"fin": ""},
        {"fin": "2025-01-31"},
    )
    assert rows["CodeIndication", "9000525/CBULE02"][0] == "FERMETURE"
    assert rows["CodeIndication", "9428828/NEDAR01"][0] == "AJOUT"
    assert rows["Produit", "9428828"][0] == "AJOUT"
    assert list(CodeIndication.objects.order_by("pk").values()) == before
    assert ImportRun.objects.count() == 1


def test_only_accepted_pairs_are_written_or_closed(tmp_path):
    imported(samples.atih(tmp_path))
    path = newer(tmp_path)
    lot = imports.PARSERS["atih"](path)
    release = version_of(lot, path, "")
    run = imports.write_lot(lot, release, by="essai", only={("9000525", "CBULE02")})
    assert (run.ajoutees, run.modifiees, run.fermees) == (0, 0, 1)
    assert CodeIndication.objects.get(code="CBULE02").absente_version == "2025-03"
    assert not Cadre.objects.get(code="CBULE02").is_open(date(2025, 3, 1))
    assert CodeIndication.objects.get(code="NINDO05").fin is None
    assert not Specialite.objects.filter(ucd7="9428828").exists()


def test_pair_accepted_alone_leaves_the_other_pair_of_its_cadre(tmp_path):
    """Two UCD grouped in one product share their cadre: its end is that of the last one."""
    imported(samples.atih(tmp_path))
    one, two = Specialite.objects.get(ucd7="9453973"), Specialite.objects.get(ucd7="9330963")
    two.codes.update(cadre=one.codes.get().cadre)
    Specialite.objects.filter(pk=two.pk).update(produit=one.produit)
    rows = [
        row.replace("2025-08-15", "2025-01-01" if row.startswith("9453973") else "2025-02-02")
        for row in samples.ATIH_ROWS
    ]
    path = samples.atih(tmp_path, rows, name="atih_2025-03.csv")
    lot = imports.PARSERS["atih"](path)
    release = version_of(lot, path, "")
    imports.write_lot(lot, release, by="essai", only={("9453973", "NTHAL01")})
    assert one.codes.get().fin == date(2025, 1, 1)
    assert two.codes.get().fin == date(2025, 8, 15)
    assert one.codes.get().cadre.fin == date(2025, 8, 15)


# --- Wrong files ------------------------------------------------------------------------


def _gzip_bomb():
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as out:
        out.write(b"9;" * (6 * 1024 * 1024))
    return packed.getvalue()


def _workbook():
    packed = io.BytesIO()
    book = xlsxwriter.Workbook(packed)
    book.add_worksheet().write_row(0, 0, samples.ATIH_HEADER.split(";"))
    book.close()
    return packed.getvalue()


GOOD = samples.text(samples.ATIH_HEADER, samples.ATIH_ROWS)
WRONG = {
    "UTF-16": (lambda: GOOD.encode("utf-16"), "UTF-16"),
    "mojibake": (lambda: (GOOD * 4).encode().decode("latin-1").encode(), "accents"),
    "error page": (lambda: b"<body><h1>503</h1></body>", "page web"),
    "XML": (lambda: b'\n<?xml version="1.0"?><Error/>', "page web"),
    "workbook": (_workbook, "classeur"),
    "truncated": (lambda: GOOD.encode()[:-20], "tronqué"),
    "open quote": (lambda: GOOD.replace('virgule"', "virgule").encode(), "tronqué"),
    "binary": (lambda: b"\x00\x01\x02" * 50, "octets nuls"),
    "separator": (lambda: GOOD.replace(";", ",").encode(), "n'a pas les colonnes"),
}


@pytest.mark.parametrize(("data", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_wrong_file_gets_one_sentence_and_changes_nothing(tmp_path, data, sentence):
    imported(samples.atih(tmp_path, samples.filler(3), name="a_2024-01.csv"))
    before = list(CodeIndication.objects.order_by("pk").values())
    path = tmp_path / "liste_2025-03.csv"
    path.write_bytes(data())
    rapport = imported(path)
    assert rapport.statut == StatutImport.REFUSE
    assert sentence in rapport.message
    assert "\n" not in rapport.message
    assert list(CodeIndication.objects.order_by("pk").values()) == before


def test_gzip_bomb_changes_nothing(tmp_path):
    path = tmp_path / "liste_2025-03.csv.gz"
    path.write_bytes(_gzip_bomb())
    assert "taille anormale" in imported(path).message
    assert not Produit.objects.exists()


def test_the_collector_works_again_after_an_import_that_fails(tmp_path, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("panne")

    monkeypatch.setattr("referentiel.services.imports.version_of", fail)
    with pytest.raises(RuntimeError):
        imported(samples.atih(tmp_path))
    assert gc.isenabled()
