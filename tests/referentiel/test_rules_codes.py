"""Official codes, names and indications: tables of cases."""

import pytest

from referentiel.folding import fold, search_text
from referentiel.rules import codes
from referentiel.rules.noms import brand_of, form_of, same_brand, strength_of
from referentiel.rules.routes import default_route
from referentiel.rules.similarity import same_indication
from referentiel.states import TypeCadre


@pytest.mark.parametrize(
    ("ucd7", "ucd13"),
    [("9321007", "3400893210079"), ("9000525", "3400890005258"), ("9426605", "3400894266051")],
)
def test_ucd13_is_derived_from_ucd7(ucd7, ucd13):
    assert codes.ucd13_of(ucd7) == ucd13
    assert codes.has_ean13_key(ucd13)


@pytest.mark.parametrize("damaged", ["340089426605I", "3,40089E+12", "", "3400894266052"])
def test_damaged_ucd13_has_no_key(damaged):
    assert not codes.has_ean13_key(damaged)


@pytest.mark.parametrize(
    "ucd7", ["9999910", "9999940", "9999979", "8000001", "90005251", "900O525"]
)
def test_not_a_ucd7_of_a_hospital(ucd7):
    assert not codes.is_ucd7(ucd7)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("CBULE02", TypeCadre.AAP),
        ("NINDO05", TypeCadre.AAC),
        ("RITRA01", TypeCadre.CPC),
        ("I000444", TypeCadre.CPC),
        ("DRUXO01", TypeCadre.DIRECT),
        ("NMC0501", TypeCadre.AAC),
        ("N5MET02", TypeCadre.AAC),
        ("CPF0701", TypeCadre.AAP),
    ],
)
def test_letter_announces_the_framework(code, expected):
    assert codes.is_indication_code(code)
    assert codes.framework_of_letter(code) == expected


@pytest.mark.parametrize("code", ["I999997", "I999999", "XINDO05", "NINDO5", "NINDO055", "nindo05"])
def test_not_an_indication_code_of_these_frameworks(code):
    assert not codes.is_indication_code(code)


@pytest.mark.parametrize("code", ["NXXXX00", "NXXXX01", "NXXXX02"])
def test_generic_codes(code):
    assert codes.is_generic_code(code)
    assert not codes.is_generic_code("NINDO05")


def test_fold_strips_accents_and_opens_ligatures_but_keeps_the_half():
    assert fold("  Œdème  Néphrotique ") == "oedeme nephrotique"
    assert fold("n½ud") == "n½ud"


def test_search_text_finds_a_ligature_lost_before_publication():
    assert "noeud" in search_text("N½ud lymphatique")


@pytest.mark.parametrize(
    ("label", "brand"),
    [
        ("HEPCLUDEX 2MG INJ FL", "hepcludex"),
        ("HEPCLUDEX 2 mg, poudre pour solution injectable", "hepcludex"),
        ("MABTHERA, 100 mg, solution", "mabthera"),
        ("VATIQUINONE PTT100MG/ML BUV F", "vatiquinone ptt100mg/ml buv f"),
        ("68GA-NODAGA-EXEND 50µG PDR FL", "68ga-nodaga-exend"),
    ],
)
def test_brand_of_a_label(label, brand):
    assert brand_of(label) == brand


def test_same_brand_needs_whole_words():
    assert same_brand("kaftrio", "kaftrio enfant")
    assert not same_brand("tra", "tra zolan")
    assert not same_brand("acide folique", "acide zoledronique")


def test_strength_and_form_compare_across_sources():
    assert strength_of("INDOCIN 25MG/5ML BUV FL") == strength_of("25 mg/5 mL, suspension") != ""
    assert form_of("gélules") == form_of("Gélule")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (
            "Hépatite delta",
            "Traitement de l'infection chronique par le virus de l'hépatite delta",
            True,
        ),
        ("Syndrome de Bartter", "syndrome de BARTTER chez l'enfant", True),
        ("Syndrome de Bartter", "Hémicrânie paroxystique", False),
        ("", "Autre", False),
    ],
)
def test_same_indication(one, other, same):
    assert same_indication(one, other) is same


@pytest.mark.parametrize(
    ("statut", "espic", "mode", "route", "doubtful"),
    [
        ("1", "1", "0", "FICHCOMP", False),
        ("2", "0", "4", "S3404", False),
        ("2", "0", "5", "S3404", False),
        ("3", "6", "1", "FICHCOMP", False),
        ("3", "6", "3", "FICHCOMP", False),
        ("2", "0", "1", "FICHCOMP", True),
        ("2", "0", "3", "FICHCOMP", True),
        ("3", "6", "4", "S3404", True),
        ("3", "6", "5", "S3404", True),
        ("3", "7", "1", "FICHCOMP", True),
        ("3", "7", "4", "S3404", True),
    ],
)
def test_default_route_follows_the_tariff_mode(statut, espic, mode, route, doubtful):
    found = default_route(mode=mode, statut=statut, espic=espic)
    assert (found.route, found.a_confirmer) == (route, doubtful)
