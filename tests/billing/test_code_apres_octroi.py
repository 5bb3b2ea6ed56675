"""A code unknown when the request was written: found at identification, at grant or at the bill."""

from datetime import timedelta
from decimal import Decimal

import pytest

from access.models import Aac
from billing.services.preparation import prepare_month
from billing.services.sejours import record_administration
from engine.clocks import today
from referentiel.models import CodeIndication
from tests.billing import builders
from tests.factories import people
from tests.factories.dossiers import accord, brouillon, do, monde, walk
from tests.factories.pharmacie import dispensing, stocked

pytestmark = pytest.mark.django_db


@pytest.fixture
def m(db):
    m = monde()
    builders.make_prix(
        m.hopital.etablissement,
        m.medicament.specialite,
        debut=today() - timedelta(days=30),
        by=m.pharmacien,
    )
    return m


def billed(m, aac):
    """Dispense, administer today, prepare the month: its only line."""
    aac.monde = m
    if not aac.commandes.exists():
        do(aac, "order", m.pharmacien, quantite="10", fournisseur="Laboratoire Imaginaire")
    stocked(aac)
    do(aac, "dispense", m.pharmacien, **dispensing())
    by = people.acting(people.UserFactory(), "FACTURATION", m.hopital.organisation)
    record_administration(
        dispensation=aac.dispensations.get(),
        numero_sejour="SEJ1",
        entree=today(),
        sortie=today(),
        jour=today(),
        quantite=Decimal(1),
        by=by,
    )
    return prepare(m, by)


def prepare(m, by):
    day = today()
    month = prepare_month(
        etablissement=m.hopital.etablissement, annee=day.year, mois=day.month, by=by
    )
    return month.lignes.get()


def generic_code(specialite, code="NXXXX01", **fields):
    return builders.add_code(specialite, code, generique=True, **fields)


def outside(m):
    """A request in words, transmitted, reviewed and tied to a product by the agency."""
    dossier = brouillon(m, libre=True, mode="JUSTIFICATION")
    for move in ("submit", "transmit", "review"):
        dossier = walk(dossier, m, move)
    specialite = str(m.medicament.specialite.pk)
    return do(dossier, "identify_product", m.evaluateur, specialite=specialite)


def granted(m, dossier):
    do(dossier, "grant", m.decideur, **accord())
    return Aac.objects.get(parent=dossier)


def test_a_request_outside_the_referentiel_is_billed_under_the_code_of_other_indications(m):
    generic_code(m.medicament.specialite)
    dossier = outside(m)
    assert dossier.code_indication.code == "NXXXX01"
    aac = granted(m, dossier)
    assert aac.code_indication.code == "NXXXX01"
    ligne = billed(m, aac)
    assert (ligne.etat, ligne.code_indication) == ("PRETE", "NXXXX01")


def test_a_code_listed_between_the_sending_and_the_grant_is_on_the_decision(m):
    CodeIndication.objects.update(absente_depuis=today())
    dossier = brouillon(m)
    dossier.code_indication = None
    dossier.save()
    for move in ("submit", "transmit", "fast"):
        dossier = walk(dossier, m, move)
    assert dossier.code_indication is None
    CodeIndication.objects.update(absente_depuis=None)
    aac = granted(m, dossier)
    dossier.refresh_from_db()
    assert aac.code_indication == dossier.code_indication == m.medicament.code


def test_a_code_allotted_after_the_grant_bills_the_administrations_of_its_days(m):
    aac = granted(m, outside(m))
    ligne = billed(m, aac)
    assert (ligne.etat, ligne.motif_code) == ("BLOQUEE", "indication_absente")
    assert "gestionnaire du référentiel" in ligne.motif
    assert "contrôlez ensuite le mois" in ligne.motif
    code = generic_code(m.medicament.specialite, debut=today() + timedelta(days=1))
    by = people.acting(people.UserFactory(), "FACTURATION", m.hopital.organisation)
    assert prepare(m, by).etat == "BLOQUEE"
    code.debut = today()
    code.save()
    ligne = prepare(m, by)
    assert (ligne.etat, ligne.code_indication) == ("PRETE", "NXXXX01")


def test_the_code_chosen_with_the_request_is_kept_at_the_grant(m):
    generic_code(m.medicament.specialite)
    dossier = brouillon(m)
    for move in ("submit", "transmit", "fast"):
        dossier = walk(dossier, m, move)
    assert granted(m, dossier).code_indication == m.medicament.code
