"""BDPM, UCD labels and SAE: the quirks of each file."""

from datetime import date
from decimal import Decimal

import pytest

from referentiel.importers.values import RowError, french_price
from referentiel.models import CodeUcd, Etablissement, Presentation, Specialite, SpecialiteAmm
from referentiel.services.imports import import_referentiel
from tests.referentiel import samples

pytestmark = pytest.mark.django_db


# --- BDPM -------------------------------------------------------------------------------


def test_bdpm_folder_mixes_encodings_and_line_ends(tmp_path):
    rapport = import_referentiel("bdpm", samples.bdpm(tmp_path / "bdpm"))
    assert rapport.accepted, rapport.message
    assert rapport.rejets == []
    hepcludex = SpecialiteAmm.objects.get(cis="65804084")
    assert hepcludex.titulaire == "GILEAD SCIENCES IRELAND UC (IRLANDE)"
    assert hepcludex.date_amm == date(2020, 7, 31)
    assert hepcludex.surveillance is True
    assert hepcludex.statut_amm == SpecialiteAmm.ACTIVE
    assert hepcludex.conditions == ["liste I", "prescription hospitalière"]
    assert [part["nature"] for part in hepcludex.composition] == ["SA", "FT"]
    assert hepcludex.substances == "acetate de bulevirtide|bulevirtide"
    assert SpecialiteAmm.objects.get(cis="60000001").statut_amm != SpecialiteAmm.ACTIVE
    assert SpecialiteAmm.objects.get(cis="60000001").titulaire == "LABO D’ESSAI"


def test_bdpm_price_with_two_commas_and_unknown_cis(tmp_path):
    import_referentiel("bdpm", samples.bdpm(tmp_path / "bdpm"))
    box = Presentation.objects.get(cip7="3020844")
    assert (box.prix, box.prix_public, box.honoraire) == (
        Decimal("1466.29"),
        Decimal("1469.05"),
        Decimal("2.76"),
    )
    assert box.taux == "100%"
    orphan = Presentation.objects.get(cis="69999999")
    assert (orphan.prix, orphan.agrement_collectivites) == (None, False)


@pytest.mark.parametrize(
    ("text", "price"),
    [("6,04", "6.04"), ("1,466,29", "1466.29"), ("12,345,678,90", "12345678.90"), ("15", "15")],
)
def test_french_price(text, price):
    assert french_price("prix", text) == Decimal(price)


@pytest.mark.parametrize("text", ["x", "1,2x", "1.466,29", "-5,00", "1,234"])
def test_not_a_price(text):
    with pytest.raises(RowError):
        french_price("prix", text)


def test_bdpm_needs_its_two_files(tmp_path):
    folder = samples.bdpm(tmp_path / "bdpm")
    (folder / "CIS_CIP_bdpm.txt").unlink()
    assert "CIS_CIP_bdpm.txt" in import_referentiel("bdpm", folder).message
    assert "un fichier" in import_referentiel("bdpm", folder / "CIS_bdpm.txt").message
    assert "n'existe pas" in import_referentiel("bdpm", tmp_path / "absent").message


def test_bdpm_optional_files_may_be_missing(tmp_path):
    folder = samples.bdpm(tmp_path / "bdpm")
    (folder / "CIS_COMPO_bdpm.txt").unlink()
    (folder / "CIS_CPD_bdpm.txt").unlink()
    assert import_referentiel("bdpm", folder).accepted
    assert SpecialiteAmm.objects.get(cis="65804084").composition == []


def test_bdpm_other_layout_and_bad_row(tmp_path):
    folder = samples.bdpm(tmp_path / "bdpm", cip=["a;b;c", "d;e;f"])
    assert "13 champs" in import_referentiel("bdpm", folder).message
    cip = [*samples.BDPM_CIP, samples.BDPM_CIP[0].replace("3400930208441", "3400930208442")]
    folder = samples.bdpm(tmp_path / "bdpm", cip=cip)
    refused = import_referentiel("bdpm", folder)
    assert "cip13" in refused.message
    assert not SpecialiteAmm.objects.exists()


def test_bdpm_newer_release(tmp_path):
    folder = samples.bdpm(tmp_path / "bdpm_2026-04")
    import_referentiel("bdpm", folder)
    assert import_referentiel("bdpm", folder).statut == "DEJA_CONNU"
    cis = [samples.BDPM_CIS[0].replace("Autorisation active", "Autorisation abrogée")]
    cis.append(samples.BDPM_CIS[1])
    rapport = import_referentiel("bdpm", samples.bdpm(tmp_path / "bdpm_2026-05", cis=cis))
    bilan = rapport.bilan
    assert (bilan.ajoutees, bilan.modifiees, bilan.fermees, bilan.inchangees) == (0, 1, 1, 4)
    assert SpecialiteAmm.objects.get(cis="65804084").statut_amm == "Autorisation abrogée"
    assert SpecialiteAmm.objects.get(cis="60000001").absente_version == "2026-05"


# --- UCD --------------------------------------------------------------------------------


def test_ucd_labels_open_no_speciality(tmp_path):
    rapport = import_referentiel("ucd", samples.ucd(tmp_path))
    assert rapport.bilan.ajoutees == 3
    assert not Specialite.objects.exists()
    changed = [samples.UCD_ROWS[0] + " V2", samples.UCD_ROWS[1]]
    again = import_referentiel("ucd", samples.ucd(tmp_path, changed, name="u_2025-06.csv")).bilan
    assert (again.modifiees, again.inchangees, again.fermees) == (1, 1, 1)
    assert CodeUcd.objects.get(ucd7="9999910").absente_version == "2025-06"


@pytest.mark.parametrize("damaged", ["340089000001I", "3,40089E+12"])
def test_damaged_ucd13_is_set_aside(tmp_path, damaged):
    rows = [f"9{i:06d};;LIBELLÉ {i}" for i in range(200)] + [f"9300001;{damaged};ABÎMÉ"]
    rapport = import_referentiel("ucd", samples.ucd(tmp_path, rows))
    assert rapport.accepted
    assert [(r.ligne, r.colonne) for r in rapport.rejets] == [(202, "ucd_13")]
    # An empty UCD 13 is derived from the UCD 7.
    assert CodeUcd.objects.get(ucd7="9000001").ucd13 == "3400890000017"


def test_ucd_other_layout(tmp_path):
    header = "indication;indication_libelle;ucd_7"
    assert "colonnes" in import_referentiel("ucd", samples.ucd(tmp_path, header=header)).message


# --- SAE --------------------------------------------------------------------------------


def test_sae_hospitals_with_their_default_route(tmp_path):
    rapport = import_referentiel("sae", samples.sae(tmp_path))
    assert rapport.accepted, rapport.message
    assert (rapport.version, rapport.bilan.ajoutees) == ("2023", 6)
    routes = {
        row.finess: (row.route_facturation, row.route_a_confirmer)
        for row in Etablissement.objects.all()
    }
    assert routes["990000101"] == ("FICHCOMP", False)
    assert routes["990000202"] == ("S3404", False)
    assert routes["990000303"] == ("FICHCOMP", True)
    assert routes["990000606"] == ("S3404", True)
    reunion = Etablissement.objects.get(finess="990000303")
    assert (reunion.departement, reunion.organisation.region) == ("974", "La Réunion")
    assert Etablissement.objects.get(finess="2A0000139").organisation.region == "Corse"
    assert Etablissement.objects.get(finess="990000404").organisation.nom == "ESPIC FINANCÉ"


def test_a_route_typed_by_a_person_is_never_overwritten(tmp_path):
    import_referentiel("sae", samples.sae(tmp_path))
    hospital = Etablissement.objects.get(finess="990000303")
    hospital.route_facturation, hospital.route_saisie = "S3404", True
    hospital.route_a_confirmer = False
    hospital.save()
    rows = [row.replace(";2023;", ";2024;") for row in samples.SAE_ROWS[1:]]
    rows[1] = rows[1].replace("CLINIQUE FINANCÉE", "CLINIQUE RENOMMÉE")
    bilan = import_referentiel("sae", samples.sae(tmp_path, rows, name="sae_ID_2024.csv")).bilan
    assert (bilan.modifiees, bilan.fermees, bilan.inchangees) == (1, 1, 4)
    hospital.refresh_from_db()
    assert hospital.route_facturation == "S3404"
    assert not hospital.route_a_confirmer
    assert hospital.organisation.nom == "CLINIQUE RENOMMÉE"


def test_sae_sister_file_is_another_layout(tmp_path):
    path = samples.sae(
        tmp_path,
        ["MCO;2023;990000101;CH;990000109;5;5"],
        header="BOR;AN;FI;RS;FI_EJ;LIT_MED;LIT_MCO",
    )
    rapport = import_referentiel("sae", path)
    assert "activité MCO" in rapport.message
    other = samples.sae(tmp_path, ["a;b"], header="x;y")
    assert "il manque" in import_referentiel("sae", other).message


def test_sae_bad_rows_beyond_the_threshold(tmp_path):
    rows = [
        *samples.SAE_ROWS,
        samples.SAE_ROWS[0].replace(";0;2601", ";9;2601").replace("990000101", "990000111"),
    ]
    assert "mft" in import_referentiel("sae", samples.sae(tmp_path, rows)).message
    assert not Etablissement.objects.exists()
