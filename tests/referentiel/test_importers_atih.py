"""ATIH list AP-AC-CPC: typed rows, difference, history, refusals."""

from datetime import date

import pytest

from engine import clocks
from referentiel.models import (
    Cadre,
    CodeIndication,
    Correction,
    ImportRejet,
    ImportRun,
    Produit,
    Specialite,
    ValeurRemplacee,
)
from referentiel.services.import_rapports import DEJA_CONNU
from referentiel.services.imports import import_referentiel
from referentiel.services.medicines import update_cadre
from referentiel.states import StatutCadre, StatutImport
from tests.referentiel import samples

pytestmark = pytest.mark.django_db


def imported(path, **options):
    return import_referentiel("atih", path, **options)


def test_sample_makes_products_cadres_and_codes(tmp_path):
    rapport = imported(samples.atih(tmp_path))
    assert rapport.statut == StatutImport.APPLIQUE
    assert (rapport.lues, rapport.bilan.ajoutees, rapport.rejets) == (10, 10, [])
    assert Specialite.objects.count() == Produit.objects.count() == 7
    # Generic codes belong to the UCD and make no cadre.
    assert Cadre.objects.count() == 7
    assert not CodeIndication.objects.filter(generique=True).exclude(cadre=None).exists()
    assert CodeIndication.objects.filter(generique=True).count() == 3
    run = ImportRun.objects.get()
    assert (run.version, run.ajoutees, run.ecartees) == ("2024-06", 10, 0)


def test_letter_lies_and_the_corrections_table_knows(tmp_path):
    imported(samples.atih(tmp_path))
    found = {
        (code.specialite.ucd7, code.code): (code.cadre_type, code.source)
        for code in CodeIndication.objects.select_related("specialite")
    }
    assert found["9453973", "NTHAL01"] == ("CPC", "décision")
    assert found["9330963", "NTHAL01"] == ("CPC", "décision")
    assert found["9321007", "NINDO05"] == ("AAC", "lettre")
    assert found["9181753", "I000444"][0] == "CPC"
    assert found["9003207", "DRUXO01"] == ("DIRECT", "lettre")


def test_a_person_s_correction_outweighs_letter_and_shipped_table(tmp_path):
    Correction.objects.create(
        ucd7="9321007", code="NINDO05", framework="CPC", cadre_source="personne", motif="essai"
    )
    imported(samples.atih(tmp_path))
    assert Cadre.objects.get(code="NINDO05").framework == "CPC"
    assert Cadre.objects.get(code="NINDO05").statut == "EN_VIGUEUR"


def test_missing_dates_stay_missing_and_labels_stay_as_published(tmp_path):
    long_label = "x" * 200
    rows = [
        *samples.ATIH_ROWS,
        f"9000041;3400890000413;GIVLAARI;CGIVO01;{long_label};;",
    ]
    imported(samples.atih(tmp_path, rows))
    code = CodeIndication.objects.get(code="CGIVO01")
    assert (code.debut, code.fin, code.libelle_tronque) == (None, None, True)
    assert Cadre.objects.get(code="CGIVO01").debut is None
    assert CodeIndication.objects.get(code="DRUXO01").libelle == (
        "Traitement du n½ud ; avec un point-virgule"
    )
    assert "noeud" in Produit.objects.get(nom="RUXOLITINIB").texte_recherche


def test_same_file_again_is_a_no_op(tmp_path):
    path = samples.atih(tmp_path)
    imported(path)
    again = imported(samples.atih(tmp_path, name="copie_2030-01.csv"))
    assert again.statut == DEJA_CONNU
    assert again.accepted
    assert ImportRun.objects.count() == 1


def test_newer_release_updates_and_keeps_history(tmp_path):
    imported(samples.atih(tmp_path))
    rows = list(samples.ATIH_ROWS)
    rows[0] = rows[0] + "2025-01-31"
    del rows[3]
    rows.append("9428828;3400894288282;NOUVEAU;NEDAR01;Essai;2025-01-01;")
    rapport = imported(samples.atih(tmp_path, rows, name="atih_2025-03.csv"))
    bilan = rapport.bilan
    assert (bilan.ajoutees, bilan.modifiees, bilan.fermees, bilan.inchangees) == (1, 1, 1, 8)
    code = CodeIndication.objects.get(code="NINDO05")
    assert code.fin == code.cadre.fin == date(2025, 1, 31)
    replaced = ValeurRemplacee.objects.get(
        objet="CodeIndication", cle="9321007/NINDO05", champ="fin"
    )
    assert (replaced.ancienne, replaced.nouvelle) == ("", "2025-01-31")
    gone = CodeIndication.objects.get(code="CBULE02")
    assert (gone.absente_version, gone.absente_depuis) == ("2025-03", date(2025, 3, 1))
    assert gone.covers(date(2025, 2, 28))
    assert not gone.covers(date(2025, 3, 1))
    assert not gone.cadre.is_open(date(2025, 3, 1))
    mark = ValeurRemplacee.objects.get(cle="9000525/CBULE02", objet="CodeIndication")
    assert mark.nouvelle == "absente de la version du 2025-03"


def test_a_row_that_comes_back_stands_again(tmp_path):
    imported(samples.atih(tmp_path))
    imported(samples.atih(tmp_path, samples.ATIH_ROWS[1:], name="a_2024-09.csv"))
    rows = [*samples.ATIH_ROWS, "9428828;3400894288282;NOUVEAU;NEDAR01;Essai;2025-01-01;"]
    rapport = imported(samples.atih(tmp_path, rows, name="a_2025-03.csv"))
    code = CodeIndication.objects.get(code="NINDO05")
    assert code.absente_version == ""
    assert code.cadre.is_open(date(2025, 3, 1))
    assert rapport.bilan.fermees == 0


def test_older_release_after_a_newer_one_is_refused(tmp_path):
    imported(samples.atih(tmp_path, name="atih_2025-03.csv"))
    rapport = imported(samples.atih(tmp_path, samples.ATIH_ROWS[:-1], name="atih_2024-06.csv"))
    assert rapport.statut == StatutImport.REFUSE
    assert "plus ancienne" in rapport.message
    assert not CodeIndication.objects.exclude(absente_version="").exists()


def test_a_status_a_person_gave_keeps_its_cadre_when_the_list_changes_framework(tmp_path):
    imported(samples.atih(tmp_path, name="atih_2024-06.csv"))
    cadre = Cadre.objects.get(code="NINDO05")
    update_cadre(cadre, by=None, statut=StatutCadre.SUSPENDUE)
    Correction.objects.create(
        ucd7="9321007", code="NINDO05", framework="CPC", cadre_source="décision", motif="Essai"
    )
    rapport = imported(samples.atih(tmp_path, samples.ATIH_ROWS[::-1], name="atih_2025-03.csv"))
    assert rapport.accepted, rapport.message
    cadre.refresh_from_db()
    assert (cadre.framework, cadre.statut) == ("AAC", StatutCadre.SUSPENDUE)


def test_version_may_be_asked(tmp_path):
    rapport = imported(samples.atih(tmp_path, name="liste.csv"), version="2025-03")
    assert rapport.version == "2025-03"
    refused = imported(samples.atih(tmp_path, name="autre.csv"), version="mars")
    assert "AAAA-MM" in refused.message


def test_what_a_person_typed_survives_the_next_release(tmp_path):
    imported(samples.atih(tmp_path))
    cadre = Cadre.objects.get(code="NINDO05")
    cadre.indication, cadre.champs_saisis = "Indication relue", ["indication"]
    cadre.save()
    rows = [samples.ATIH_ROWS[0].replace("congénital", "congénital sévère"), *samples.ATIH_ROWS[1:]]
    imported(samples.atih(tmp_path, rows, name="a_2025-03.csv"))
    cadre.refresh_from_db()
    assert cadre.indication == "Indication relue"
    assert cadre.codes.get().libelle == "Syndrome néphrotique congénital sévère"


BAD_ROWS = {
    "ucd_13 letter": (
        "9426605;340089426605I;TYSABRI;NTYSA01;SEP;2024-08-07;",
        "ucd_13",
    ),
    "ucd_13 spreadsheet": ("9347604;3,40089E+12;CLAIRYG;NCLAI01;X;2021-10-01;", "ucd_13"),
    "ucd_7": ("932100;3400893210079;INDOCIN;NINDO09;X;2021-07-01;", "ucd_7"),
    "reserved": ("9999910;3400899999107;RESERVE;NINDO09;X;2021-07-01;", "ucd_7"),
    "code": ("9321007;3400893210079;INDOCIN;XINDO09;X;2021-07-01;", "indication"),
    "LES generic": ("9321007;3400893210079;INDOCIN;I999999;X;2021-07-01;", "indication"),
    "french date": ("9321007;3400893210079;INDOCIN;NINDO09;X;01/07/2021;", "date_debut"),
    "impossible day": ("9321007;3400893210079;INDOCIN;NINDO09;X;2021-02-30;", "date_debut"),
    "end first": ("9321007;3400893210079;INDOCIN;NINDO09;X;2021-07-01;2020-01-01", "date_fin"),
    "columns": ("9321007;3400893210079;INDOCIN;NINDO09;X;2021-07-01", ""),
    "duplicate": (samples.ATIH_ROWS[0].replace("congénital", "autre"), ""),
    "control": ("9321007;3400893210079;INDOCIN;NINDO09;X\x01;2021-07-01;", "indication_libelle"),
}


@pytest.mark.parametrize(("bad", "column"), BAD_ROWS.values(), ids=BAD_ROWS.keys())
def test_bad_row_is_set_aside_with_line_column_and_reason(tmp_path, bad, column):
    rows = [*samples.ATIH_ROWS, *samples.filler(200), bad]
    rapport = imported(samples.atih(tmp_path, rows))
    assert rapport.statut == StatutImport.APPLIQUE, rapport.message
    rejet = ImportRejet.objects.get()
    assert (rejet.ligne, rejet.colonne) == (len(rows) + 1, column)
    assert rejet.raison
    assert rejet.contenu == bad
    assert rapport.bilan.ajoutees == len(rows) - 1


def test_threshold_is_half_a_percent_and_refuses_whole(tmp_path):
    bad = BAD_ROWS["ucd_13 letter"][0]
    at_limit = [*samples.filler(199), bad]
    assert imported(samples.atih(tmp_path, at_limit)).accepted
    beyond = [*samples.filler(198), bad]
    rapport = imported(samples.atih(tmp_path, beyond, name="a_2025-03.csv"))
    assert rapport.statut == StatutImport.REFUSE
    assert "0,5" in rapport.message
    assert "ucd_13" in rapport.message
    refused = ImportRun.objects.get(statut=StatutImport.REFUSE)
    assert refused.rejets.count() == 1


LAYOUTS = {
    "other names": ("ucd;ucd13;libelle;code;libelle;debut;fin", "il manque ucd_7"),
    "comma": (samples.ATIH_HEADER.replace(";", ","), "n'a pas les colonnes"),
    "less": (samples.ATIH_HEADER.replace(";date_fin", ""), "date_fin"),
    "more": (samples.ATIH_HEADER + ";autre", "8 colonnes"),
}


@pytest.mark.parametrize(("header", "sentence"), LAYOUTS.values(), ids=LAYOUTS.keys())
def test_other_layout_is_refused(tmp_path, header, sentence):
    rapport = imported(samples.atih(tmp_path, header=header))
    assert rapport.statut == StatutImport.REFUSE
    assert sentence in rapport.message
    assert not Produit.objects.exists()
    assert ImportRun.objects.get().statut == StatutImport.REFUSE


@pytest.mark.parametrize("cut", [2, 5, 9, 30, 60])
def test_truncated_last_line_is_refused(tmp_path, cut):
    """Cut in a date, in a label or in a code: never taken for a whole row."""
    last = "9453973;3400894539735;Thalidomide;NTHAL02;Aphtose sévère;2022-05-09;2025-08-15"
    path = samples.atih(tmp_path, [*samples.ATIH_ROWS, *samples.filler(400), last])
    path.write_bytes(path.read_bytes()[:-cut])
    rapport = imported(path)
    assert "tronqué" in rapport.message
    assert not Produit.objects.exists()


def test_header_alone_is_refused(tmp_path):
    assert "aucune ligne" in imported(samples.atih(tmp_path, [])).message


def test_columns_in_another_order_and_windows_encoding(tmp_path):
    header = "indication;ucd_7;ucd_13;ucd_libelle;indication_libelle;date_debut;date_fin"
    row = "NINDO05;9321007;3400893210079;INDOCIN;Syndrome néphrotique;2021-07-01;"
    rapport = imported(samples.atih(tmp_path, [row], header=header, encoding="windows-1252"))
    assert rapport.accepted
    assert CodeIndication.objects.get().libelle == "Syndrome néphrotique"


def test_failure_while_writing_leaves_nothing(tmp_path, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("panne")

    monkeypatch.setattr("referentiel.services.imports.refresh_search_texts", fail)
    with pytest.raises(RuntimeError):
        imported(samples.atih(tmp_path))
    assert not Produit.objects.exists()
    assert not ImportRun.objects.exists()


def test_run_is_dated_by_the_one_clock(tmp_path, settings):
    imported(samples.atih(tmp_path))
    assert ImportRun.objects.get().commence_le.date() == clocks.now().date()


# --- Layout of 2021 ---------------------------------------------------------------------


def test_layout_of_2021_on_an_empty_register(tmp_path):
    rapport = imported(samples.atih_2021(tmp_path))
    assert rapport.accepted, rapport.message
    assert (rapport.version, rapport.lues, rapport.bilan.ajoutees) == ("2021-08", 5, 4)
    assert rapport.rejets == []
    vonvendi = CodeIndication.objects.get(code="CVONI01")
    assert len(vonvendi.libelle) > 500
    assert (vonvendi.debut, vonvendi.fin) == (date(2018, 8, 24), date(2019, 1, 7))
    # Kept as published: control characters and line breaks are the source's.
    assert CodeIndication.objects.get(code="NINDO05").libelle == "Syndrome n\x92est pas\x85 fini"
    assert CodeIndication.objects.get(code="NINDO06").libelle.splitlines()[0] == "Âge ? 18 ans"
    generic = CodeIndication.objects.get(code="NXXXX00")
    assert (generic.debut, generic.fin) == (date(2019, 1, 1), date(2021, 12, 31))
    assert generic.libelle == "Une autre indication"


def test_layout_of_2021_tells_its_own_version(tmp_path):
    """Its name may say nothing, or lie: the `source` column dates each row."""
    assert imported(samples.atih_2021(tmp_path, name="liste_2030-01.csv")).version == "2021-08"


def test_layout_of_2021_after_a_newer_release_is_refused(tmp_path):
    imported(samples.atih(tmp_path))
    rapport = imported(samples.atih_2021(tmp_path))
    assert rapport.statut == StatutImport.REFUSE
    assert "(2021-08) est plus ancienne que celle déjà importée (2024-06)" in rapport.message
    assert not CodeIndication.objects.filter(code="CVONI01").exists()


def test_layout_of_2021_then_a_newer_release(tmp_path):
    imported(samples.atih_2021(tmp_path))
    rapport = imported(samples.atih(tmp_path))
    bilan = rapport.bilan
    assert (bilan.modifiees, bilan.fermees) == (2, 2)
    assert CodeIndication.objects.get(code="NINDO05").libelle == "Syndrome néphrotique congénital"


@pytest.mark.parametrize(
    ("good", "bad", "column"),
    [
        ("01/07/2021;", "2021-07-01;", "date_debut"),
        ("Liste AC 01/08/2021", "Liste ?", "source"),
    ],
)
def test_bad_row_of_2021(tmp_path, good, bad, column):
    rows = [samples.ATIH_2021_ROWS[1].replace(good, bad)]
    assert f"colonne {column}" in imported(samples.atih_2021(tmp_path, rows)).message


def test_one_bad_row_too_many_is_said_in_the_singular(tmp_path):
    rapport = imported(samples.atih(tmp_path, [*samples.ATIH_ROWS, "x;;;;;;"]))
    assert "1 ligne fautive sur" in rapport.message
