"""Liste en sus, CNAMTS table, FINESS, remaining BDPM files: the quirks of each."""

from datetime import date
from decimal import Decimal

import pytest

from referentiel.models import (
    AvisHas,
    Disponibilite,
    Etablissement,
    GroupeGenerique,
    LigneLes,
    Mitm,
    PrixUcd,
    Produit,
    Specialite,
    UcdCnamts,
    ValeurRemplacee,
)
from referentiel.services.imports import import_referentiel
from tests.referentiel import samples

pytestmark = pytest.mark.django_db


@pytest.fixture
def bare(monkeypatch):
    """Without the shipped complements: what the lists give is seen alone."""
    monkeypatch.setattr("referentiel.importers.atih_specialites.load_complements", dict)


# --- Liste en sus -----------------------------------------------------------------------


def test_les_keeps_wordings_and_codes_without_product(tmp_path):
    rapport = import_referentiel("les", samples.les(tmp_path))
    assert rapport.accepted, rapport.message
    assert (rapport.lues, rapport.bilan.ajoutees, rapport.rejets) == (4, 4, [])
    assert LigneLes.objects.get(code="I999997").ucd7 == ""
    assert not LigneLes.objects.get(code="I000035").inscrite
    both = LigneLes.objects.filter(code="I000444")
    assert {row.laboratoire for row in both} == {"ROCHE"}
    assert both[0].brut["laboratoire"] == "NE PAS UTILISER ROCHE"


def test_les_unchanged_content_then_a_newer_release(tmp_path):
    import_referentiel("les", samples.les(tmp_path))
    again = samples.les(tmp_path, [*samples.LES_ROWS[::-1]], name="les_2025-04.csv")
    bilan = import_referentiel("les", again).bilan
    assert (bilan.ajoutees, bilan.fermees, bilan.inchangees) == (0, 0, 2)
    newer = [samples.LES_ROWS[1] + "2025-05-01", samples.LES_ROWS[3]]
    bilan = import_referentiel("les", samples.les(tmp_path, newer, name="l_2025-05.csv")).bilan
    assert (bilan.modifiees, bilan.fermees, bilan.inchangees) == (1, 2, 1)
    assert LigneLes.objects.get(code="I000035").fin == date(2025, 5, 1)


def test_les_damaged_ucd13_is_set_aside(tmp_path):
    rows = [
        f"I{i:06d};Essai;9001247;;ABEVMY;BEVACIZUMAB;BIOCON;true;;;2020-01-01;" for i in range(400)
    ]
    rapport = import_referentiel("les", samples.les(tmp_path, [*rows, samples.LES_DAMAGED]))
    assert [(r.ligne, r.colonne) for r in rapport.rejets] == [(402, "ucd_13")]
    assert rapport.accepted


def test_les_events_give_prices_with_a_point(tmp_path):
    rapport = import_referentiel("les", samples.evenements(tmp_path))
    assert rapport.accepted, rapport.message
    price = PrixUcd.objects.get(ucd7="9181753")
    assert (price.prix_ht, price.prix_ttc) == (Decimal("1487.16"), Decimal("1518.39"))
    assert (price.nature, price.debut, price.source) == ("tarif", date(2025, 4, 1), "les")
    blank = PrixUcd.objects.get(ucd7="9321007")
    assert (blank.nature, blank.debut, blank.prix_ht) == ("", None, None)
    again = samples.evenements(tmp_path, samples.EVENEMENTS_ROWS[1:], name="e_2025-04.csv")
    bilan = import_referentiel("les", again).bilan
    assert (bilan.ajoutees, bilan.modifiees, bilan.fermees, bilan.inchangees) == (0, 0, 0, 2)


def test_les_folder_holds_both_files_and_completes_the_register(tmp_path, bare):
    import_referentiel("atih", samples.atih(tmp_path))
    samples.les(tmp_path / "les_2025-03")
    folder = samples.evenements(tmp_path / "les_2025-03").parent
    rapport = import_referentiel("les", folder)
    assert (rapport.lues, rapport.version) == (7, "2025-03")
    mabthera = Specialite.objects.get(ucd7="9181753").produit
    assert (mabthera.dci, mabthera.laboratoire, mabthera.atc) == ("RITUXIMAB", "ROCHE", "L01FA01")
    assert mabthera.provenance["atc"] == "ATIH, liste en sus 2025-03 (même UCD)"
    assert "rituximab" in mabthera.texte_recherche
    assert Specialite.objects.get(ucd7="9321007").dci == "Indometacine"


def test_completions_never_touch_what_is_there(tmp_path, bare):
    import_referentiel("atih", samples.atih(tmp_path))
    produit = Specialite.objects.get(ucd7="9181753").produit
    produit.dci, produit.champs_saisis = "Rituximab relu", ["dci", "laboratoire"]
    produit.save()
    import_referentiel("les", samples.les(tmp_path))
    produit.refresh_from_db()
    assert (produit.dci, produit.laboratoire) == ("Rituximab relu", "")


def test_les_rows_that_disagree_complete_nothing(tmp_path, bare):
    import_referentiel("atih", samples.atih(tmp_path))
    rows = [samples.LES_ROWS[2], samples.LES_ROWS[3].replace("rituximab", "autre")]
    import_referentiel("les", samples.les(tmp_path, rows))
    assert Specialite.objects.get(ucd7="9181753").produit.dci == ""


def test_les_other_layout(tmp_path):
    path = samples.atih(tmp_path)
    assert "colonnes de la liste en sus" in import_referentiel("les", path).message


# --- CNAMTS -----------------------------------------------------------------------------


def test_a_folder_takes_its_release_from_the_files_it_reads(tmp_path):
    folder = samples.cnamts(tmp_path)
    (folder / "atih_ucd_libelle_2025-03.csv").write_text("ucd_7;ucd_libelle\n9000001;AUTRE\n")
    assert import_referentiel("cnamts", folder).version == "2010-01"


def test_cnamts_table_and_prices(tmp_path, bare):
    import_referentiel("atih", samples.atih(tmp_path))
    rapport = import_referentiel("cnamts", samples.cnamts(tmp_path / "cnamts"))
    assert rapport.accepted, rapport.message
    assert (rapport.lues, rapport.version) == (4, "2010-01")
    row = UcdCnamts.objects.get(ucd7="9321007")
    assert (row.laboratoire, row.atc, row.brut["ph"]) == ("NOVARTIS", "M01AB01", "O")
    assert UcdCnamts.objects.get(ucd7="9019840").laboratoire == ""
    prices = PrixUcd.objects.filter(ucd7="9321007").order_by("nature")
    assert [(p.nature, p.prix_ht, p.prix_ttc) for p in prices] == [
        ("liste 1", Decimal("25.57"), Decimal("26.11")),
        ("liste 2", Decimal("25.57"), None),
    ]
    produit = Specialite.objects.get(ucd7="9321007").produit
    assert (produit.dci, produit.atc) == ("INDOMETACINE", "M01AB01")
    assert produit.provenance["laboratoire"] == "CNAMTS, table UCD 2010-01 (même UCD)"


def test_cnamts_one_file_alone_leaves_the_other_table(tmp_path):
    folder = samples.cnamts(tmp_path / "cnamts")
    import_referentiel("cnamts", folder)
    (folder / "prix.tsv").write_text(
        samples.text(samples.CNAMTS_PRIX_HEADER, samples.CNAMTS_PRIX[:1])
    )
    bilan = import_referentiel("cnamts", folder / "prix.tsv").bilan
    assert (bilan.fermees, bilan.inchangees) == (1, 1)
    assert not UcdCnamts.objects.exclude(absente_version="").exists()


def test_cnamts_other_layout(tmp_path):
    assert "table UCD" in import_referentiel("cnamts", samples.ucd(tmp_path)).message


# --- FINESS -----------------------------------------------------------------------------


def test_finess_refreshes_known_hospitals_and_opens_none(tmp_path):
    import_referentiel("sae", samples.sae(tmp_path))
    rapport = import_referentiel("finess", samples.finess(tmp_path))
    assert rapport.accepted, rapport.message
    assert (rapport.version, rapport.lues) == ("2026-05", 3)
    assert (rapport.bilan.ajoutees, rapport.bilan.modifiees) == (0, 2)
    assert Etablissement.objects.count() == 6
    ch = Etablissement.objects.get(finess="990000101")
    assert ch.organisation.nom == "CENTRE HOSPITALIER D'ESSAI"
    assert (ch.finess_juridique, ch.siret, ch.ville) == ("990000999", "26010004500099", "VIRIAT")
    clinic = Etablissement.objects.get(finess="990000303")
    assert clinic.organisation.nom == 'CLINIQUE "LA" FINANCÉE'
    # Tariff mode 57 has no known counterpart, and an empty SIRET says nothing.
    assert (clinic.mode_tarif, clinic.siret, clinic.departement) == ("1", "26010004500014", "974")
    # An extract of three lines closes nobody.
    assert not ValeurRemplacee.objects.filter(champ="présence").exists()


def test_finess_notes_what_a_full_release_no_longer_holds(tmp_path, monkeypatch):
    monkeypatch.setattr("referentiel.importers.finess.FULL_RELEASE", 3)
    import_referentiel("sae", samples.sae(tmp_path))
    assert import_referentiel("finess", samples.finess(tmp_path)).bilan.fermees == 4
    assert Etablissement.objects.get(finess="990000202").organisation.actif


def test_finess_route_typed_or_not_is_left_alone(tmp_path):
    import_referentiel("sae", samples.sae(tmp_path))
    before = list(Etablissement.objects.order_by("finess").values_list("route_facturation"))
    import_referentiel("finess", samples.finess(tmp_path))
    assert list(Etablissement.objects.order_by("finess").values_list("route_facturation")) == before


def test_a_later_survey_leaves_what_finess_said(tmp_path):
    import_referentiel("sae", samples.sae(tmp_path))
    import_referentiel("finess", samples.finess(tmp_path))
    rows = [row.replace(";2023;", ";2024;").replace(";PUB2;", ";PUB1;") for row in samples.SAE_ROWS]
    bilan = import_referentiel("sae", samples.sae(tmp_path, rows, name="sae_2024.csv")).bilan
    assert (bilan.modifiees, bilan.inchangees) == (1, 5)
    ch = Etablissement.objects.get(finess="990000101")
    assert (ch.organisation.nom, ch.categorie) == ("CENTRE HOSPITALIER D'ESSAI", "PUB1")


@pytest.mark.parametrize(
    ("first", "row", "sentence"),
    [
        ("nofinesset;rs", None, "finess;etalab"),
        ("finess;etalab;111;demain", None, "ne dit pas sa date"),
        (samples.FINESS_FIRST, "geolocalisation;990000101;1;2", "autre extraction FINESS"),
        (samples.FINESS_FIRST, samples.FINESS_ROWS[0].replace("990000101", "90000101"), "tableur"),
    ],
)
def test_finess_other_layout(tmp_path, first, row, sentence):
    rows = [row] if row else None
    assert sentence in import_referentiel("finess", samples.finess(tmp_path, rows, first)).message


# --- BDPM -------------------------------------------------------------------------------


def test_bdpm_whole_folder(tmp_path):
    rapport = import_referentiel("bdpm", samples.bdpm_whole(tmp_path / "bdpm"))
    assert rapport.accepted, rapport.message
    assert rapport.rejets == []
    shortage = Disponibilite.objects.get(cis="65804084")
    assert (shortage.libelle, shortage.debut) == ("Rupture de stock", date(2026, 4, 14))
    assert Disponibilite.objects.get(cis="61876780").libelle == "Remise à disposition"
    assert Mitm.objects.get().atc == "J05AX28"
    assert GroupeGenerique.objects.get(cis="60000001").type == "0"
    opinion = AvisHas.objects.get(genre="SMR")
    assert (opinion.valeur, opinion.date_avis) == ("Important", date(2022, 2, 2))
    assert opinion.libelle.endswith("<br>- d’abord…")
    assert opinion.lien == "https://www.has-sante.fr/jcms/p_1"
    assert AvisHas.objects.get(genre="ASMR").valeur == "III"


def test_bdpm_file_that_is_missing_leaves_its_table(tmp_path):
    import_referentiel("bdpm", samples.bdpm_whole(tmp_path / "bdpm_2026-05"))
    rapport = import_referentiel("bdpm", samples.bdpm(tmp_path / "bdpm_2026-06"))
    assert rapport.accepted
    assert rapport.bilan.fermees == 0
    assert Mitm.objects.get().absente_version == ""


def test_bdpm_date_beyond_today_does_not_date_the_release(tmp_path):
    rows = [
        samples.BDPM_CIS[0].replace("65804084", f"6{i:07d}").replace("31/07/2020", "01/11/2924")
        for i in range(499)
    ]
    folder = samples.bdpm(tmp_path / "bdpm", cis=[*rows, samples.BDPM_CIS[0]])
    assert import_referentiel("bdpm", folder).version == "2023-09"


@pytest.mark.parametrize(
    ("name", "bad", "column"),
    [
        ("CIS_CIP_Dispo_Spec.txt", samples.BDPM_DISPO[0].replace("\t1\t", "\t7\t"), "statut"),
        ("CIS_MITM.txt", samples.BDPM_MITM[0].replace("http://", "javascript:"), "lien"),
        ("CIS_GENER_bdpm.txt", samples.BDPM_GENER[0].replace("\t1\t2", "\t9\t2"), "type"),
        ("CIS_HAS_SMR_bdpm.txt", samples.BDPM_ASMR[0].replace("20220202", "20221302"), "date_avis"),
    ],
)
def test_bdpm_bad_row_of_an_optional_file(tmp_path, name, bad, column):
    folder = samples.bdpm_whole(tmp_path / "bdpm")
    (folder / name).write_bytes(f"{bad}\r\n".encode("windows-1252"))
    rapport = import_referentiel("bdpm", folder)
    assert f"colonne {column}" in rapport.message
    assert not Produit.objects.exists()
    assert not Mitm.objects.exists()


@pytest.mark.parametrize("source", ["bdpm", "atih"])
def test_the_same_rows_in_another_order_change_nothing(tmp_path, source):
    if source == "atih":
        first = samples.atih(tmp_path)
        other = samples.atih(tmp_path, samples.ATIH_ROWS[::-1], name="b_2024-07.csv")
    else:
        first = samples.bdpm(tmp_path / "bdpm_2026-05")
        rows = {"compo": samples.BDPM_COMPO[::-1], "cpd": samples.BDPM_CPD[::-1]}
        other = samples.bdpm(tmp_path / "bdpm_2026-06", cis=samples.BDPM_CIS[::-1], **rows)
    import_referentiel(source, first)
    bilan = import_referentiel(source, other).bilan
    assert (bilan.ajoutees, bilan.modifiees, bilan.fermees) == (0, 0, 0)


@pytest.mark.parametrize("source", ["atih", "bdpm", "ucd", "sae", "les", "cnamts", "finess"])
def test_preview_of_any_source_only_reads(tmp_path, source, django_assert_max_num_queries):
    import_referentiel("sae", samples.sae(tmp_path))
    paths = {
        "atih": lambda: samples.atih(tmp_path),
        "bdpm": lambda: samples.bdpm_whole(tmp_path / "bdpm"),
        "ucd": lambda: samples.ucd(tmp_path),
        "sae": lambda: samples.sae(tmp_path, samples.SAE_ROWS[1:], name="sae_2024.csv"),
        "les": lambda: samples.evenements(samples.les(tmp_path / "les").parent).parent,
        "cnamts": lambda: samples.cnamts(tmp_path / "cnamts"),
        "finess": lambda: samples.finess(tmp_path),
    }
    path = paths[source]()
    with django_assert_max_num_queries(25) as captured:
        bilan = samples.preview(source, path)
    assert bilan.ecarts or bilan.fermees
    assert [q["sql"] for q in captured if not q["sql"].startswith("SELECT")] == []
