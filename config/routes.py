"""Every address with its methods and the roles that open it, read from the views themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from access.permissions import AccessPermission, holding
from referentiel.permissions import GRANTS as REFERENTIEL
from referentiel.permissions import ReferentielPermission as R
from referentiel.roles import Role

PUBLIC, STAFF = "*", "COMPTE_TECHNIQUE"
SIGNED = frozenset(Role.values)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
CLOSING = frozenset({"HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Route:
    """One address; `roles` is ["*"] for everyone, ["COMPTE_TECHNIQUE"] for the Django admin."""

    name: str
    pattern: str
    methods: list[str]
    roles: list[str]

    def told(self) -> dict[str, Any]:
        """As `route_list --json` writes it."""
        return asdict(self)


def _granted(table: Any, permission: Any) -> frozenset[str]:
    return frozenset(str(role) for role, held in table.items() if permission in held)


EDIT = _granted(REFERENTIEL, R.EDIT_MEDICAMENTS)
ADMIN = frozenset({str(Role.ADMIN)})
# Views that check their role inside: the permission they ask for, by the name of the route.
ASKED: dict[str, frozenset[str]] = {
    "access:document": holding(AccessPermission.VIEW_DOSSIER),
    "access:operations": ADMIN,
    "access:operations_relancer": ADMIN,
    **dict.fromkeys(
        [
            "referentiel:gestion",
            "referentiel:imports",
            "referentiel:import_detail",
        ],
        EDIT,
    ),
    # Login is asked by the view itself, of anyone.
    **dict.fromkeys(
        ["api:schema", "api:documentation", "account_logout", "mfa_authenticate"], SIGNED
    ),
}


def routes() -> list[Route]:
    """Every route of the resolver, in its order."""
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns: Any, prefix: str, namespace: str) -> Iterator[Route]:
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, address, inner)
        elif isinstance(pattern, URLPattern):
            name = f"{namespace}{pattern.name or ''}"
            view: Any = pattern.callback
            yield Route(name, f"/{address}", methods_of(view), sorted(roles_of(name, view)))


def roles_of(name: str, view: Any) -> frozenset[str]:
    """Who opens a view: what it declares, what it asks inside, else anyone signed in."""
    if name.startswith("admin:"):
        return frozenset({STAFF})
    declared = getattr(view, "roles", None) or getattr(_class_of(view), "roles", None)
    if declared:
        return frozenset(str(role) for role in declared)
    if name in ASKED:
        return ASKED[name]
    return SIGNED if getattr(view, "login_required", True) else frozenset({PUBLIC})


def methods_of(view: Any) -> list[str]:
    """The methods a view answers, HEAD and OPTIONS left out."""
    found = _class_of(view)
    if found is not None:
        held = [m for m in METHODS if hasattr(found, m.lower())]
        return held or list(METHODS)
    allowed = _required(view)
    return [m for m in METHODS if m in allowed - CLOSING] if allowed else ["GET", "POST"]


def _class_of(view: Any) -> Any:
    return getattr(view, "view_class", None) or getattr(view, "cls", None)


def _required(view: Callable[..., Any] | None) -> set[str]:
    """The list given to Django's `require_http_methods`, kept in the decorator's closure."""
    while view is not None:
        code, cells = getattr(view, "__code__", None), getattr(view, "__closure__", None)
        if code is not None and cells and "request_method_list" in code.co_freevars:
            held = cells[code.co_freevars.index("request_method_list")].cell_contents
            return {str(method) for method in held}
        view = getattr(view, "__wrapped__", None)
    return set()
