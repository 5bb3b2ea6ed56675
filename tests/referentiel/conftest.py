"""What the tests of the référentiel start from: files kept apart, a gestionnaire, a first list."""

import pytest

from referentiel.services.imports import import_referentiel
from tests.factories import people
from tests.referentiel import samples


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def by():
    return people.gestionnaire()


@pytest.fixture
def page(client):
    """The browser of a gestionnaire."""
    return people.login(client, people.gestionnaire())


@pytest.fixture
def base(tmp_path):
    """A register filled with one release of the ATIH list."""
    import_referentiel("atih", samples.atih(tmp_path))
