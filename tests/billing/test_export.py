import hashlib
import json
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import call_command

from billing.errors import Refus
from billing.exporters import depot
from billing.exporters.lisezmoi import lisezmoi
from billing.models import Administration, Envoi, Prix
from billing.services.export import export_month, file_bytes, stored_bytes
from billing.services.preparation import prepare_month
from tests.billing import builders

pytestmark = pytest.mark.django_db
GOLDEN = Path(__file__).parent.parent / "golden" / "fichcomp_mco_m3_2025.txt"


@pytest.fixture
def envoi(mois_exemple, facturation):
    prepare_month(**mois_exemple, by=facturation)
    return export_month(**mois_exemple, by=facturation)


def test_the_worked_month_is_exported_byte_for_byte(envoi):
    assert b"".join(stored_bytes(envoi)) == GOLDEN.read_bytes()
    assert envoi.sha256 == hashlib.sha256(GOLDEN.read_bytes()).hexdigest()
    assert (envoi.lignes, envoi.total, envoi.taille) == (3, Decimal("7795.025"), 321)


def test_the_name_announces_a_simulation_decision_28(envoi):
    assert envoi.nom == "SIMULATION_990000002.2025.3.medatu.txt"


def test_with_an_authority_key_the_name_is_the_plain_one(mois_exemple, facturation, settings):
    settings.PLACET_SIMULATION = False
    prepare_month(**mois_exemple, by=facturation)
    envoi = export_month(**mois_exemple, by=facturation)
    assert envoi.nom == "990000002.2025.3.medatu.txt"
    assert "SIMULATION" not in lisezmoi(envoi)


def test_the_sidecar_says_simulation_and_how_to_know_the_file_again(envoi):
    text = lisezmoi(envoi)
    assert text.startswith("SIMULATION - sans valeur.")
    assert envoi.sha256 in text
    assert "Total : 7\u00a0795,025 euros TTC" in text


def test_exported_twice_it_is_the_same_file(envoi, mois_exemple, facturation):
    assert export_month(**mois_exemple, by=facturation) == envoi
    assert Envoi.objects.count() == 1


def test_an_exported_file_is_made_again_identically_after_a_correction(
    envoi, mois_exemple, facturation
):
    Administration.objects.filter(quantite="2.5").update(quantite="3")
    prepare_month(**mois_exemple, by=facturation)
    corrected = export_month(**mois_exemple, by=facturation)
    assert corrected.sha256 != envoi.sha256
    assert b"".join(file_bytes(envoi.preparation)) == GOLDEN.read_bytes()


def test_lost_from_the_disk_it_is_made_again(envoi):
    default_storage.delete(depot.name_of(envoi.sha256))
    assert b"".join(stored_bytes(envoi)) == GOLDEN.read_bytes()


def test_blocked_lines_stay_out_of_the_file(mois_exemple, facturation):
    Prix.objects.filter(specialite__ucd7="9321007").delete()
    preparation = prepare_month(**mois_exemple, by=facturation)
    envoi = export_month(**mois_exemple, by=facturation)
    assert preparation.lignes.filter(etat="BLOQUEE").count() == 1
    lines = GOLDEN.read_bytes().splitlines(keepends=True)
    assert b"".join(stored_bytes(envoi)) == lines[0] + lines[2]


def test_nothing_ready_no_file(mois_exemple, facturation):
    Prix.objects.all().delete()
    prepare_month(**mois_exemple, by=facturation)
    with pytest.raises(Refus, match="Aucune ligne n'est prête"):
        export_month(**mois_exemple, by=facturation)
    assert Envoi.objects.count() == 0


def test_a_month_never_checked_is_not_exported(mois_exemple, facturation):
    with pytest.raises(Refus, match="pas encore été contrôlé"):
        export_month(**mois_exemple, by=facturation)


def test_the_file_is_streamed_line_by_line(envoi, django_assert_num_queries):
    with django_assert_num_queries(1):
        stream = file_bytes(envoi.preparation)
        assert len(next(stream)) == 107


def test_bytes_are_kept_once_on_a_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(depot, "default_storage", FileSystemStorage(tmp_path))
    first, second = depot.keep([b"a", b"b"]), depot.keep([b"ab"])
    assert first == second
    assert b"".join(depot.read(first.sha256)) == b"ab"
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def run(tmp_path, *extra, finess="990000002", mois=3, name="fichcomp.txt"):
    out, err = StringIO(), StringIO()
    output = tmp_path / name
    code = 0
    try:
        call_command(
            "export_fichcomp",
            f"--finess={finess}",
            "--annee=2025",
            f"--mois={mois}",
            f"--output={output}",
            *extra,
            stdout=out,
            stderr=err,
        )
    except SystemExit as stop:
        code = stop.code
    return code, out.getvalue(), err.getvalue(), output


def test_the_command_writes_the_golden_file(mois_exemple, tmp_path):
    code, out, _, output = run(tmp_path)
    assert code == 0
    assert output.read_bytes() == GOLDEN.read_bytes()
    assert "3 ligne(s) écrite(s), 0 bloquée(s)" in out
    assert (tmp_path / "fichcomp.txt.LISEZMOI.txt").read_text().startswith("SIMULATION")


def test_the_command_lists_blocked_lines_in_json(mois_exemple, tmp_path):
    Prix.objects.filter(specialite__ucd7="9321007").delete()
    code, out, _, output = run(tmp_path, "--json")
    report = json.loads(out)
    assert code == 0
    assert report["ecrit"] is True
    assert report["lignes"] == {"prete": 2, "bloquee": 1, "en_attente": 0, "exclue": 0}
    (blocked,) = report["bloquees"]
    assert blocked["ucd"] == "3400893210079"
    assert blocked["motifs"][0]["druides"] == "MEDATU 005"
    assert report["sha256"] == hashlib.sha256(output.read_bytes()).hexdigest()


def test_the_command_knows_the_geographic_finess_too(tmp_path, etablissement, mois_exemple):
    etablissement.finess = "750000001"
    etablissement.save()
    assert run(tmp_path, finess="750000001")[0] == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"finess": "111111111"}, "Aucun établissement ne porte le FINESS 111111111."),
        ({"mois": 13}, "Le mois va de 1 à 12."),
        ({"mois": "abc"}, "Le mois s'écrit en chiffres\u00a0: «\u00a0abc\u00a0»."),
        ({"mois": 1}, "Aucune ligne n'est prête"),
        ({"name": "absent/fichcomp.txt"}, "ne peut pas être écrit"),
    ],
)
def test_without_a_file_the_command_exits_1_with_a_sentence(mois_exemple, tmp_path, options, said):
    code, out, err, output = run(tmp_path, **options)
    assert code == 1
    assert said in err
    assert out == ""
    assert not output.exists()


def test_a_year_in_letters_is_told_in_json_too(etablissement, tmp_path):
    code, out, err, _ = run(tmp_path, "--annee=deux mille", "--json")
    report = json.loads(out)
    assert (code, err, report["ecrit"]) == (1, "", False)
    assert report["message"].startswith("L'année s'écrit en chiffres")


def test_without_a_file_the_blocked_lines_are_in_json_all_the_same(mois_exemple, tmp_path):
    Prix.objects.all().delete()
    code, out, err, _ = run(tmp_path, "--json")
    report = json.loads(out)
    assert (code, err) == (1, "")
    assert report["ecrit"] is False
    assert len(report["bloquees"]) == 3
    assert report["message"].startswith("Aucune ligne n'est prête")


def test_the_command_refuses_an_s3404_hospital(mois_exemple, etablissement, tmp_path):
    etablissement.route_facturation = "S3404"
    etablissement.save()
    code, _, err, _ = run(tmp_path)
    assert code == 1
    assert "pas du FICHCOMP" in err


def test_a_lower_case_letter_never_reaches_the_file(etablissement, facturation, indocin):
    builders.make_prix(etablissement, indocin)
    dispensation = builders.make_dispensation(etablissement, indocin)
    stay = builders.make_sejour(etablissement, dispensation.patient, numero="é12")
    builders.make_administration(dispensation, stay, date(2025, 3, 15))
    preparation = prepare_month(etablissement=etablissement, annee=2025, mois=3, by=facturation)
    ligne = preparation.lignes.get()
    assert (ligne.etat, ligne.motif_code, ligne.evite) == ("BLOQUEE", "largeur", "MEDATU 999")
