import pytest
from hypothesis import HealthCheck, settings

from tests.billing import builders

# A busy machine is not a fault of the code.
settings.register_profile("billing", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("billing")


@pytest.fixture
def etablissement(db):
    return builders.make_etablissement()


@pytest.fixture
def autre_etablissement(db):
    return builders.make_etablissement("CH Inventé", "990000010")


@pytest.fixture
def facturation(etablissement):
    return builders.make_user(etablissement)


@pytest.fixture
def indocin(db):
    return builders.make_specialite("INDOCIN")


@pytest.fixture
def mois_exemple(etablissement):
    builders.make_worked_month(etablissement)
    return {"etablissement": etablissement, "annee": 2025, "mois": 3}
