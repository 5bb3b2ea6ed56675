"""Each French noun of the code is in docs/glossary.md, with its gloss and its source."""

import importlib
import pkgutil
import re
from enum import Enum
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

OURS = ("engine", "referentiel", "access", "followup", "billing", "config")
# Permissions are English verbs; the technical status of an effect has English members.
PERMISSIONS = {"AccessPermission", "BillingPermission", "ReferentielPermission"}
TECHNICAL = {"OutboxStatus"}
GLOSSARY = Path(settings.BASE_DIR) / "docs" / "glossary.md"


def words():
    """Everything the glossary names as code."""
    return set(re.findall(r"`([A-Za-z0-9_]+)`", GLOSSARY.read_text(encoding="utf-8")))


def modules():
    for name in OURS:
        package = importlib.import_module(name)
        for found in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not re.search(r"\.(migrations|settings|management)\b|\.wsgi$", found.name):
                yield importlib.import_module(found.name)


def enumerations():
    """Every enumeration written in our code, once."""
    found = {}
    for module in modules():
        for item in vars(module).values():
            if isinstance(item, type) and issubclass(item, Enum):
                found[f"{item.__module__}.{item.__name__}"] = item
    return {name: item for name, item in found.items() if name.split(".")[0] in OURS}


ENUMS = enumerations()
MODELS = [m for m in apps.get_models() if m.__module__.split(".")[0] in OURS]


@pytest.mark.parametrize("name", sorted(ENUMS))
def test_an_enumeration_and_its_members_are_in_the_glossary(name):
    if ENUMS[name].__name__ in PERMISSIONS:
        return
    nouns = {ENUMS[name].__name__}
    if ENUMS[name].__name__ not in TECHNICAL:
        nouns |= set(ENUMS[name].__members__)
    assert nouns - words() == set()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_model_is_in_the_glossary(model):
    assert model.__name__ in words()


def test_each_row_has_a_gloss_and_a_source():
    rows = [line for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line[:2] == "| "]
    short = [row for row in rows if len([c for c in row.strip("|").split("|") if c.strip()]) != 3]
    assert short == []
