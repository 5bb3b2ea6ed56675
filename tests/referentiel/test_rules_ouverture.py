"""Until which day a cadre is open: its dates, the lists, and the day its status closed it."""

from datetime import date, timedelta
from html import unescape

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from engine.clocks import today
from referentiel.models import Cadre
from referentiel.models.cadres import open_on
from referentiel.rules import facettes
from referentiel.rules.ouverture import closed_since, is_closed_by_status
from referentiel.services.fermetures import close_cadre
from referentiel.services.medicines import update_cadre
from referentiel.services.search_index import refresh_search_texts
from referentiel.states import StatutCadre as S
from referentiel.states import TypeCadre
from tests.factories.medicines import CadreFactory, medicament

DAY = date(2026, 3, 10)
EVE, MORROW = DAY - timedelta(days=1), DAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("statut", "ferme_depuis", "closed"),
    [
        pytest.param(S.EN_VIGUEUR, None, False, id="open"),
        pytest.param(S.SUSPENDU, None, True, id="closed, nobody knows since when"),
        pytest.param(S.SUSPENDU, MORROW, False, id="the eve of the suspension"),
        pytest.param(S.SUSPENDU, DAY, True, id="its first day"),
        pytest.param(S.ABROGE, EVE, True, id="its morrow"),
    ],
)
def test_a_status_closes_from_its_day_on(statut, ferme_depuis, closed):
    assert is_closed_by_status(statut, ferme_depuis, DAY) is closed


@pytest.mark.parametrize(
    ("before", "after", "known", "kept"),
    [
        pytest.param(S.EN_VIGUEUR, S.SUSPENDU, None, DAY, id="R. 5121-76-9, suspension"),
        pytest.param(S.SUSPENDU, S.ABROGE, EVE, EVE, id="suspended then repealed: the first day"),
        pytest.param(S.SUSPENDU, S.EN_VIGUEUR, EVE, None, id="suspension lifted"),
        pytest.param(S.EN_VIGUEUR, S.MODIFIE, None, None, id="open, still open"),
        pytest.param(S.DEMANDE_DEPOSEE, S.REFUSEE, None, None, id="never granted"),
        pytest.param(S.OCTROYEE, S.REFUSEE, None, None, id="opened by the list, in fact refused"),
    ],
)
def test_the_first_closed_day_is_kept(before, after, known, kept):
    assert closed_since(before, after, known, DAY) == kept


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "opened"),
    [
        pytest.param({}, {EVE, DAY, MORROW}, id="open"),
        pytest.param({"debut": DAY}, {DAY, MORROW}, id="begins"),
        pytest.param({"fin": DAY}, {EVE, DAY}, id="ends"),
        pytest.param({"absente_depuis": DAY}, {EVE}, id="leaves the lists"),
        pytest.param({"statut": S.SUSPENDUE, "ferme_depuis": DAY}, {EVE}, id="suspended"),
        pytest.param({"statut": S.SUSPENDUE}, set(), id="suspended, no day known"),
    ],
)
def test_the_model_the_query_and_the_filters_say_the_same(values, opened):
    cadre = CadreFactory(**({"debut": None} | values))
    for on in (EVE, DAY, MORROW):
        facts = facettes.CadreFacts(*(getattr(cadre, name) for name in facettes.CadreFacts._fields))
        told = (
            cadre.is_open(on),
            Cadre.objects.filter(open_on(on)).exists(),
            facettes.standing(facts, on) == facettes.EN_VIGUEUR,
        )
        assert told == ((on in opened),) * 3, on


@pytest.mark.django_db
def test_a_cadre_closed_today_stays_open_on_the_days_before(time_machine):
    time_machine.move_to(DAY)
    cadre = CadreFactory(framework=TypeCadre.CPC, statut=S.EN_VIGUEUR, debut=date(2024, 1, 1))
    cadre = update_cadre(cadre, by=None, statut=S.SUSPENDU)
    assert [cadre.is_open(on) for on in (EVE, DAY, MORROW)] == [True, False, False]
    assert cadre.statut_en_mots == "Suspendu"
    time_machine.move_to(MORROW)
    cadre = update_cadre(cadre, by=None, statut=S.ABROGE)
    assert (cadre.ferme_depuis, cadre.is_open(EVE)) == (DAY, True)
    cadre = update_cadre(cadre, by=None, statut=S.EN_VIGUEUR)
    assert (cadre.ferme_depuis, cadre.is_open(MORROW)) == (None, True)
    assert {"statut", "ferme_depuis"} <= set(cadre.champs_saisis)


@pytest.mark.django_db
def test_a_cadre_closed_ahead_is_open_to_its_last_day_and_says_so(time_machine):
    time_machine.move_to(EVE)
    cadre = CadreFactory(framework=TypeCadre.CPC, statut=S.EN_VIGUEUR, debut=None)
    cadre = close_cadre(cadre, by=None, fin=DAY, statut=S.TERMINE)
    assert [cadre.is_open(on) for on in (EVE, DAY, MORROW)] == [True, True, False]
    assert cadre.statut_en_mots == "Terminé à partir du 11/03/2026"
    time_machine.move_to(MORROW)
    assert cadre.statut_en_mots == "Terminé"


@pytest.mark.django_db
def test_a_cadre_closed_ahead_is_shown_in_force_until_then(client):
    cadre = medicament().cadre
    ahead = today() + timedelta(days=30)
    close_cadre(cadre, by=None, fin=ahead, statut=S.FIN_OCTROI)
    refresh_search_texts([cadre.produit_id])
    found = unescape(client.get("/referentiel/", {"q": cadre.produit.nom}).content.decode())
    assert "En vigueur, depuis le" in found
    sheet = client.get(reverse("referentiel:produit", args=[cadre.produit_id])).content.decode()
    assert f"à partir du {ahead + timedelta(days=1):%d/%m/%Y}" in sheet


@pytest.mark.django_db
def test_an_open_status_keeps_no_day_of_closing():
    with pytest.raises(IntegrityError), transaction.atomic():
        CadreFactory(ferme_depuis=DAY)
