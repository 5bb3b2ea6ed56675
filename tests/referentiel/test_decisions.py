"""Shipped decisions: what each event changes, laid once, never over what a person typed."""

from datetime import date

import pytest

from referentiel.importers.decisions import load_decisions_file
from referentiel.models import Changement, Document, EtatRecherche
from referentiel.rules.decisions import (
    TITRES,
    conflict_told,
    document_type_of,
    status_of,
)
from referentiel.services.decisions import load_decisions
from referentiel.states import CadreSource, StatutCadre, TypeCadre, TypeDocument
from tests.factories.medicines import CadreFactory


def cpc(code, **fields):
    values = {"statut": StatutCadre.EN_VIGUEUR, "criteres_publies": False, "version_criteres": 0}
    return CadreFactory(framework=TypeCadre.CPC, code=code, **(values | fields))


# --- Rules ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cadre", "evenement", "nature", "expected"),
    [
        pytest.param("AAP", "octroi", "primaire", "OCTROYEE", id="R. 5121-73 I"),
        pytest.param("AAP", "renouvellement tacite", "primaire", "RENOUVELEE", id="R. 5121-69-4"),
        pytest.param("AAP", "refus", "primaire", "REFUSEE", id="R. 5121-73 I, refus"),
        pytest.param("AAP", "refus", "secondaire", None, id="la presse ne donne pas un statut"),
        pytest.param("AAP", "avis ANSM", "primaire", None, id="un avis n'est pas une décision"),
        pytest.param("CPC", "extension", "primaire", "MODIFIE", id="R. 5121-76-9"),
        pytest.param("CPC", "abrogation", "primaire", "ABROGE", id="R. 5121-76-9 I"),
        pytest.param("RTU", "renouvellement", "primaire", None, id="ancien régime"),
    ],
)
def test_the_status_a_decision_gives(cadre, evenement, nature, expected):
    assert status_of(cadre, evenement, nature) == expected


def test_every_shipped_event_has_a_title_and_a_page():
    rows = load_decisions_file()
    assert len(rows) == 30
    assert {(row.cadre, row.evenement) for row in rows} <= set(TITRES)
    assert all(row.source_url.startswith("http") for row in rows)
    assert document_type_of("AAP", "octroi") == TypeDocument.DECISION_HAS
    assert document_type_of("CPC", "abrogation") == TypeDocument.DECISION_CPC
    assert document_type_of("AAP", "avis ANSM") == TypeDocument.AVIS_ANSM


@pytest.mark.parametrize(
    ("statut", "listed", "told"),
    [
        ("ABROGE", date(2025, 5, 18), "18/05/2025"),
        ("EXPIREE", None, "laisse ouvert"),
        ("ABROGE", date(2025, 11, 6), ""),
        ("EN_VIGUEUR", None, ""),
    ],
)
def test_a_decision_and_the_list_that_disagree_are_both_told(statut, listed, told):
    sentence = conflict_told(statut, date(2025, 11, 6), listed)
    assert told in sentence
    assert bool(sentence) == bool(told)


# --- Loading ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_kaftrio_is_repealed_by_decision_and_keeps_the_dates_of_the_list():
    cadre = cpc("RIVAC01", fin=date(2025, 5, 18))
    bilan = load_decisions()
    cadre.refresh_from_db()
    assert cadre.statut == StatutCadre.ABROGE
    assert cadre.cadre_source == CadreSource.DECISION
    assert cadre.fin == date(2025, 5, 18)
    assert cadre.ferme_depuis == date(2025, 11, 7)  # the morrow of the decision
    assert [cadre.is_open(date(2025, 5, day)) for day in (18, 19)] == [True, False]
    versions = list(cadre.documents.order_by("date_effet"))
    assert [d.version for d in versions] == ["1", "2", "3", "4"]
    assert [d.remplace for d in versions] == [None, *versions[:3]]
    assert bilan.documents == 4
    assert "AAP-QALSODY-X" in bilan.sans_cadre
    assert not Changement.objects.exists()


@pytest.mark.django_db
def test_loading_twice_adds_nothing():
    cpc("RIVAC01")
    load_decisions()
    again = load_decisions()
    assert (again.documents, again.statuts) == (0, 0)
    assert Document.objects.count() == 4


@pytest.mark.django_db
def test_a_status_laid_by_a_decision_moves_the_mark_of_the_files():
    cpc("RIVAC01")
    load_decisions()
    held = EtatRecherche.objects.get()
    load_decisions()
    assert EtatRecherche.objects.get().version == held.version > 0


@pytest.mark.django_db
def test_what_a_person_typed_outweighs_a_shipped_decision():
    cadre = cpc("RIVAC01", champs_saisis=["statut"])
    load_decisions()
    cadre.refresh_from_db()
    assert cadre.statut == StatutCadre.EN_VIGUEUR
    assert cadre.documents.count() == 4


@pytest.mark.django_db
def test_a_secondary_page_gives_a_document_and_no_status():
    cadre = CadreFactory(
        framework=TypeCadre.AAP,
        code="CIMLI01",
        statut=StatutCadre.DEMANDE_DEPOSEE,
        criteres_publies=False,
    )
    load_decisions()
    cadre.refresh_from_db()
    assert cadre.statut == StatutCadre.DEMANDE_DEPOSEE
    assert "presse" in cadre.documents.get().texte
