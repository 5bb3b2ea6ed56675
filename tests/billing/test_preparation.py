from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine

from billing.errors import Refus
from billing.models import LigneFichcomp, Preparation
from billing.services.preparation import prepare_month
from engine import clocks, journal
from engine.models import Entry
from referentiel.models import CodeUcd, ImportRun, LigneLes
from tests.billing import builders
from tests.factories.dossiers import take_state

pytestmark = pytest.mark.django_db


def prepare(etablissement, by, mois=3, annee=2025, **options):
    return prepare_month(etablissement=etablissement, annee=annee, mois=mois, by=by, **options)


@pytest.fixture
def dispensation(etablissement, indocin):
    builders.make_prix(etablissement, indocin)
    return builders.make_dispensation(etablissement, indocin)


@pytest.fixture
def sejour(etablissement, dispensation):
    return builders.make_sejour(etablissement, dispensation.patient)


def only_line(preparation):
    return preparation.lignes.get()


def test_administrations_of_a_day_make_one_line(etablissement, facturation, dispensation, sejour):
    builders.make_administration(dispensation, sejour, quantite="1.5")
    builders.make_administration(dispensation, sejour, quantite="1")
    ligne = only_line(prepare(etablissement, facturation))
    assert (ligne.etat, ligne.nombre, ligne.montant) == ("PRETE", Decimal("2.5"), Decimal("980"))
    assert len(ligne.references["administrations"]) == 2


def test_wastage_is_not_billed(etablissement, facturation, dispensation, sejour):
    builders.make_administration(dispensation, sejour, quantite="1", perte="0.5")
    assert only_line(prepare(etablissement, facturation)).nombre == 1


def test_two_days_two_ucd_two_codes_make_as_many_lines(
    etablissement, facturation, dispensation, sejour, indocin
):
    builders.add_code(indocin, "NINDO06")
    other_code = builders.make_dispensation(
        etablissement, indocin, "NINDO06", patient=sejour.patient, aac=dispensation.titre
    )
    other_ucd = builders.make_specialite("HEPCLUDEX", codes=("NXXXX02",))
    other = builders.make_dispensation(
        etablissement, other_ucd, "NXXXX02", patient=sejour.patient, aac=dispensation.titre
    )
    builders.make_administration(dispensation, sejour)
    builders.make_administration(dispensation, sejour, date(2025, 3, 16))
    builders.make_administration(other_code, sejour)
    builders.make_administration(other, sejour)
    lines = prepare(etablissement, facturation).lignes
    assert [(str(x.jour), x.ucd7, x.code_indication) for x in lines.all()] == [
        ("2025-03-15", "9000525", "NXXXX02"),
        ("2025-03-15", "9321007", "NINDO05"),
        ("2025-03-15", "9321007", "NINDO06"),
        ("2025-03-16", "9321007", "NINDO05"),
    ]


@pytest.mark.parametrize(
    ("sortie", "mois", "etat", "evite"),
    [
        pytest.param(date(2025, 3, 31), 3, "PRETE", "", id="last-day-of-month"),
        pytest.param(date(2025, 3, 31), 5, "PRETE", "", id="cumulative-later-month"),
        pytest.param(date(2025, 4, 1), 3, "EN_ATTENTE", "MEDATU 997", id="day-after-the-month"),
        pytest.param(None, 3, "EN_ATTENTE", "MEDATU 997", id="open-stay"),
    ],
)
def test_a_stay_enters_the_month_of_its_discharge_decision_27(
    etablissement, facturation, dispensation, sejour, sortie, mois, etat, evite
):
    sejour.sortie = sortie
    sejour.save()
    builders.make_administration(dispensation, sejour)
    ligne = only_line(prepare(etablissement, facturation, mois))
    assert (ligne.etat, ligne.evite) == (etat, evite)


def test_a_month_before_the_administration_has_no_line(
    etablissement, facturation, dispensation, sejour
):
    builders.make_administration(dispensation, sejour)
    assert prepare(etablissement, facturation, 2).lignes.count() == 0


def test_a_stay_discharged_last_year_is_not_in_this_year(
    etablissement, facturation, dispensation, sejour
):
    builders.make_administration(dispensation, sejour)
    assert prepare(etablissement, facturation, 1, 2026).lignes.count() == 0


@pytest.mark.parametrize(
    ("jour", "code"),
    [(date(2025, 3, 9), "avant_entree"), (date(2025, 3, 21), "apres_sortie")],
    ids=["day-before-entry", "day-after-discharge"],
)
def test_an_administration_outside_its_stay_is_blocked_druides_008(
    etablissement, facturation, dispensation, sejour, jour, code
):
    builders.make_administration(dispensation, sejour, jour)
    ligne = only_line(prepare(etablissement, facturation))
    assert (ligne.etat, ligne.motif_code, ligne.evite) == ("BLOQUEE", code, "MEDATU 008")


@pytest.mark.parametrize(
    ("fin", "etat"),
    [(date(2025, 3, 15), "PRETE"), (date(2025, 3, 14), "BLOQUEE")],
    ids=["closes-that-day", "closed-the-day-before"],
)
def test_the_code_is_proved_on_the_administration_day_decision_24(
    etablissement, facturation, dispensation, sejour, indocin, fin, etat
):
    indocin.codes.update(fin=fin)
    builders.make_administration(dispensation, sejour)
    ligne = only_line(prepare(etablissement, facturation))
    assert ligne.etat == etat
    assert ligne.evite == ("" if etat == "PRETE" else "MEDATU 007")


@pytest.mark.parametrize(
    ("absente", "etat"),
    [(date(2025, 3, 16), "PRETE"), (date(2025, 3, 15), "BLOQUEE")],
    ids=["gone-the-day-after", "gone-that-day"],
)
def test_a_code_gone_from_the_lists_is_closed(
    etablissement, facturation, dispensation, sejour, indocin, absente, etat
):
    indocin.codes.update(absente_depuis=absente)
    builders.make_administration(dispensation, sejour)
    assert only_line(prepare(etablissement, facturation)).etat == etat


@pytest.mark.parametrize(
    ("jour", "etat"),
    [(date(2025, 3, 10), "PRETE"), (date(2025, 3, 11), "BLOQUEE")],
    ids=["last-day-of-the-right", "day-after"],
)
def test_the_right_is_judged_on_the_dispensing_day_decision_24(
    etablissement, facturation, indocin, jour, etat
):
    builders.make_prix(etablissement, indocin)
    patient = builders.make_patient(etablissement)
    aac = builders.make_aac(etablissement, patient, fin=date(2025, 3, 10))
    dispensation = builders.make_dispensation(
        etablissement, indocin, patient=patient, aac=aac, jour=jour
    )
    stay = builders.make_sejour(etablissement, patient)
    builders.make_administration(dispensation, stay)
    ligne = only_line(prepare(etablissement, facturation))
    assert ligne.etat == etat
    if etat == "BLOQUEE":
        assert aac.numero in ligne.motif


@pytest.mark.parametrize(
    ("day", "etat"),
    [(11, "PRETE"), (10, "BLOQUEE"), (9, "BLOQUEE")],
    ids=["suspended-the-day-after", "suspended-that-day", "suspended-the-day-before"],
)
def test_a_suspension_holds_back_only_what_was_given_under_it(
    etablissement, facturation, indocin, day, etat
):
    """Dispensed on 10 March: what counts is the state of that day, not today's."""
    builders.make_prix(etablissement, indocin)
    dispensation = builders.make_dispensation(etablissement, indocin)
    aac = dispensation.titre.as_kind()
    with time_machine.travel(datetime(2025, 1, 1, 9, tzinfo=clocks.PARIS), tick=False):
        journal.record(aac, "create", by=facturation, to_state="ACTIVE")
    with time_machine.travel(datetime(2025, 3, day, 9, tzinfo=clocks.PARIS), tick=False):
        take_state(aac, "SUSPENDUE")
    builders.make_administration(
        dispensation, builders.make_sejour(etablissement, dispensation.patient)
    )
    assert only_line(prepare(etablissement, facturation)).etat == etat


def test_a_dispensing_without_code_is_blocked(etablissement, facturation, indocin):
    builders.make_prix(etablissement, indocin)
    dispensation = builders.make_dispensation(etablissement, indocin, code="")
    stay = builders.make_sejour(etablissement, dispensation.patient)
    builders.make_administration(dispensation, stay)
    assert only_line(prepare(etablissement, facturation)).motif_code == "indication_absente"


def test_a_pending_ucd_blocks_only_the_bill_decision_18(
    etablissement, facturation, dispensation, sejour, indocin
):
    indocin.ucd7, indocin.ucd_en_attente = None, True
    indocin.save()
    builders.make_administration(dispensation, sejour)
    ligne = only_line(prepare(etablissement, facturation))
    assert (ligne.motif_code, ligne.ucd13) == ("ucd_en_attente", "")


def test_retrocession_and_had_make_no_line_decision_25(etablissement, facturation, indocin):
    for contexte in ("RETROCESSION", "HAD"):
        dispensation = builders.make_dispensation(etablissement, indocin, contexte=contexte)
        stay = builders.make_sejour(etablissement, dispensation.patient, numero=contexte)
        builders.make_administration(dispensation, stay)
    assert prepare(etablissement, facturation).lignes.count() == 0


def test_a_missing_price_blocks(etablissement, facturation, indocin):
    dispensation = builders.make_dispensation(etablissement, indocin)
    stay = builders.make_sejour(etablissement, dispensation.patient)
    builders.make_administration(dispensation, stay)
    ligne = only_line(prepare(etablissement, facturation))
    assert (ligne.etat, ligne.montant, ligne.evite) == ("BLOQUEE", None, "MEDATU 005")


@pytest.mark.parametrize(
    ("jour", "montant"),
    [(date(2025, 3, 14), "100"), (date(2025, 3, 15), "200")],
    ids=["last-day-of-old-price", "first-day-of-new-price"],
)
def test_the_price_is_the_one_of_the_administration_day(
    etablissement, facturation, indocin, jour, montant
):
    builders.make_prix(etablissement, indocin, "100", fin=date(2025, 3, 14))
    builders.make_prix(etablissement, indocin, "200", debut=date(2025, 3, 15))
    dispensation = builders.make_dispensation(etablissement, indocin)
    stay = builders.make_sejour(etablissement, dispensation.patient)
    builders.make_administration(dispensation, stay, jour)
    assert only_line(prepare(etablissement, facturation)).montant == Decimal(montant)


def test_a_line_at_0_euro_leaves_only_when_asked(etablissement, facturation, indocin):
    builders.make_prix(etablissement, indocin, "0")
    dispensation = builders.make_dispensation(etablissement, indocin)
    stay = builders.make_sejour(etablissement, dispensation.patient)
    builders.make_administration(dispensation, stay)
    assert only_line(prepare(etablissement, facturation)).etat == "EXCLUE"
    ligne = only_line(prepare(etablissement, facturation, include_zero=True))
    assert (ligne.etat, ligne.avertissements) == ("PRETE", 1)


def test_a_number_of_0_is_left_out_and_reported(etablissement, facturation, dispensation, sejour):
    builders.make_administration(dispensation, sejour, quantite="0", perte="1")
    ligne = only_line(prepare(etablissement, facturation))
    assert (ligne.etat, ligne.motif_code) == ("EXCLUE", "nombre_nul")


def test_an_overflow_is_blocked_not_cut(etablissement, facturation, indocin):
    builders.make_prix(etablissement, indocin, "9999999.9999")
    dispensation = builders.make_dispensation(etablissement, indocin)
    stay = builders.make_sejour(etablissement, dispensation.patient)
    builders.make_administration(dispensation, stay)
    ligne = only_line(prepare(etablissement, facturation))
    assert (ligne.etat, ligne.motif_code) == ("BLOQUEE", "montant_trop_grand")


def test_a_number_and_a_price_beyond_everything_are_blocked_not_a_crash(
    etablissement, facturation, indocin
):
    builders.make_prix(etablissement, indocin, "99999999.9999")
    first = builders.make_dispensation(etablissement, indocin, quantite="9999999.999")
    stay = builders.make_sejour(etablissement, first.patient)
    second = builders.make_dispensation(
        etablissement, indocin, patient=stay.patient, aac=first.titre, quantite="9999999.999"
    )
    for dispensation in (first, second):
        builders.make_administration(dispensation, stay, quantite="9999999.999")
    ligne = only_line(prepare(etablissement, facturation))
    assert (ligne.etat, ligne.motif_code) == ("BLOQUEE", "nombre_trop_grand")
    assert (ligne.nombre, ligne.montant) == (Decimal("19999999.998"), None)
    assert [b["code"] for b in ligne.blocages] == ["nombre_trop_grand"]


@pytest.mark.parametrize(
    ("said", "etat", "written"),
    [(("1", ""), "PRETE", "1"), (("2", "2"), "PRETE", "2"), (("1", "2"), "BLOQUEE", "")],
    ids=["one-says-it", "both-agree", "they-contradict"],
)
def test_one_line_has_one_validation_druides_006(
    etablissement, facturation, dispensation, sejour, said, etat, written
):
    for validation in said:
        given = builders.make_administration(dispensation, sejour)
        given.validation = validation
        given.save()
    ligne = only_line(prepare(etablissement, facturation))
    assert (ligne.etat, ligne.validation) == (etat, written)
    assert ligne.motif_code == ("" if etat == "PRETE" else "validation_contraire")


def test_preparing_twice_changes_nothing(etablissement, facturation, dispensation, sejour):
    builders.make_administration(dispensation, sejour)
    first = prepare(etablissement, facturation)
    lines = set(first.lignes.values_list("pk", flat=True))
    again = prepare(etablissement, facturation)
    assert again == first
    assert set(again.lignes.values_list("pk", flat=True)) == lines
    assert Entry.objects.filter(action="prepare_month").count() == 1


def test_prepared_lines_stay_frozen_until_prepared_again(
    etablissement, facturation, dispensation, sejour
):
    administration = builders.make_administration(dispensation, sejour)
    first = prepare(etablissement, facturation)
    administration.quantite = 4
    administration.save()
    assert only_line(first).nombre == 1
    second = prepare(etablissement, facturation)
    assert second != first
    assert only_line(second).nombre == 4
    assert Preparation.objects.count() == 1
    assert LigneFichcomp.objects.count() == 1


def test_a_new_import_of_the_list_makes_a_new_preparation(
    etablissement, facturation, dispensation, sejour
):
    builders.make_administration(dispensation, sejour)
    first = prepare(etablissement, facturation)
    ImportRun.objects.create(
        source="atih",
        statut="APPLIQUE",
        fichier="liste.csv",
        commence_le=clocks.now(),
        termine_le=clocks.now(),
    )
    second = prepare(etablissement, facturation)
    assert second != first
    assert second.referentiel_au is not None


def test_another_hospital_is_not_in_the_month(
    etablissement, autre_etablissement, facturation, indocin
):
    dispensation = builders.make_dispensation(autre_etablissement, indocin)
    stay = builders.make_sejour(autre_etablissement, dispensation.patient)
    builders.make_administration(dispensation, stay)
    assert prepare(etablissement, facturation).lignes.count() == 0


def test_s3404_says_that_fichcomp_is_not_its_route(etablissement, facturation):
    etablissement.route_facturation = "S3404"
    etablissement.save()
    with pytest.raises(Refus, match=r"S3404 et du RSF-H \(ex-OQN\), pas du FICHCOMP"):
        prepare(etablissement, facturation)


@pytest.mark.parametrize(
    ("annee", "mois", "said"),
    [
        (2025, 13, "Le mois va de 1 à 12"),
        (2025, 0, "Le mois va de 1 à 12"),
        (2022, 2, "depuis mars 2022"),
        (2998, 1, "n'a pas commencé"),
        (99999, 1, "L'année va de"),
    ],
)
def test_a_period_that_cannot_be_is_refused_in_french(
    etablissement, facturation, annee, mois, said
):
    with pytest.raises(Refus, match=said):
        prepare(etablissement, facturation, mois, annee)


def test_the_running_month_may_be_prepared(etablissement, facturation):
    today = clocks.today()
    assert prepare(etablissement, facturation, today.month, today.year).lignes.count() == 0
    following = today.replace(day=1) + timedelta(days=32)
    with pytest.raises(Refus):
        prepare(etablissement, facturation, following.month, following.year)


def test_preparing_costs_the_same_queries_whatever_the_lines(
    etablissement, facturation, indocin, django_assert_num_queries
):
    builders.make_prix(etablissement, indocin)
    dispensation = builders.make_dispensation(etablissement, indocin, quantite="100")
    stay = builders.make_sejour(etablissement, dispensation.patient)

    def queries():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as captured:
            prepare(etablissement, facturation)
        return len(captured)

    builders.make_administration(dispensation, stay, date(2025, 3, 10))
    prepare(etablissement, facturation)
    builders.make_administration(dispensation, stay, date(2025, 3, 11))
    few = queries()
    for day in range(12, 20):
        builders.make_administration(dispensation, stay, date(2025, 3, day))
    assert queries() == few


@pytest.mark.parametrize(
    ("listed", "evite"),
    [
        ({}, "MEDATU 888"),
        ({"fin": date(2025, 3, 14)}, ""),
        ({"debut": date(2025, 3, 16)}, ""),
        ({"inscrite": False}, ""),
        ({"absente_version": "2025-01"}, ""),
        ({"code": "I000445"}, ""),
    ],
    ids=["listed", "ended", "to-come", "struck-off", "former-version", "other-indication"],
)
def test_a_pair_of_the_liste_en_sus_that_day_is_of_type_06(
    etablissement, facturation, listed, evite
):
    LigneLes.objects.create(
        **{"ucd7": "9321007", "code": "I000444", "debut": date(2022, 1, 1)} | listed
    )
    specialite = builders.make_specialite("INDOCIN", codes=("I000444",))
    builders.make_prix(etablissement, specialite)
    dispensation = builders.make_dispensation(etablissement, specialite, "I000444")
    stay = builders.make_sejour(etablissement, dispensation.patient)
    builders.make_administration(dispensation, stay)
    ligne = only_line(prepare(etablissement, facturation))
    assert (ligne.etat, ligne.evite) == ("BLOQUEE" if evite else "PRETE", evite)
    assert "type 06" in ligne.motif or not evite


@pytest.mark.parametrize(
    ("loaded", "saisi", "warned"),
    [([], True, 0), (["9321007"], True, 0), (["9000525"], False, 0), (["9000525"], True, 1)],
    ids=["no-list", "in-the-list", "coded-by-a-list", "typed-by-a-person"],
)
def test_a_ucd_no_public_list_holds_is_told(etablissement, facturation, loaded, saisi, warned):
    for ucd7 in loaded:
        CodeUcd.objects.create(ucd7=ucd7, ucd13=f"34008{ucd7}0", libelle="Fictif")
    specialite = builders.make_specialite("INDOCIN", saisi=saisi)
    builders.make_prix(etablissement, specialite)
    dispensation = builders.make_dispensation(etablissement, specialite)
    stay = builders.make_sejour(etablissement, dispensation.patient)
    builders.make_administration(dispensation, stay)
    ligne = only_line(prepare(etablissement, facturation))
    assert (ligne.etat, ligne.avertissements) == ("PRETE", warned)
    assert [b["code"] for b in ligne.blocages] == ["ucd_inconnu"] * warned
