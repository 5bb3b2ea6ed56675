"""`manage.py import_referentiel`: exit codes, JSON, concurrency, shipped snapshot."""

import gzip
import json
import threading
from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, connections

from referentiel.importers.refusals import ImportRefuse
from referentiel.importers.shipped import CORRECTIONS
from referentiel.models import (
    Cadre,
    Changement,
    CodeIndication,
    CodeUcd,
    Correction,
    Disponibilite,
    Etablissement,
    EtatRecherche,
    GroupeGenerique,
    ImportRun,
    LigneLes,
    Mitm,
    Presentation,
    Produit,
    Specialite,
    SpecialiteAmm,
    VerrouImport,
)
from referentiel.selectors import medicines
from referentiel.services import snapshot
from referentiel.services.imports import import_referentiel
from tests.referentiel import samples


def run(*args):
    out, err = StringIO(), StringIO()
    try:
        call_command("import_referentiel", *map(str, args), stdout=out, stderr=err)
        return 0, out.getvalue(), err.getvalue()
    except SystemExit as exit_:
        return exit_.code, out.getvalue(), err.getvalue()


def test_an_unknown_source_is_refused_in_french_and_in_json(tmp_path):
    code, out, err = run("foo", tmp_path / "x.csv")
    assert (code, out) == (1, "")
    assert "La source « foo » n'existe pas." in err
    code, out, err = run("foo", tmp_path / "x.csv", "--json")
    report = json.loads(out)
    assert (code, err, report["statut"]) == (1, "", "REFUSE")
    assert "atih" in report["message"]


@pytest.mark.django_db
def test_exit_codes_and_sentences(tmp_path):
    path = samples.atih(tmp_path)
    code, out, _ = run("atih", path)
    assert code == 0
    assert "10 ajoutées" in out
    assert run("atih", path)[0] == 0
    code, _, err = run("atih", tmp_path / "absent.csv")
    assert code == 1
    assert "n'existe pas" in err


@pytest.mark.django_db
def test_json_is_one_object_with_counts_and_rejects(tmp_path):
    bad = "9426605;340089426605I;TYSABRI;NTYSA01;SEP;2024-08-07;"
    path = samples.atih(tmp_path, [*samples.filler(200), bad])
    code, out, _ = run("atih", path, "--json", "--version", "2025-03")
    answer = json.loads(out)
    assert code == 0
    assert answer["statut"] == "APPLIQUE"
    assert (answer["ajoutees"], answer["ecartees"], answer["version"]) == (200, 1, "2025-03")
    assert answer["rejets"][0]["ligne"] == 202
    assert answer["rejets"][0]["colonne"] == "ucd_13"
    code, out, _ = run("atih", tmp_path, "--json")
    assert code == 1
    assert json.loads(out)["statut"] == "REFUSE"


def test_same_file_twice_at_once_is_imported_once(tmp_path, django_db_setup, django_db_blocker):
    """Real transactions: rows are removed by hand, append-only tables refuse a flush."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's memory base has one connection")
    path = samples.ucd(tmp_path)
    start = threading.Barrier(4)
    statuts = []

    def work():
        try:
            start.wait()
            statuts.append(import_referentiel("ucd", path).statut)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    with django_db_blocker.unblock():
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert sorted(statuts) == ["APPLIQUE", "DEJA_CONNU", "DEJA_CONNU", "DEJA_CONNU"]
            assert CodeUcd.objects.count() == len(samples.UCD_ROWS)
        finally:
            for model in (CodeUcd, ImportRun, VerrouImport, EtatRecherche):
                model.objects.all().delete()


def test_shipped_snapshot_is_under_three_megabytes():
    size = sum(path.stat().st_size for path in snapshot.DATA.rglob("*") if path.is_file())
    assert size < 3 * 1024 * 1024


@pytest.mark.django_db
def test_shipped_snapshot_loads_whole_then_does_nothing():
    said = []
    rapports = snapshot.load_snapshot(said.append)
    assert [rapport.statut for rapport in rapports] == ["APPLIQUE"] * 5
    assert {rapport.source: len(rapport.rejets) for rapport in rapports} == {
        "ucd": 0,
        "sae": 0,
        "bdpm": 0,
        "atih": 0,
        "les": 2,  # one UCD 13 ends in a letter
    }
    check_counts()
    check_frameworks()
    check_hospitals()
    check_named_products()
    again = snapshot.load_snapshot(said.append)
    assert {rapport.statut for rapport in again} == {"DEJA_CONNU"}
    assert ImportRun.objects.count() == 5


def check_counts():
    assert CodeUcd.objects.count() == 32_898
    assert Etablissement.objects.count() == 1_528
    assert SpecialiteAmm.objects.count() == 3_132
    assert Presentation.objects.count() == 4_002
    assert LigneLes.objects.count() == 2_479
    assert Disponibilite.objects.count() == 749  # 17 lines are there twice
    assert Mitm.objects.count() == 2_088
    assert GroupeGenerique.objects.count() == 1_481
    assert not Changement.objects.exists()
    assert CodeIndication.objects.count() == 2_539
    assert Specialite.objects.count() == Produit.objects.count() == 981
    assert CodeIndication.objects.filter(generique=True).count() == 947
    assert CodeIndication.objects.filter(debut=None).count() == 412
    # Four presentations name a CIS the other file does not hold: kept.
    known = SpecialiteAmm.objects.values("cis")
    assert Presentation.objects.exclude(cis__in=known).count() == 4


def check_frameworks():
    rows = Counter(CodeIndication.objects.values_list("cadre_type", flat=True))
    assert rows == {"AAC": 1_948, "AAP": 487, "CPC": 100, "DIRECT": 4}
    exceptions = CodeIndication.objects.filter(code__startswith="N", cadre_type="CPC")
    assert exceptions.count() == 20
    assert len(set(exceptions.values_list("code", flat=True))) == 12
    assert set(exceptions.values_list("source", flat=True)) == {"décision"}
    assert Correction.objects.filter(livree=True, cadre_source="décision").count() == 73
    on = date(2025, 3, 31)
    opened = Counter(
        Cadre.objects.filter(medicines.open_on(on)).values_list("framework", flat=True)
    )
    # The list alone says 151 AAP: a decision had ended Translarna three days before.
    assert opened == {"AAC": 963, "AAP": 148, "CPC": 96, "DIRECT": 4}


def check_hospitals():
    doubtful = Etablissement.objects.filter(route_a_confirmer=True)
    assert doubtful.count() == 64
    assert Etablissement.objects.filter(route_facturation="S3404").count() == 523
    assert not Etablissement.objects.filter(organisation__region="").exists()


def check_named_products():
    indocin = Specialite.objects.get(ucd7="9321007")
    assert medicines.codes_on("9321007", date(2025, 3, 15)).filter(code="NINDO05").exists()
    assert not medicines.codes_on("9321007", date(2022, 6, 1)).filter(code="NXXXX00").exists()
    assert indocin.produit.cadres.filter(framework="AAC").exists()
    assert [p.nom for p in medicines.search_produits("nephrotique congenital indocin")] == [
        "INDOCIN 25MG/5ML BUV FL"
    ]
    hepcludex = Specialite.objects.get(ucd7="9000525").produit
    routes = {
        a.route.value
        for a in medicines.alternatives(hepcludex, "Hépatite delta", date(2025, 3, 15))
    }
    assert routes == {"AMM", "AAP"}
    alphagan = Specialite.objects.get(ucd7="9313321").produit
    assert alphagan.laboratoire == "ABBVIE"
    assert "meme nom de marque" in alphagan.provenance["laboratoire"]


def test_snapshot_is_rebuilt_byte_for_byte(tmp_path, monkeypatch):
    origin, folder = tmp_path / "origine", tmp_path / "instantane"
    origin.mkdir()
    for path in snapshot.SNAPSHOT.rglob("*.gz"):
        target = origin / path.relative_to(snapshot.SNAPSHOT).with_suffix("")
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(gzip.decompress(path.read_bytes()))
    monkeypatch.setattr(snapshot, "write_shipped_tables", lambda *a: None)
    snapshot.make_snapshot(origin, lambda text: None, folder=folder)
    rebuilt = {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    shipped = {
        p.relative_to(snapshot.SNAPSHOT): p.read_bytes()
        for p in snapshot.SNAPSHOT.rglob("*")
        if p.is_file()
    }
    assert rebuilt == shipped


def test_snapshot_of_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(ImportRefuse, match="Aucun fichier"):
        snapshot.make_snapshot(tmp_path, lambda text: None, folder=tmp_path / "x")


def test_corrections_name_their_source():
    lines = CORRECTIONS.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 92
    assert all("décision" in line or "LES" in line for line in lines[1:])
