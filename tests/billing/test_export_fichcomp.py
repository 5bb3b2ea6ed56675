"""What `export_fichcomp` answers when it is typed wrong or cannot write where it is told to."""

import json
import os
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import OperationalError

from tests.billing.test_export import run

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"--finess": None}, "Il manque --finess."),
        ({"--annee": None, "--output": None}, "Il manque --annee, --output."),
        ({"--finess": " "}, "Il manque --finess."),
        ({"--annee": "2_025"}, "L'année s'écrit en chiffres"),
        ({"--annee": "２０２５"}, "L'année s'écrit en chiffres"),
        ({"--mois": "-3"}, "Le mois s'écrit en chiffres"),
        ({"--mois": "0"}, "Le mois va de 1 à 12."),
    ],
)
def test_a_command_typed_wrong_answers_in_french_and_json(etablissement, tmp_path, options, said):
    """A hospital without FINESS e-PMSI is never the one of an empty number."""
    etablissement.finess_epmsi = ""
    etablissement.save()
    asked = {"--finess": "990000002", "--annee": "2025", "--mois": "3"}
    asked |= {"--output": str(tmp_path / "x"), **options}
    words = [f"{name}={value}" for name, value in asked.items() if value is not None]
    out = StringIO()
    with pytest.raises(SystemExit) as stop:
        call_command("export_fichcomp", *words, "--json", stdout=out)
    report = json.loads(out.getvalue())
    assert (stop.value.code, report["ecrit"]) == (1, False)
    assert report["message"].startswith(said)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("absent/x", "le dossier n'existe pas"),
        ("dossier", "ce n'est pas un fichier ordinaire"),
        ("/", "ce n'est pas un fichier ordinaire"),
        ("tube", "ce n'est pas un fichier ordinaire"),
        ("lu", "ce n'est pas un fichier ordinaire"),
        ("n" * 246, "son nom est trop long"),
        ("texte/x", "son chemin passe par un fichier"),
    ],
)
def test_an_output_that_cannot_be_written_is_told_in_french(mois_exemple, tmp_path, name, why):
    """Neither file nor sidecar is left behind, and a device keeps its place."""
    (tmp_path / "dossier").mkdir()
    (tmp_path / "lu.LISEZMOI.txt").mkdir()
    (tmp_path / "texte").write_text("")
    os.mkfifo(tmp_path / "tube")
    before = sorted(tmp_path.iterdir())
    code, out, err, output = run(tmp_path, name=name)
    assert (code, out) == (1, "")
    assert err.startswith(f"Le fichier {output}")
    assert why in err
    assert sorted(tmp_path.iterdir()) == before
    assert (tmp_path / "tube").is_fifo()


def test_a_folder_without_the_right_to_write_is_told_in_french(mois_exemple, tmp_path, monkeypatch):
    def refuse(*args):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("billing.management.commands.export_fichcomp.write_whole", refuse)
    code, _, err, output = run(tmp_path)
    assert code == 1
    assert err == f"Le fichier {output} ne peut pas être écrit\u00a0: le droit d'y écrire manque.\n"


def test_a_busy_database_is_told_and_another_fault_is_not_hidden(
    mois_exemple, tmp_path, monkeypatch
):
    def refuse(**asked):
        raise OperationalError(said)

    monkeypatch.setattr("billing.management.commands.export_fichcomp.prepare_month", refuse)
    said = "database is locked"
    code, out, _, _ = run(tmp_path, "--json")
    assert code == 1
    assert "recommencez dans quelques secondes" in json.loads(out)["message"]
    said = "disk I/O error"
    with pytest.raises(OperationalError):
        run(tmp_path)
