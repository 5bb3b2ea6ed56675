"""The public log: append-only, told once, and heard by those whose dossiers it touches."""

import pytest
from django.db import DatabaseError, transaction

from engine.models import Outbox
from referentiel.models import Changement
from referentiel.selectors.changes import changes
from referentiel.services.changes import JOB, annonce, announce
from referentiel.states import NatureChangement
from tests.factories.medicines import medicament

pytestmark = pytest.mark.django_db


def told(drug):
    return announce(
        [
            annonce(
                drug.produit, NatureChangement.PRODUIT_MODIFIE, "Forme précisée", champ="forme"
            ),
            annonce(drug.cadre, NatureChangement.CADRE_FERME, "Cadre fermé", avant="ouvert"),
        ],
        origine="ATIH 2025-03",
    )


def test_a_change_is_told_with_its_origin_and_asks_who_it_touches():
    drug = medicament()
    told(drug)
    assert {c.nature for c in changes(drug.produit)} == {"PRODUIT_MODIFIE", "CADRE_FERME"}
    row = Outbox.objects.get(name=JOB)
    assert row.payload["produits"] == [str(drug.produit.pk)]


@pytest.mark.parametrize(
    ("champ", "avant", "concerned"),
    [
        pytest.param("dosage", "25 mg", True, id="a strength corrected"),
        pytest.param("condition_prescription", "liste I", True, id="another class"),
        pytest.param("dosage", "", False, id="a strength filled in"),
        pytest.param("laboratoire", "non précisé", False, id="a company a list fills in"),
        pytest.param("alias", "ancien nom", False, id="another name"),
    ],
)
def test_a_mention_that_moves_asks_who_it_touches(champ, avant, concerned):
    line = annonce(
        medicament().produit,
        NatureChangement.PRODUIT_MODIFIE,
        "Produit modifié",
        champ=champ,
        avant=avant,
        apres="50 mg",
    )
    assert announce([line], origine="publication")[0].sensible is concerned
    assert Outbox.objects.filter(name=JOB).exists() is concerned


def test_nothing_to_tell_writes_nothing():
    assert announce([], origine="personne") == []
    assert not Outbox.objects.filter(name=JOB).exists()


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_log_is_append_only(act):
    told(medicament())
    rows = Changement.objects.all()
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(titre="autre") if act == "update" else rows.delete()
