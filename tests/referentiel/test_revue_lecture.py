"""An uploaded list is read into differences by a job; a bad file ends refused, in one sentence."""

import zipfile
from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from referentiel.importers import reading
from referentiel.models import CodeIndication, ImportRun, LigneLes
from referentiel.services import medicines, revue_decisions, revue_lecture, revues
from referentiel.services.imports import import_referentiel
from referentiel.states import EtatLigneRevue, StatutRevue
from referentiel.states import GenreLigneRevue as G
from tests.referentiel import lists, samples

pytestmark = pytest.mark.django_db


@pytest.fixture
def revue(base, by):
    return lists.read(by, lists.next_file())


# --- Reading ----------------------------------------------------------------------------


def test_a_release_is_read_as_differences_and_writes_nothing(revue):
    assert (revue.statut, revue.version, revue.lues, revue.inchangees) == (
        StatutRevue.A_REVOIR, "2025-03", 10, 8,
    )  # fmt: skip
    found = {(line.genre, line.cle) for line in revue.lignes.all()}
    assert found == {
        (G.MODIFICATION, "9000525/CBULE02"),
        (G.AJOUT, "9000525/CBULE03"),
        (G.FERMETURE, lists.FERMEE),
    }
    assert not CodeIndication.objects.filter(code="CBULE03").exists()
    assert ImportRun.objects.count() == 1


def test_a_change_shows_old_and_new_and_only_what_differs(revue):
    row = lists.line(revue, "9000525/CBULE02")
    assert (row.avant, row.apres) == ({"fin": ""}, {"fin": "2026-12-31"})
    assert (row.certaine, row.motifs) == (True, [])
    assert row.libelle == "HEPCLUDEX 2MG INJ FL"


def test_a_new_product_is_never_certain(base, by):
    row = "9000001;3400890000017;POSACONAZOLE;CPOSA01;Essai;2025-01-01;"
    revue = lists.read(by, lists.atih_file([*samples.ATIH_ROWS, row], "a_2025-03.csv"))
    assert lists.line(revue, "9000001/CPOSA01").motifs == ["ouvre un nouveau produit"]


def test_a_value_a_person_typed_makes_a_conflict_side_by_side(base, by):
    code = CodeIndication.objects.get(code="CBULE02")
    medicines.update_code(code, by=by, fin=date(2025, 5, 5))
    row = lists.line(lists.read(by, lists.next_file()), "9000525/CBULE02")
    assert (row.genre, row.certaine) == (G.CONFLIT, False)
    said = {source["source"]: source["dit"] for source in row.ailleurs}
    assert said["Saisi par une personne"] == "fin : 05/05/2025"
    assert "31/12/2026" in said["ATIH, liste AP-AC-CPC"]


def test_the_liste_en_sus_and_the_corrections_are_shown_when_they_disagree(base, by):
    LigneLes.objects.create(ucd7="9000525", code="CBULE02", fin=date(2026, 6, 30))
    LigneLes.objects.create(ucd7="9157329", code="RITRA01", debut=date(2024, 2, 7))
    rows = [*lists.NEXT_ROWS, "9157329;3400891573299;SPORANOX;NTHAL02;Essai;2025-01-01;"]
    revue = lists.read(by, lists.atih_file(rows, "a_2025-03.csv"))
    assert "30/06/2026" in str(lists.line(revue, "9000525/CBULE02").ailleurs)
    closing = lists.line(revue, lists.FERMEE)
    assert (closing.genre, closing.certaine) == (G.CONFLIT, False)


def test_a_published_decision_that_ends_elsewhere_is_shown(tmp_path, by):
    translarna = "9405157;3400894051572;TRANSLARNA 125MG;CATAL01;Duchenne;2021-07-01;"
    import_referentiel("atih", samples.atih(tmp_path, [*samples.ATIH_ROWS, translarna]))
    rows = [*samples.ATIH_ROWS, translarna + "2027-01-01"]
    row = lists.line(lists.read(by, lists.atih_file(rows, "a_2025-03.csv")), "9405157/CATAL01")
    assert row.genre == G.CONFLIT
    assert "28/03/2025" in str(row.ailleurs)


def test_the_letter_and_the_corrections_table_are_set_side_by_side(by):
    revue = lists.read(by, lists.atih_file())
    row = lists.line(revue, "9453973/NTHAL01")
    assert row.genre == G.CONFLIT
    assert {(s["source"], s["dit"]) for s in row.ailleurs} >= {
        ("Première lettre du code", "AAC"),
        ("Table des corrections", "CPC"),
    }


def test_many_closures_at_once_are_not_certain(tmp_path, by):
    import_referentiel("atih", samples.atih(tmp_path, [*samples.ATIH_ROWS, *samples.filler(30)]))
    revue = lists.read(by, lists.atih_file(name="a_2025-03.csv"))
    closed = revue.lignes.filter(genre=G.FERMETURE)
    assert closed.count() == 30
    assert not closed.filter(certaine=True).exists()


BAD = {
    "page web": (b"<!doctype html><html>", "page web"),
    "vide": (b"   ", "vide"),
    "colonnes": (b"a;b\n1;2\n", "n'a pas les colonnes"),
    "utf16": ("ucd_7;x".encode("utf-16"), "UTF-16"),
    "classeur": (b"PK\x03\x04rien", "classeur"),
    "pdf": (b"%PDF-1.7", "PDF"),
    "nul": (b"ucd_7;\0", "octets nuls"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_wrong_file_ends_refused_with_one_sentence(base, by, name):
    data, expected = BAD[name]
    revue = lists.read(by, SimpleUploadedFile("liste.csv", data))
    assert revue.statut == StatutRevue.REFUSEE
    assert expected in revue.message
    assert revue.message.count("\n") == 0
    assert revue.lignes.count() == 0


def test_a_truncated_file_and_an_old_one_are_refused(base, by):
    text = samples.text(samples.ATIH_HEADER, samples.ATIH_ROWS)[:-30]
    assert "tronqué" in lists.read(by, lists.csv_file(text)).message
    old = lists.read(by, lists.atih_file(lists.NEXT_ROWS, "atih_2023-01.csv"))
    assert "plus ancienne" in old.message
    assert "déjà été importé" in lists.read(by, lists.atih_file()).message


def test_a_month_read_in_the_dates_is_judged_alike_when_it_is_written(base, by, tmp_path):
    """A content date lags behind its release: what the reading let pass, the writing does too."""
    import_referentiel("atih", samples.atih(tmp_path, lists.NEXT_ROWS, "atih_2025-03.csv"))
    rows = [*lists.NEXT_ROWS, *samples.filler(500, debut="2025-02-01")]
    revue = lists.read(by, lists.atih_file(rows, "liste.csv"))
    assert (revue.statut, revue.version) == (StatutRevue.A_REVOIR, "2025-02"), revue.message
    revue_decisions.decide_kind(revue, by=by, etat=EtatLigneRevue.ACCEPTEE, genre=G.AJOUT)
    lists.applied(by, revue)


def test_a_file_of_millions_of_lines_is_refused_before_it_is_parsed(base, by, monkeypatch):
    monkeypatch.setattr(reading, "MAX_LINES", 5)
    assert "plus de 5 lignes" in lists.read(by, lists.next_file()).message


def test_what_nobody_foresaw_is_refused_and_does_not_wait(base, by, monkeypatch):
    monkeypatch.setattr(revue_lecture, "parsed", lambda *_: 1 / 0)
    revue = lists.read(by, lists.next_file())
    assert (revue.statut, "n'a pas su lire" in revue.message) == (StatutRevue.REFUSEE, True)


def test_refused_lines_are_kept_with_the_review(base, by):
    bad = "9000525;3400890005258;HEPCLUDEX;CBULE03;=1+1;pas une date;"
    rows = [*samples.ATIH_ROWS, *samples.filler(210), bad]
    revue = lists.read(by, lists.atih_file(rows, "a_2025-03.csv"))
    assert revue.statut == StatutRevue.A_REVOIR
    assert revue.rejets[0]["colonne"] == "date_debut"


def test_a_second_reading_job_changes_nothing(revue):
    before = set(revue.lignes.values_list("pk", flat=True))
    revue_lecture.read_revue(revue.pk)
    assert set(revue.lignes.values_list("pk", flat=True)) == before


def test_the_stored_name_tells_nothing_and_the_shown_name_is_safe(base, by):
    upload = lists.next_file()
    upload.name = "..\\..\\mon\x00fichier.csv"
    revue = revues.open_revue(by=by, source="atih", upload=upload)
    assert "fichier" not in revue.fichier.name
    assert revue.nom_fichier == "monfichier.csv"


# --- Other sources ----------------------------------------------------------------------


def test_a_table_of_labels_is_compared_then_applied_whole(by):
    text = samples.text(samples.UCD_HEADER, samples.UCD_ROWS)
    revue = lists.read(by, lists.csv_file(text, "ucd_2025-03.csv"), source="ucd")
    assert set(revue.lignes.values_list("objet", flat=True)) == {"CodeUcd"}
    run = lists.applied(by, revue)
    assert run.ajoutees == 3


def test_the_bdpm_comes_as_a_zip(by, tmp_path):
    folder = samples.bdpm(tmp_path / "bdpm")
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path in folder.iterdir():
            archive.write(path, f"dossier/{path.name}")
    upload = SimpleUploadedFile("bdpm_2026-05.zip", out.getvalue())
    revue = lists.read(by, upload, source="bdpm")
    assert revue.statut == StatutRevue.A_REVOIR, revue.message
    assert lists.applied(by, revue).ajoutees > 0


def test_a_zip_bomb_and_a_broken_zip_are_refused(by):
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("CIS_bdpm.txt", b"0" * (30 * 1024 * 1024))
    bomb = lists.read(by, SimpleUploadedFile("bdpm.zip", out.getvalue()), source="bdpm")
    assert "taille anormale" in bomb.message
    broken = SimpleUploadedFile("bdpm.zip", out.getvalue()[:200])
    assert "endommagée" in lists.read(by, broken, source="bdpm").message
