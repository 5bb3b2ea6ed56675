"""The counter that ages every search index."""

import pytest

from referentiel.models import EtatRecherche
from referentiel.services.search_index import refresh_search_texts, touch

pytestmark = pytest.mark.django_db


def version():
    return EtatRecherche.objects.values_list("version", flat=True).first()


def test_the_counter_begins_with_the_first_change_and_always_moves():
    assert version() is None
    touch()
    first = version()
    touch()
    assert 0 < first < version()


def test_texts_that_did_not_change_age_the_index_all_the_same():
    assert refresh_search_texts() == 0
    first = version()
    assert refresh_search_texts() == 0
    assert version() > first
