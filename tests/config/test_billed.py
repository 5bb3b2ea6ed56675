"""The last stage of the path: « Facturée » once units reached an exported file."""

import pytest

from access.models import Aac
from access.selectors.path import is_billed
from billing.services.export import export_month
from billing.services.preparation import prepare_month
from tests.billing import builders

pytestmark = pytest.mark.django_db


def test_dossier_is_billed_once_its_units_are_in_a_file(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    etablissement = builders.make_etablissement()
    facturation = builders.make_user(etablissement)
    builders.make_worked_month(etablissement)
    found = Aac.objects.filter(dispensations__isnull=False).distinct()
    assert found
    assert not any(is_billed(aac) for aac in found)
    month = {"etablissement": etablissement, "annee": 2025, "mois": 3}
    prepare_month(**month, by=facturation)
    assert not any(is_billed(aac) for aac in found)
    export_month(**month, by=facturation)
    assert all(is_billed(aac) for aac in found)
