"""Writes who may do what from the literal tables of each app."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from referentiel.roles import PROFILS

# One table of grants per app: (title, module, name of its permissions).
TABLES = (
    ("Dossiers", "access.permissions", "AccessPermission"),
    ("Facturation", "billing.permissions", "BillingPermission"),
    ("Référentiel et personnes", "referentiel.permissions", "ReferentielPermission"),
)


def page() -> str:
    """The documentation page of permissions."""
    lines = [
        "# Permissions",
        "",
        "Drawn from the code by `make docs`; do not edit. A permission opens only what the "
        "affectation in force covers: establishment, service, PUI, agency. "
        "An interne at a PUI holds both columns that name them.",
        "",
    ]
    for title, module, name in TABLES:
        if find_spec(module) is None:
            continue
        loaded = import_module(module)
        lines += _table(title, getattr(loaded, name), loaded.GRANTS)
    return "\n".join(lines)


def _table(title: str, permissions: Any, grants: Mapping[str, frozenset[Any]]) -> list[str]:
    roles = [role for role in PROFILS if grants.get(role)]
    head = ["permission", *(str(PROFILS[role]) for role in roles)]
    rows = [f"## {title}", "", _line(head), _line(["---"] * len(head))]
    for permission in permissions:
        cells = ["oui" if permission in grants.get(role, ()) else "" for role in roles]
        rows.append(_line([str(permission.label), *cells]))
    return [*rows, ""]


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
