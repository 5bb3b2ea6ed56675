from datetime import date, timedelta
from decimal import Decimal

import pytest

from billing.errors import Refus, SaisieRefusee
from billing.models import Administration, Prix, Sejour
from billing.selectors.sejours import pending_dispensations
from billing.services.prix import record_price
from billing.services.sejours import (
    correct_stay,
    record_administration,
    record_administrations,
    remove_administration,
)
from engine import clocks
from engine.models import Entry
from tests.billing import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def dispensation(etablissement, indocin):
    return builders.make_dispensation(etablissement, indocin)


def paste(etablissement, by, *lines):
    return record_administrations(etablissement=etablissement, text="\n".join(lines), by=by)


def line(
    reference,
    jour="15/03/2025",
    quantite="2,5",
    sejour="240012345",
    entree="10/03/2025",
    sortie="20/03/2025",
):
    return f"{sejour};{entree};{sortie};{reference};{jour};{quantite}"


def refused(etablissement, by, *lines):
    with pytest.raises(SaisieRefusee) as error:
        paste(etablissement, by, *lines)
    assert Administration.objects.count() == 0
    assert Sejour.objects.count() == 0
    return error.value.fautes


def test_a_pasted_line_makes_a_stay_and_an_administration(etablissement, facturation, dispensation):
    (done,) = paste(etablissement, facturation, line(dispensation.titre.numero))
    assert (done.quantite, done.dispensation) == (Decimal("2.5"), dispensation)
    assert done.sejour.patient == dispensation.patient
    assert done.sejour.sortie == date(2025, 3, 20)
    actions = Entry.objects.filter(subject_id=done.sejour_id).values_list("action", flat=True)
    assert list(actions) == ["record_stay", "record_administration"]


def test_the_dispensing_may_be_left_out_once_the_stay_is_known(
    etablissement, facturation, dispensation
):
    paste(
        etablissement,
        facturation,
        line(dispensation.titre.numero),
        line("", jour="16/03/2025"),
    )
    assert Administration.objects.filter(dispensation=dispensation).count() == 2


def test_the_oldest_dispensing_that_holds_the_units_is_taken(
    etablissement, facturation, indocin, dispensation
):
    later = builders.make_dispensation(
        etablissement,
        indocin,
        patient=dispensation.patient,
        aac=dispensation.titre,
        jour=date(2025, 3, 12),
    )
    reference = dispensation.titre.numero
    done = paste(
        etablissement,
        facturation,
        line(reference, quantite="8"),
        line(reference, quantite="8", jour="16/03/2025"),
        line(reference, quantite="2", jour="17/03/2025"),
    )
    assert [a.dispensation for a in done] == [dispensation, later, dispensation]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"reference": "AAC-2025-999999"}, "aucune dispensation de l'établissement"),
        ({"reference": ""}, "à indiquer, car ce séjour n'est pas encore connu"),
        ({"quantite": "10,001"}, "il ne reste que 10 unité(s)"),
        ({"quantite": "0"}, "ni quantité administrée, ni perte"),
        ({"jour": "09/03/2025", "entree": "01/03/2025"}, "précède la dispensation"),
        ({"jour": "15/03/2999", "sortie": ""}, "dans le futur"),
        ({"entree": "01/01/2400", "sortie": ""}, "l'entrée est dans le futur"),
        ({"entree": "01/01/0001"}, "relisez l'année de l'entrée"),
        ({"sortie": "31/12/9999"}, "relisez l'année de la sortie"),
    ],
)
def test_a_fault_records_nothing_and_says_where(
    etablissement, facturation, dispensation, options, said
):
    values = {"reference": dispensation.titre.numero, **options}
    (faute,) = refused(etablissement, facturation, line(**values))
    assert faute.startswith("Ligne 1")
    assert said in faute


def test_every_fault_is_listed_and_a_good_line_is_not_recorded_alone(
    etablissement, facturation, dispensation
):
    fautes = refused(
        etablissement,
        facturation,
        line(dispensation.titre.numero),
        line("AAC-2025-999999"),
        "n'importe quoi",
        line(dispensation.titre.numero, jour="31/02/2025"),
    )
    assert [faute.split(",")[0].split("\u00a0")[0] for faute in fautes] == [
        "Ligne 2",
        "Ligne 3",
        "Ligne 4",
    ]


def test_the_last_unit_may_be_given_and_not_one_thousandth_more(
    etablissement, facturation, dispensation
):
    reference = dispensation.titre.numero
    paste(etablissement, facturation, line(reference, quantite="10"))
    with pytest.raises(SaisieRefusee, match="1 faute"):
        paste(etablissement, facturation, line(reference, jour="16/03/2025", quantite="0,001"))


def test_pasting_the_same_text_again_is_refused(etablissement, facturation, dispensation):
    text = line(dispensation.titre.numero, quantite="1")
    paste(etablissement, facturation, text)
    with pytest.raises(SaisieRefusee) as error:
        paste(etablissement, facturation, text)
    assert "déjà enregistrée" in error.value.fautes[0]


def test_a_dispensing_of_another_hospital_does_not_exist_here(
    etablissement, autre_etablissement, facturation, indocin
):
    foreign = builders.make_dispensation(autre_etablissement, indocin)
    for reference in (foreign.titre.numero, str(foreign.pk)):
        (faute,) = refused(etablissement, facturation, line(reference))
        assert "aucune dispensation de l'établissement" in faute


def test_a_retrocession_is_not_a_stay(etablissement, facturation, indocin):
    outside = builders.make_dispensation(etablissement, indocin, contexte="RETROCESSION")
    (faute,) = refused(etablissement, facturation, line(outside.titre.numero))
    assert "rétrocession ou HAD" in faute


def test_a_stay_never_changes_patient(etablissement, facturation, dispensation, indocin):
    paste(etablissement, facturation, line(dispensation.titre.numero))
    other = builders.make_dispensation(etablissement, indocin)
    with pytest.raises(SaisieRefusee) as error:
        paste(etablissement, facturation, line(other.titre.numero))
    assert "autre patient" in error.value.fautes[0]


def test_a_known_stay_keeps_its_dates(etablissement, facturation, dispensation):
    reference = dispensation.titre.numero
    paste(etablissement, facturation, line(reference, quantite="1", sortie=""))
    paste(etablissement, facturation, line(reference, quantite="2"))
    assert Sejour.objects.get().sortie == date(2025, 3, 20)
    paste(etablissement, facturation, line(reference, quantite="3", sortie=""))
    assert Sejour.objects.get().sortie == date(2025, 3, 20)
    for change in ({"entree": "11/03/2025"}, {"sortie": "21/03/2025"}):
        with pytest.raises(SaisieRefusee) as error:
            paste(etablissement, facturation, line(reference, quantite="0,5", **change))
        assert "ce séjour est connu" in error.value.fautes[0]


def test_an_administration_outside_its_stay_is_kept_to_be_cured(
    etablissement, facturation, dispensation
):
    (done,) = paste(etablissement, facturation, line(dispensation.titre.numero, jour="25/03/2025"))
    assert done.jour > done.sejour.sortie


def test_one_administration_is_typed(etablissement, facturation, dispensation):
    done = record_administration(
        dispensation=dispensation,
        numero_sejour="240012345",
        entree=date(2025, 3, 10),
        sortie=None,
        jour=date(2025, 3, 15),
        quantite=Decimal("1"),
        perte=Decimal("0.5"),
        validation="1",
        by=facturation,
    )
    assert (done.perte, done.validation, done.saisi_par) == (Decimal("0.5"), "1", facturation)


def test_a_stay_number_too_long_is_refused_with_a_sentence(facturation, dispensation):
    with pytest.raises(SaisieRefusee):
        record_administration(
            dispensation=dispensation,
            numero_sejour="2" * 21,
            entree=date(2025, 3, 10),
            sortie=None,
            jour=date(2025, 3, 15),
            quantite=Decimal("1"),
            by=facturation,
        )


def test_the_discharge_is_added_later(etablissement, facturation, dispensation):
    paste(etablissement, facturation, line(dispensation.titre.numero, sortie=""))
    stay = Sejour.objects.get()
    correct_stay(sejour=stay, entree=stay.entree, sortie=date(2025, 3, 31), by=facturation)
    assert Sejour.objects.get().sortie == date(2025, 3, 31)
    with pytest.raises(SaisieRefusee) as error:
        correct_stay(sejour=stay, entree=stay.entree, sortie=date(2025, 3, 1), by=facturation)
    assert "La sortie précède l'entrée." in error.value.fautes


def test_a_mistaken_administration_is_removed_and_journalled(
    etablissement, facturation, dispensation
):
    (done,) = paste(etablissement, facturation, line(dispensation.titre.numero))
    remove_administration(administration=done, by=facturation)
    assert Administration.objects.count() == 0
    assert Entry.objects.filter(action="remove_administration").exists()


def price(etablissement, specialite, by, prix="392", debut=date(2025, 1, 1), fin=None, **more):
    return record_price(
        etablissement=etablissement,
        specialite=specialite,
        prix_unitaire_ttc=Decimal(prix),
        debut=debut,
        fin=fin,
        by=by,
        **{"source": "Facture fictive", **more},
    )


def test_a_new_price_ends_the_one_before_it_the_day_before(etablissement, facturation, indocin):
    old = price(etablissement, indocin, facturation)
    price(etablissement, indocin, facturation, "400", date(2025, 3, 15))
    old.refresh_from_db()
    assert old.fin == date(2025, 3, 14)
    assert Prix.objects.in_force(date(2025, 3, 14)).get() == old
    assert Prix.objects.in_force(date(2025, 3, 15)).get().prix_unitaire_ttc == 400


def test_two_prices_never_cover_the_same_day(etablissement, facturation, indocin):
    price(etablissement, indocin, facturation, fin=date(2025, 3, 31))
    with pytest.raises(Refus, match="ne se chevauchent pas"):
        price(etablissement, indocin, facturation, debut=date(2025, 3, 31))
    price(etablissement, indocin, facturation, debut=date(2025, 4, 1))
    with pytest.raises(Refus):
        price(etablissement, indocin, facturation, debut=date(2024, 12, 1), fin=date(2025, 1, 1))
    price(etablissement, indocin, facturation, debut=date(2024, 12, 1), fin=date(2024, 12, 31))


def test_a_price_typed_wrong_is_corrected_from_the_same_day(etablissement, facturation, indocin):
    price(etablissement, indocin, facturation, "300", date(2024, 1, 1))
    wrong = price(etablissement, indocin, facturation, "3920")
    right = price(etablissement, indocin, facturation, "392", source="Facture 12")
    assert right == wrong
    said = [(p.prix_unitaire_ttc, p.source, p.debut, p.fin) for p in Prix.objects.all()]
    assert said == [
        (392, "Facture 12", date(2025, 1, 1), None),
        (300, "Facture fictive", date(2024, 1, 1), date(2024, 12, 31)),
    ]
    told = Entry.objects.filter(subject_id=right.pk).order_by("seq")
    assert [entry.action for entry in told] == ["record_price", "correct_price"]
    assert told.last().payload == {"ancien": "3920.0000"}


def test_a_corrected_price_still_ends_before_the_next(etablissement, facturation, indocin):
    price(etablissement, indocin, facturation, "3920")
    price(etablissement, indocin, facturation, "400", date(2025, 4, 1))
    with pytest.raises(Refus, match="ne se chevauchent pas"):
        price(etablissement, indocin, facturation, "392")
    price(etablissement, indocin, facturation, "392", fin=date(2025, 3, 31))
    prices = Prix.objects.order_by("debut").values_list("prix_unitaire_ttc", flat=True)
    assert list(prices) == [392, 400]


def test_a_price_has_a_source(etablissement, facturation, indocin):
    with pytest.raises(Refus):
        price(etablissement, indocin, facturation, source="")


def test_a_price_in_the_future_may_be_recorded(etablissement, facturation, indocin):
    start = clocks.today() + timedelta(days=30)
    assert price(etablissement, indocin, facturation, debut=start).debut == start


@pytest.mark.parametrize(
    ("entree", "sortie"),
    [
        (date(2400, 1, 1), None),
        (date(1, 1, 1), None),
        (date(2025, 3, 10), date(2400, 1, 1)),
    ],
)
def test_a_stay_is_not_corrected_to_a_year_nobody_means(
    etablissement, facturation, dispensation, entree, sortie
):
    (done,) = paste(etablissement, facturation, line(dispensation.titre.numero))
    with pytest.raises(Refus):
        correct_stay(sejour=done.sejour, entree=entree, sortie=sortie, by=facturation)
    done.sejour.refresh_from_db()
    assert done.sejour.entree == date(2025, 3, 10)


def test_a_dispensing_wholly_administered_waits_for_nothing(
    etablissement, facturation, indocin, dispensation
):
    """SQLite counts in floating point: 0.8 less 0.7 less 0.1 is not quite 0 there."""
    done = builders.make_dispensation(etablissement, indocin, quantite="0.8")
    stay = builders.make_sejour(etablissement, done.patient)
    builders.make_administration(done, stay, quantite="0.7")
    builders.make_administration(done, stay, quantite="0.099")
    waiting = pending_dispensations(facturation)
    assert [(d, d.reste) for d in waiting] == [(dispensation, 10), (done, Decimal("0.001"))]
    builders.make_administration(done, stay, quantite="0.001")
    assert list(pending_dispensations(facturation)) == [dispensation]


def test_what_is_left_is_told_with_a_decimal_comma(etablissement, facturation, indocin):
    half = builders.make_dispensation(etablissement, indocin, quantite="2.5")
    (faute,) = refused(etablissement, facturation, line(half.titre.numero, quantite="3"))
    assert "il ne reste que 2,5 unité(s)" in faute
