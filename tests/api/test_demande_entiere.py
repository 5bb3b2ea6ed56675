"""A request is written whole or not at all."""

import pytest

from access.models import DemandeAac
from tests.factories.dossiers import brouillon, monde
from tests.factories.jetons import api
from tests.factories.medicines import medicament

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("values", [{"poids_kg": "-5"}, {"poids_kg": ["a"]}, {"inconnu": "1"}])
def test_a_refused_value_keeps_the_product_too(values):
    m = monde()
    draft, other = brouillon(m), medicament()
    body = {"version": draft.version, "produit": str(other.produit.pk), "data": values}
    answer = api(m.prescripteur).patch(f"/api/v1/demandes/{draft.pk}/", body)
    assert answer.status_code in (400, 422)
    kept = DemandeAac.objects.get(pk=draft.pk)
    assert (kept.produit_id, kept.version) == (draft.produit_id, draft.version)
