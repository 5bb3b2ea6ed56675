"""What holds for every test: no network but this machine, an empty cache, a migrated copy."""

import ipaddress
import os
import socket

import pytest
from django.core.cache import cache
from django.db import connection
from hypothesis import settings

from tests.migrated import fill_when_created, postgres_template

# The same examples at each run; the nightly run draws others.
settings.register_profile("same", derandomize=True)
if not os.environ.get("PLACET_NIGHTLY"):
    settings.load_profile("same")

real_connect = socket.socket.connect


def connect_locally(self, address):
    """Connect to a loopback address or a local socket only."""
    if self.family in (socket.AF_INET, socket.AF_INET6):
        host = address[0]
        local = host in ("localhost", "") or ipaddress.ip_address(host).is_loopback
        if not local:
            raise RuntimeError(f"a test tried to reach {host}: sockets are closed")
    return real_connect(self, address)


@pytest.fixture(autouse=True, scope="session")
def _closed_sockets():
    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", connect_locally)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """The test database is a copy of one migrated once."""
    if connection.vendor == "postgresql":
        template = postgres_template(os.environ["DATABASE_URL"])
        connection.settings_dict["TEST"]["TEMPLATE"] = template
        yield
        return
    kept = fill_when_created(connection.creation)
    yield
    for opened in kept:
        opened.close()


@pytest.fixture(autouse=True)
def _empty_cache():
    yield
    cache.clear()


# The longest files: begun first, no process is left alone with one at the end.
LONG = ("test_races", "test_canary", "test_url_access", "test_production_processes", "test_demo")


def pytest_collection_modifyitems(items):
    """Long files first; the races lead, they wait for locks more than they work."""
    ranks = {name: rank for rank, name in enumerate(LONG)}
    items.sort(key=lambda item: ranks.get(item.path.stem, len(LONG)))
