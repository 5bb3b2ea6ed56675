from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billing.rules.controles import controls
from billing.rules.etats import line_state
from billing.rules.faits import Faits, PorteeControle
from billing.rules.indication import CodeOuvert
from billing.rules.periode import Periode

FAITS = Faits(
    periode=Periode(2025, 3),
    finess="990000002",
    sejour="240012345",
    entree=date(2025, 3, 10),
    sortie=date(2025, 3, 20),
    jour=date(2025, 3, 15),
    ucd7="9321007",
    ucd_connu=True,
    ucd_en_attente=False,
    nombre=Decimal("2.5"),
    prix_unitaire=Decimal("392"),
    montant=Decimal("980.000"),
    code_indication="NINDO05",
    codes=(CodeOuvert("NINDO05", date(2022, 1, 1)),),
)


def case(ident, expected, druides, state, **changes):
    return pytest.param(changes, expected, druides, state, id=ident)


def code(name, debut=date(2022, 1, 1), fin=None, type_prestation="09"):
    return {"code_indication": name, "codes": (CodeOuvert(name, debut, fin, type_prestation),)}


CASES = [
    case("druides-999-finess-absent", "finess_absent", "MEDATU 999", "BLOQUEE", finess=""),
    case("druides-999-finess-8", "finess_invalide", "MEDATU 999", "BLOQUEE", finess="99000000"),
    case("billing-10-finess-key", "finess_cle", "", "PRETE", finess="990000003"),
    case("druides-997-no-stay", "sejour_absent", "MEDATU 997", "BLOQUEE", sejour=""),
    case("druides-997-open-stay", "sejour_ouvert", "MEDATU 997", "EN_ATTENTE", sortie=None),
    case(
        "druides-997-discharged-day-after-period",
        "sejour_posterieur",
        "MEDATU 997",
        "EN_ATTENTE",
        sortie=date(2025, 4, 1),
    ),
    case(
        "druides-997-discharged-31-december",
        "sejour_anterieur",
        "MEDATU 997",
        "BLOQUEE",
        entree=date(2024, 12, 1),
        jour=date(2024, 12, 31),
        sortie=date(2024, 12, 31),
    ),
    case(
        "druides-008-day-before-entry",
        "avant_entree",
        "MEDATU 008",
        "BLOQUEE",
        jour=date(2025, 3, 9),
    ),
    case(
        "druides-008-day-after-discharge",
        "apres_sortie",
        "MEDATU 008",
        "BLOQUEE",
        jour=date(2025, 3, 21),
    ),
    case("druides-002-ucd-pending", "ucd_en_attente", "MEDATU 002", "BLOQUEE", ucd_en_attente=True),
    case("druides-002-blank-ucd", "ucd_en_attente", "MEDATU 002", "BLOQUEE", ucd7=""),
    case("druides-002-ucd-shape", "ucd_forme", "MEDATU 002", "BLOQUEE", ucd7="932100"),
    case("b2-reserved-ucd", "ucd_reserve", "MEDATU 003", "BLOQUEE", ucd7="9999940"),
    case("druides-003-unknown-ucd", "ucd_inconnu", "MEDATU 003", "PRETE", ucd_connu=False),
    case("snds-number-0", "nombre_nul", "", "EXCLUE", nombre=Decimal(0), montant=Decimal("0.000")),
    case(
        "genrha-f109-negative",
        "nombre_negatif",
        "MEDATU 004",
        "BLOQUEE",
        nombre=Decimal(-1),
        montant=Decimal("-392.000"),
    ),
    case(
        "format-number-overflow",
        "nombre_trop_grand",
        "MEDATU 004",
        "BLOQUEE",
        nombre=Decimal("10000000"),
        prix_unitaire=Decimal("0.0001"),
        montant=Decimal("1000.000"),
    ),
    case(
        "druides-005-no-price",
        "prix_manquant",
        "MEDATU 005",
        "BLOQUEE",
        prix_unitaire=None,
        montant=None,
    ),
    case(
        "druides-005-negative-price",
        "prix_negatif",
        "MEDATU 005",
        "BLOQUEE",
        prix_unitaire=Decimal(-1),
    ),
    case(
        "billing-3-price-0-left-out",
        "prix_nul",
        "",
        "EXCLUE",
        prix_unitaire=Decimal(0),
        montant=Decimal("0.000"),
    ),
    case(
        "billing-3-price-0-included",
        "prix_nul",
        "",
        "PRETE",
        prix_unitaire=Decimal(0),
        montant=Decimal("0.000"),
        inclure_zero=True,
    ),
    case(
        "billing-3-amount-below-half-a-thousandth",
        "montant_nul",
        "",
        "EXCLUE",
        nombre=Decimal("0.001"),
        prix_unitaire=Decimal("0.4999"),
        montant=Decimal("0.000"),
    ),
    case(
        "billing-3-amount-below-half-a-thousandth-included",
        "montant_nul",
        "",
        "PRETE",
        nombre=Decimal("0.001"),
        prix_unitaire=Decimal("0.4999"),
        montant=Decimal("0.000"),
        inclure_zero=True,
    ),
    case(
        "billing-11-amount-not-computed",
        "montant_faux",
        "MEDATU 005",
        "BLOQUEE",
        montant=Decimal("980.001"),
    ),
    case(
        "format-amount-overflow",
        "montant_trop_grand",
        "MEDATU 005",
        "BLOQUEE",
        nombre=Decimal(1),
        prix_unitaire=Decimal("10000000"),
        montant=Decimal("10000000.000"),
    ),
    case("billing-11-duplicate", "doublon", "", "PRETE", doublon=True),
    case("druides-006", "validation", "MEDATU 006", "BLOQUEE", validation="3"),
    case("druides-007-missing", "indication_absente", "MEDATU 007", "BLOQUEE", code_indication=""),
    case(
        "druides-007-shape", "indication_forme", "MEDATU 007", "BLOQUEE", code_indication="NINDO5"
    ),
    case(
        "druides-007-unknown-pair",
        "indication_inconnue",
        "MEDATU 007",
        "BLOQUEE",
        code_indication="NEDAR01",
    ),
    case(
        "druides-007-closed-the-day-before",
        "indication_fermee",
        "MEDATU 007",
        "BLOQUEE",
        **code("NINDO05", fin=date(2025, 3, 14)),
    ),
    case(
        "druides-007-opens-the-day-after",
        "indication_fermee",
        "MEDATU 007",
        "BLOQUEE",
        **code("NINDO05", debut=date(2025, 3, 16)),
    ),
    case("solimed-1019-nxxxx00", "indication_nxxxx00", "MEDATU 007", "BLOQUEE", **code("NXXXX00")),
    case("billing-8-les-generic", "indication_les", "MEDATU 007", "BLOQUEE", **code("I999998")),
    case(
        "billing-8-code-of-type-06",
        "indication_type",
        "MEDATU 888",
        "BLOQUEE",
        **code("I000444", type_prestation="06"),
    ),
    case("billing-8-r-code", "indication_r_d", "MEDATU 007", "PRETE", **code("RITRA01")),
    case("billing-8-d-code", "indication_r_d", "MEDATU 007", "PRETE", **code("DRUXO01")),
    case(
        "decision-24-right-on-dispensing-day",
        "droit_non_couvert",
        "",
        "BLOQUEE",
        droits_non_couverts=("AAC-2026-000123",),
    ),
]


@pytest.mark.parametrize(("changes", "expected", "druides", "state"), CASES)
def test_control(changes, expected, druides, state):
    faits = replace(FAITS, **changes)
    found = {blocage.code: blocage for blocage in controls(faits)}
    assert set(found) == {expected}
    assert found[expected].druides == druides
    assert found[expected].message
    assert line_state(found.values()) == state


def test_a_clean_line_is_ready():
    assert controls(FAITS) == []
    assert line_state([]) == "PRETE"


@pytest.mark.parametrize("jour", [date(2025, 3, 10), date(2025, 3, 20)], ids=["entry", "discharge"])
def test_entry_and_discharge_days_are_within_the_stay(jour):
    assert controls(replace(FAITS, jour=jour)) == []


def test_the_last_day_of_the_code_is_still_valid():
    faits = replace(FAITS, **code("NINDO05", fin=FAITS.jour))
    assert controls(faits) == []


def test_discharge_on_the_last_day_of_the_period_is_ready():
    assert controls(replace(FAITS, sortie=date(2025, 3, 31))) == []


def test_an_administration_after_the_period_is_blocked():
    faits = replace(FAITS, sortie=date(2025, 4, 10), jour=date(2025, 4, 1))
    found = {b.code for b in controls(faits)}
    assert found == {"sejour_posterieur", "apres_periode"}


@pytest.mark.parametrize(
    ("jour", "warned"), [(date(2023, 12, 31), True), (date(2024, 1, 1), False)]
)
def test_an_administration_before_n_1_is_warned_snds(jour, warned):
    faits = replace(FAITS, jour=jour, entree=jour)
    found = controls(faits)
    assert [b.code for b in found] == (["avant_n_1"] if warned else [])
    assert line_state(found) == "PRETE"


@pytest.mark.parametrize("letter", ["C", "N", "I"])
def test_codes_named_by_the_atih_raise_no_warning(letter):
    name = "I000444" if letter == "I" else letter + "INDO05"
    assert controls(replace(FAITS, **code(name))) == []


def test_one_row_of_two_being_open_is_enough():
    codes = (
        CodeOuvert("NINDO05", date(2022, 1, 1), date(2023, 1, 1)),
        CodeOuvert("NINDO05", date(2025, 1, 1)),
    )
    assert controls(replace(FAITS, codes=codes)) == []


def test_the_latest_end_is_the_one_said():
    codes = (
        CodeOuvert("NINDO05", date(2022, 1, 1), date(2023, 1, 1)),
        CodeOuvert("NINDO05", date(2025, 1, 1), date(2025, 2, 28)),
    )
    (blocage,) = controls(replace(FAITS, codes=codes))
    assert "fermé le 28/02/2025 pour l'UCD 9321007" in blocage.message


def test_a_waiting_line_that_is_also_wrong_is_blocked():
    found = controls(replace(FAITS, sortie=None, prix_unitaire=None, montant=None))
    assert {b.gravite for b in found} == {PorteeControle.ATTENTE, PorteeControle.BLOQUANT}
    assert line_state(found) == "BLOQUEE"


def test_a_number_of_0_is_left_out_whatever_else_is_wrong():
    found = controls(replace(FAITS, nombre=Decimal(0), prix_unitaire=None, montant=None))
    assert line_state(found) == "EXCLUE"


def test_a_reason_travels_as_json():
    (blocage,) = controls(replace(FAITS, sortie=None))
    assert blocage.as_json() == {
        "code": "sejour_ouvert",
        "druides": "MEDATU 997",
        "message": "Séjour sans date de sortie\u00a0: la ligne attend le mois de la sortie",
        "champ": "sortie",
        "gravite": "attente",
    }
