from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from billing.models import Envoi, LigneFichcomp, Preparation
from engine import clocks
from tests.billing import builders

pytestmark = pytest.mark.django_db


def assert_broken(row, message):
    """The form and the database both refuse the row, the form in French."""
    with pytest.raises(ValidationError) as error:
        row.full_clean()
    assert message in " ".join(error.value.messages)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


@pytest.fixture
def dispensation(etablissement, indocin):
    return builders.make_dispensation(etablissement, indocin)


@pytest.fixture
def sejour(etablissement, dispensation):
    return builders.make_sejour(etablissement, dispensation.patient)


@pytest.fixture
def preparation(etablissement):
    return Preparation.objects.create(
        etablissement=etablissement, annee=2025, mois=3, empreinte="x", preparee_le=clocks.now()
    )


def ligne(preparation, sejour, specialite, **changes):
    values = {
        "ordre": 1,
        "finess": "990000002",
        "numero_sejour": sejour.numero,
        "sortie": date(2025, 3, 20),
        "jour": date(2025, 3, 15),
        "ucd7": "9321007",
        "ucd13": "3400893210079",
        "libelle": "INDOCIN fictif",
        "nombre": Decimal(1),
        "montant": Decimal(1),
        "code_indication": "NINDO05",
        "etat": "PRETE",
        "references": {"titres": []},
        **changes,
    }
    return LigneFichcomp(preparation=preparation, sejour=sejour, specialite=specialite, **values)


def test_a_stay_number_is_unique_in_its_hospital(etablissement, sejour):
    sejour.pk = None
    sejour._state.adding = True
    assert_broken(sejour, "existe déjà dans l'établissement")


def test_a_discharge_never_precedes_the_entry(sejour):
    sejour.sortie = date(2025, 3, 9)
    assert_broken(sejour, "La sortie précède l'entrée.")


def test_a_stay_of_one_day_is_a_stay(sejour):
    sejour.sortie = sejour.entree
    sejour.full_clean()


@pytest.mark.parametrize("field", ["quantite", "perte"])
def test_no_negative_quantity(dispensation, sejour, field):
    administration = builders.make_administration(dispensation, sejour)
    setattr(administration, field, Decimal("-0.001"))
    assert_broken(administration, "négative")


def test_no_negative_price(etablissement, indocin):
    prix = builders.make_prix(etablissement, indocin)
    prix.prix_unitaire_ttc = Decimal("-0.0001")
    assert_broken(prix, "Le prix est négatif.")


def test_one_open_price_at_a_time(etablissement, indocin):
    prix = builders.make_prix(etablissement, indocin)
    prix.pk, prix.debut = None, date(2025, 2, 1)
    prix._state.adding = True
    assert_broken(prix, "sans date de fin")


def test_a_price_ends_after_it_begins(etablissement, indocin):
    prix = builders.make_prix(etablissement, indocin)
    prix.fin = date(2024, 12, 31)
    assert_broken(prix, "La fin précède le début.")


def test_one_current_preparation_a_month(preparation):
    preparation.pk = None
    preparation._state.adding = True
    assert_broken(preparation, "déjà une préparation en cours")


def test_there_is_no_thirteenth_month(preparation):
    preparation.mois = 13
    assert_broken(preparation, "Le mois va de 1 à 12.")


@pytest.mark.parametrize(
    "changes",
    [
        {"montant": None},
        {"nombre": Decimal(0)},
        {"montant": Decimal(-1)},
        {"code_indication": ""},
        {"ucd13": ""},
        {"finess": ""},
        {"sortie": None},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_ready_line_is_complete(preparation, sejour, indocin, changes):
    assert_broken(ligne(preparation, sejour, indocin, **changes), "Une ligne prête a un séjour")


def test_a_ready_line_is_dated_before_the_discharge(preparation, sejour, indocin):
    row = ligne(preparation, sejour, indocin, jour=date(2025, 3, 21))
    assert_broken(row, "avant la sortie")


def test_a_line_state_is_a_known_one(preparation, sejour, indocin):
    row = ligne(preparation, sejour, indocin, etat="SCELLEE")
    with pytest.raises(ValidationError):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_one_line_by_stay_day_ucd_and_indication(preparation, sejour, indocin):
    ligne(preparation, sejour, indocin).save()
    assert_broken(ligne(preparation, sejour, indocin), "Une seule ligne par séjour")


def test_a_file_has_a_line(preparation):
    envoi = Envoi(
        preparation=preparation,
        etablissement=preparation.etablissement,
        annee=2025,
        mois=3,
        format="FICHCOMP_MCO",
        nom="x",
        sha256="x",
        taille=0,
        lignes=0,
        total=0,
        cree_le=clocks.now(),
    )
    assert_broken(envoi, "au moins une ligne")
