"""What an import does not believe: a cut file, a bad row's silence, a version to come."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from referentiel.models import Cadre, Changement, CodeIndication, CodeUcd, ImportRun, Produit
from referentiel.services.imports import import_referentiel
from referentiel.states import StatutImport
from tests.referentiel import samples

pytestmark = pytest.mark.django_db
WHOLE = 600
DEBUT = "Traitement des adultes atteints d'une maladie rare de démonstration, "
ENTIER = DEBUT + "en échec des traitements disponibles ou qui ne les supportent pas, " * 3


def atih(folder, rows, month):
    return import_referentiel("atih", samples.atih(folder, rows, name=f"atih_{month}.csv"))


def absent():
    return CodeIndication.objects.exclude(absente_version="").count()


# --- A file cut at the end of a line ----------------------------------------------------


def test_a_release_cut_at_the_end_of_a_line_is_refused(tmp_path):
    rows = samples.filler(WHOLE)
    atih(tmp_path, rows, "2025-03")
    rapport = atih(tmp_path, rows[:90], "2025-06")
    assert rapport.statut == StatutImport.REFUSE
    assert "fermerait 510 lignes sur 600" in rapport.message
    assert absent() == 0
    assert atih(tmp_path, rows[:590], "2025-06").bilan.fermees == 10


def test_a_short_list_is_told_cut_too(tmp_path):
    rows = samples.filler(60)
    atih(tmp_path, rows, "2025-03")
    assert "fermerait 30 lignes sur 60" in atih(tmp_path, rows[:30], "2025-06").message
    assert atih(tmp_path, rows[:55], "2025-06").bilan.fermees == 5


def test_a_person_may_say_that_the_short_file_is_whole(tmp_path):
    rows = samples.filler(WHOLE)
    atih(tmp_path, rows, "2025-03")
    short = samples.atih(tmp_path, rows[:90], name="atih_2025-06.csv")
    call_command(
        "import_referentiel", "atih", str(short), "--accepter-fermetures", stdout=StringIO()
    )
    assert absent() == 510


def ucd(folder, count, month):
    rows = [";".join(row.split(";")[:3]) for row in samples.filler(count)]
    return samples.ucd(folder, rows, name=f"ucd_{month}.csv")


def test_every_source_is_told_cut(tmp_path):
    import_referentiel("ucd", ucd(tmp_path, WHOLE, "2025-01"))
    rapport = import_referentiel("ucd", ucd(tmp_path, 100, "2025-02"))
    assert (rapport.statut, "fermerait 500 lignes sur 600" in rapport.message) == ("REFUSE", True)
    assert not CodeUcd.objects.exclude(absente_version="").exists()
    with pytest.raises(Exception, match="fermerait 500 lignes sur 600"):
        samples.preview("ucd", ucd(tmp_path, 100, "2025-02"))


# --- A row set aside says nothing of its pair -------------------------------------------


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(lambda row: row.replace("2022-01-01", "2022-13-01"), id="a date"),
        pytest.param(lambda row: row + ";de trop", id="one column too many"),
        pytest.param(lambda row: row.replace("9100007;", "91OOOO7;", 1), id="one of two UCD"),
        pytest.param(lambda row: row.replace("NFILL01", "NF?LL01"), id="its code"),
    ],
)
def test_a_row_set_aside_closes_nothing(tmp_path, bad):
    rows = samples.filler(WHOLE)
    atih(tmp_path, rows, "2025-03")
    rows[7] = bad(rows[7])
    rapport = atih(tmp_path, rows, "2025-06")
    assert (rapport.bilan.fermees, len(rapport.rejets), rapport.bilan.retenues) == (0, 1, 1)
    assert "1 absente laissée ouverte" in rapport.message
    assert Cadre.objects.filter(absente_depuis=None).count() == WHOLE


def test_what_no_bad_row_names_is_still_closed(tmp_path):
    rows = samples.filler(WHOLE)
    atih(tmp_path, rows, "2025-03")
    rows[7] = rows[7].replace("2022-01-01", "2022-13-01")
    bilan = atih(tmp_path, rows[:-1], "2025-06").bilan
    assert (bilan.fermees, bilan.retenues) == (1, 1)


def test_a_row_that_names_nothing_holds_everything(tmp_path):
    rows = samples.filler(WHOLE)
    atih(tmp_path, rows, "2025-03")
    rows[7] = "illisible;;;;;;"
    bilan = atih(tmp_path, rows[:-1], "2025-06").bilan
    assert (bilan.fermees, bilan.retenues) == (0, 2)


# --- The way back -----------------------------------------------------------------------


def test_the_right_file_again_after_another_is_applied(tmp_path):
    good = samples.ATIH_ROWS
    atih(tmp_path, good, "2025-03")
    atih(tmp_path, good[:-2], "2025-04")
    assert absent() == 2
    path = samples.atih(tmp_path, good, name="atih_2025-03.csv")
    refused = import_referentiel("atih", path)
    assert (refused.statut, "plus ancienne" in refused.message) == (StatutImport.REFUSE, True)
    back = import_referentiel("atih", path, revenir=True)
    assert (back.statut, absent()) == (StatutImport.APPLIQUE, 0)
    assert import_referentiel("atih", path).statut == "DEJA_CONNU"


def test_files_that_come_one_by_one_are_each_known(tmp_path):
    les, events = samples.les(tmp_path), samples.evenements(tmp_path)
    for path in (les, events):
        assert import_referentiel("les", path).statut == StatutImport.APPLIQUE
    assert [import_referentiel("les", path).statut for path in (les, events)] == ["DEJA_CONNU"] * 2


def test_a_version_to_come_is_refused(tmp_path):
    rapport = atih(tmp_path, samples.ATIH_ROWS, "2099-12")
    assert (rapport.statut, "est à venir" in rapport.message) == (StatutImport.REFUSE, True)
    assert atih(tmp_path, samples.ATIH_ROWS, "2025-03").statut == StatutImport.APPLIQUE


# --- Labels, counts, news ---------------------------------------------------------------


def test_a_label_the_newer_list_cuts_stays_whole(tmp_path):
    row = "9321007;3400893210079;INDOCIN;NINDO05;{};2021-07-01;"
    atih(tmp_path, [row.format(ENTIER)], "2021-08")
    bilan = atih(tmp_path, [row.format(ENTIER[:200])], "2025-03").bilan
    assert (bilan.modifiees, bilan.inchangees) == (0, 1)
    assert CodeIndication.objects.get().libelle == Cadre.objects.get().indication == ENTIER.strip()
    atih(tmp_path, [row.format("Une autre écriture")], "2025-04")
    assert Cadre.objects.get().indication == "Une autre écriture"


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("atih", samples.atih_2021),
        ("les", samples.les),
        ("les", samples.evenements),
        ("bdpm", lambda folder: samples.bdpm_whole(folder / "bdpm")),
        ("finess", samples.finess),
    ],
)
def test_every_row_read_is_told_once(tmp_path, source, path):
    import_referentiel("sae", samples.sae(tmp_path))
    out = StringIO()
    call_command("import_referentiel", source, str(path(tmp_path)), "--json", stdout=out)
    told = json.loads(out.getvalue())
    names = ("ajoutees", "modifiees", "inchangees", "ecartees", "regroupees", "ignorees")
    assert sum(told[name] for name in names) == told["lues"] > 0
    run = ImportRun.objects.get(pk=told["import"])
    assert (run.regroupees, run.ignorees) == (told["regroupees"], told["ignorees"])


def test_a_first_list_on_a_filled_register_is_news(tmp_path):
    atih(tmp_path, samples.ATIH_ROWS, "2025-03")
    assert not Changement.objects.exists()
    Produit.objects.update(dci="", laboratoire="")
    import_referentiel("cnamts", samples.cnamts(tmp_path))
    assert Changement.objects.filter(titre__contains="mentions complétées").exists()


# --- Files a little other than expected -------------------------------------------------


@pytest.mark.parametrize(("mark", "named"), [(",", "virgules"), ("\t", "tabulations")])
def test_a_list_separated_otherwise_is_told_so(tmp_path, mark, named):
    rows = [row.replace(";", mark) for row in samples.ATIH_ROWS[:4]]
    path = samples.atih(tmp_path, rows, header=samples.ATIH_HEADER.replace(";", mark))
    assert f"séparées par des {named}" in import_referentiel("atih", path).message


def test_a_folder_of_files_has_the_month_of_its_latest(tmp_path):
    folder = tmp_path / "les"
    samples.les(folder)
    samples.evenements(folder)
    assert import_referentiel("les", folder).version == "2025-03"
    older = tmp_path / "avant"
    samples.les(older, samples.LES_ROWS[:2], name="les_2024-06.csv")
    samples.evenements(older, samples.EVENEMENTS_ROWS[:1], name="evenements_2024-05.csv")
    assert "plus ancienne" in import_referentiel("les", older).message
