"""A cancelled dispensing leaves the month that is not exported; an exported one stays."""

import pytest

from access.models import Dispensation
from access.states import AacState
from billing.models import Administration, LigneFichcomp, Preparation, Prix
from billing.services.export import export_month, file_bytes, stored_bytes
from billing.services.preparation import prepare_month
from engine import clocks
from engine.errors import Blocked, InvalidInput
from engine.journal import history
from engine.steps import perform
from tests.billing import builders
from tests.factories.dossiers import do, dossier_at
from tests.factories.pharmacie import dispensing, stocked

pytestmark = pytest.mark.django_db


@pytest.fixture
def month():
    day = clocks.today()
    return {"annee": day.year, "mois": day.month}


@pytest.fixture
def aac(month):
    """An authorisation whose units, given today, make one ready line."""
    aac = dossier_at(AacState.ACTIVE)
    stocked(aac, quantite="20")
    do(aac, "dispense", aac.monde.pharmacien, **dispensing(quantite="8"))
    site, today = aac.monde.hopital.etablissement, clocks.today()
    site.finess_epmsi = site.finess_epmsi or site.finess
    site.save()
    billing = aac.monde.hopital.facturation()
    builders.make_prix(site, aac.specialite, by=billing)
    stay = builders.make_sejour(site, aac.patient, entree=today, sortie=today)
    builders.make_administration(Dispensation.objects.get(), stay, jour=today)
    aac.site, aac.billing, aac.stay = site, billing, stay
    prepare_month(etablissement=site, by=billing, **month)
    return aac


def cancel(aac):
    given = Dispensation.objects.get(specialite=aac.specialite)
    return do(
        aac, "cancel_dispensing", aac.monde.pharmacien, dispensation=str(given.pk), motif="Erreur."
    )


def test_a_prepared_month_is_to_be_checked_again_without_it(aac, month):
    assert LigneFichcomp.objects.get().etat == "PRETE"
    cancel(aac)
    assert not Administration.objects.exists()
    assert not Preparation.objects.exists()
    assert history(aac.stay).last().action == "remove_administration"
    again = prepare_month(etablissement=aac.site, by=aac.billing, **month)
    assert again.lignes.count() == 0


def test_units_in_an_exported_file_are_not_taken_back(aac, month):
    envoi = export_month(etablissement=aac.site, by=aac.billing, **month)
    with pytest.raises(InvalidInput) as caught:
        cancel(aac)
    assert envoi.nom in caught.value.errors["dispensation"][0]
    assert Dispensation.objects.exists()
    assert Administration.objects.exists()


def test_a_file_made_while_the_form_was_checked_stops_the_cancelling(aac, month, monkeypatch):
    given = Dispensation.objects.get()
    monkeypatch.setattr("access.forms.dispensation.cancelling_obstacle", lambda one: "")
    export_month(etablissement=aac.site, by=aac.billing, **month)
    fresh = type(aac).objects.get(pk=aac.pk)
    with pytest.raises(Blocked) as caught:
        perform(
            fresh,
            "cancel_dispensing",
            by=aac.monde.pharmacien,
            version=fresh.version,
            dispensation=str(given.pk),
            motif="Erreur.",
        )
    assert [b.code for b in caught.value.blockers] == ["DEJA_EXPORTEE"]
    assert Dispensation.objects.get() == given


def test_units_held_back_from_an_exported_file_may_still_be_taken_back(aac, month):
    """Another line made the file: the blocked one is prepared, but written nowhere."""
    other = builders.make_specialite("HEPCLUDEX", codes=("NXXXX02",))
    builders.make_prix(aac.site, other, by=aac.billing)
    given = builders.make_dispensation(
        aac.site, other, "NXXXX02", patient=aac.patient, aac=aac, jour=clocks.today()
    )
    builders.make_administration(given, aac.stay, jour=clocks.today())
    Prix.objects.filter(specialite=aac.specialite).delete()
    prepare_month(etablissement=aac.site, by=aac.billing, **month)
    envoi = export_month(etablissement=aac.site, by=aac.billing, **month)
    assert envoi.lignes == 1
    cancel(aac)
    assert not Dispensation.objects.filter(specialite=aac.specialite).exists()
    assert not Preparation.objects.current().exists()
    assert b"".join(stored_bytes(envoi)) == b"".join(file_bytes(envoi.preparation))
