"""Selectors dossiers and bills rely on, hand entries, demonstration products."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from referentiel import demo
from referentiel.models import Cadre, CodeIndication, Critere, Produit, Specialite
from referentiel.selectors import medicines
from referentiel.services import medicines as by_hand
from referentiel.services.imports import import_referentiel
from referentiel.states import StatutCadre, TypeCadre
from tests.referentiel import samples

pytestmark = pytest.mark.django_db
DAY = date(2025, 3, 15)


@pytest.fixture
def base(tmp_path):
    import_referentiel("bdpm", samples.bdpm(tmp_path / "bdpm"))
    import_referentiel("atih", samples.atih(tmp_path))


def specialite(ucd7):
    return Specialite.objects.select_related("produit").get(ucd7=ucd7)


@pytest.mark.parametrize(
    "q", ["indocin", "NEPHROTIQUE", "9321007", "3400893210079", "nindo05", "congenital indo"]
)
def test_search_finds_by_name_code_and_disease(base, q):
    assert [p.nom for p in medicines.search_produits(q)] == ["INDOCIN 25MG/5ML BUV FL"]


def test_search_is_bounded_and_empty_for_nothing(base):
    assert medicines.search_produits("  ") == []
    assert medicines.search_produits("introuvable") == []
    assert len(medicines.search_produits("a", limit=2)) == 2


def test_search_percent_sign_is_a_character(base):
    assert medicines.search_produits("100%") == []


@pytest.mark.parametrize(
    ("ucd7", "code", "on", "valid"),
    [
        ("9321007", "NINDO05", date(2021, 7, 1), True),
        ("9321007", "NINDO05", date(2021, 6, 30), False),
        ("9453973", "NTHAL01", date(2025, 8, 15), True),
        ("9453973", "NTHAL01", date(2025, 8, 16), False),
        ("9321007", "NXXXX00", date(2022, 12, 31), False),
        ("9321007", "NXXXX01", DAY, True),
        ("9000525", "NINDO05", DAY, False),
        ("9999999", "NINDO05", DAY, False),
    ],
)
def test_pair_is_billable_within_its_dates(base, ucd7, code, on, valid):
    assert medicines.codes_on(ucd7, on).filter(code=code).exists() is valid


def test_code_of_a_cadre_else_the_generic_one(base):
    indocin, hepcludex = specialite("9321007"), specialite("9000525")
    cadre = Cadre.objects.get(code="NINDO05")
    assert medicines.code_for(cadre, indocin, DAY).code == "NINDO05"
    assert medicines.code_for(None, indocin, DAY).code == "NXXXX01"
    assert medicines.code_for(None, hepcludex, DAY, continuite=True).code == "NXXXX02"
    assert medicines.code_for(None, hepcludex, DAY) is None
    aap = Cadre.objects.get(code="CBULE02")
    aap.fin = date(2024, 1, 1)
    aap.save()
    CodeIndication.objects.filter(code="CBULE02").update(fin=date(2024, 1, 1))
    assert medicines.code_for(aap, hepcludex, DAY) is None


def test_open_cadres_of_a_day(base):
    produit = specialite("9453973").produit
    assert medicines.cadres_ouverts(produit, DAY).count() == 1
    assert not medicines.cadres_ouverts(produit, date(2025, 8, 16)).exists()
    assert not medicines.cadres_ouverts(produit, DAY, TypeCadre.AAP).exists()


def test_missing_mentions_are_named(base):
    produit = specialite("9321007").produit
    assert medicines.mentions_manquantes(produit) == ["DCI", "forme", "dosage", "laboratoire"]
    produit = by_hand.complete_produit(
        produit, by=None, dci="indométacine", forme="suspension", dosage="5 mg", laboratoire="X"
    )
    assert medicines.mentions_manquantes(produit) == []


def test_amm_of_the_same_brand_is_an_alternative(base):
    found = medicines.alternatives(specialite("9000525").produit, "Autre chose", DAY)
    assert [a.route for a in found] == [medicines.AutreVoie.AMM]
    assert "HEPCLUDEX 2 mg" in found[0].sentence


def test_aap_in_force_for_the_indication_comes_first(base):
    found = medicines.alternatives(specialite("9000525").produit, "hépatite DELTA", DAY)
    assert [a.route.value for a in found] == ["AAP", "AMM"]
    closed = medicines.alternatives(specialite("9453973").produit, "Aphtose", date(2026, 1, 1))
    assert closed == []


def test_amm_of_same_dci_form_and_strength_only(base):
    produit = specialite("9321007").produit
    same = {"dci": "bulévirtide", "forme": "poudre pour solution", "dosage": "2 mg"}
    produit = by_hand.complete_produit(produit, by=None, **same)
    assert [a.route.value for a in medicines.marketed(produit)] == ["AMM"]
    produit = by_hand.complete_produit(produit, by=None, dosage="5 mg")
    assert medicines.marketed(produit) == []


def test_withdrawn_amm_is_no_alternative(tmp_path):
    import_referentiel("bdpm", samples.bdpm(tmp_path / "bdpm"))
    produit = by_hand.add_produit(by=None, nom="ANCIEN 1 g")
    assert medicines.marketed(produit) == []


# --- By hand ----------------------------------------------------------------------------


def test_product_added_by_hand_with_or_without_its_ucd(base):
    waiting = by_hand.add_produit(by=None, nom="CODE-123", dci="essai")
    row = waiting.specialites.get()
    assert (row.ucd7, row.ucd_en_attente) == (None, True)
    by_hand.assign_ucd(row, by=None, ucd7="9000001")
    row.refresh_from_db()
    assert (row.ucd13, row.ucd_en_attente) == ("3400890000017", False)
    assert medicines.search_produits("9000001") == [waiting]
    with pytest.raises(ValidationError, match="déjà"):
        by_hand.add_produit(by=None, nom="AUTRE", ucd7="9321007")
    with pytest.raises(ValidationError, match="7 chiffres"):
        by_hand.add_produit(by=None, nom="AUTRE", ucd7="12")
    assert not Produit.objects.filter(nom="AUTRE").exists()


def test_cadre_and_code_added_by_hand_survive_the_next_release(base, tmp_path):
    row = specialite("9321007")
    cadre = by_hand.add_cadre(
        row.produit, by=None, framework=TypeCadre.AAC, indication="Cystinose", debut=DAY
    )
    by_hand.add_code(row, by=None, code="nindo11", cadre=cadre, debut=DAY, libelle="Cystinose")
    cadre.refresh_from_db()
    assert (cadre.code, cadre.cadre_source) == ("NINDO11", "personne")
    rows = [*samples.ATIH_ROWS[:-1]]
    import_referentiel("atih", samples.atih(tmp_path, rows, name="a_2025-03.csv"))
    code = CodeIndication.objects.get(code="NINDO11")
    assert code.absente_version == ""
    assert medicines.codes_on("9321007", DAY).filter(code="NINDO11").exists()


@pytest.mark.parametrize(
    ("code", "field"), [("NINDO", "code"), ("NINDO99", "cadre"), ("NINDO05", None)]
)
def test_code_by_hand_is_checked(base, code, field):
    row = specialite("9321007")
    cadre = None if field == "cadre" else row.produit.cadres.first()
    with pytest.raises(ValidationError) as raised:
        by_hand.add_code(row, by=None, code=code, cadre=cadre)
    if field:
        assert field in raised.value.message_dict


def test_status_of_another_framework_is_refused(base):
    cadre = Cadre.objects.get(code="NINDO05")
    with pytest.raises(ValidationError, match="statut"):
        by_hand.update_cadre(cadre, by=None, statut=StatutCadre.ABROGE)


def test_criteria_are_versioned(base):
    cadre = Cadre.objects.get(code="NINDO05")
    first = [by_hand.Question("Un ?"), by_hand.Question("Deux ?", attendu=False)]
    cadre = by_hand.publish_criteria(cadre, first, by=None)
    assert (cadre.version_criteres, cadre.statut) == (1, StatutCadre.CRITERES_PUBLIES)
    cadre = by_hand.publish_criteria(cadre, [by_hand.Question("Trois ?")], by=None)
    assert cadre.version_criteres == 2
    assert Critere.objects.filter(cadre=cadre).count() == 3
    assert [c.attendu for c in cadre.criteres.filter(version=1)] == [True, False]


def test_demo_products_are_completed_once_and_marked(base):
    first = demo.seed_criteria(by=None)
    again = demo.seed_criteria(by=None)
    assert [c.pk for c in first] == [c.pk for c in again]
    indocin = specialite("9321007").produit
    assert medicines.mentions_manquantes(indocin) == []
    assert indocin.exemple_fictif
    assert indocin.provenance["laboratoire"] == "exemple fictif"
    assert set(Critere.objects.values_list("exemple_fictif", flat=True)) == {True}
    assert set(Critere.objects.values_list("version", flat=True)) == {1}
    hepcludex = specialite("9000525")
    assert not hepcludex.produit.exemple_fictif
    cadre = hepcludex.produit.cadres.get(framework="AAC")
    assert medicines.code_for(cadre, hepcludex, DAY).code == "NXXXX02"
