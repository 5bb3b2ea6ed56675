"""The entries of the navigation: only those a role can open."""

from __future__ import annotations

from typing import Any

from access.links import link
from referentiel.roles import INTERNE_PUI, Role

PRESCRIBERS = frozenset({Role.PRESCRIPTEUR, Role.INTERNE})
READERS = PRESCRIBERS | {Role.PHARMACIEN, Role.EVALUATEUR_ANSM, Role.DECIDEUR_ANSM}
AT_PUI = frozenset({Role.PHARMACIEN, INTERNE_PUI})
EVERYONE = frozenset(Role)
# Label, name of the page, roles that open it; a page that is not installed is left out.
ENTRIES: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("À faire", "accueil", EVERYONE),
    ("Dossiers", "access:dossiers", READERS),
    ("Commandes", "access:commandes", AT_PUI),
    ("Stock", "access:stock", AT_PUI),
    ("Référentiel", "referentiel:recherche", EVERYONE),
    (
        "Gestion du référentiel",
        "referentiel:gestion",
        frozenset({Role.GESTIONNAIRE_ANSM, Role.GESTIONNAIRE_HAS}),
    ),
    ("Suivi", "followup:accueil", PRESCRIBERS),
    ("Facturation", "billing:mois", frozenset({Role.FACTURATION})),
    ("Séjours", "billing:sejours", frozenset({Role.FACTURATION})),
    ("Prix", "billing:prix", frozenset({Role.FACTURATION, Role.PHARMACIEN})),
    ("Personnes", "referentiel:personnes", frozenset({Role.ADMIN, Role.ADMIN_ETABLISSEMENT})),
    ("Organisations", "referentiel:organisations", frozenset({Role.ADMIN})),
    ("Établissement", "referentiel:etablissement", frozenset({Role.ADMIN_ETABLISSEMENT})),
    ("Exploitation", "access:operations", frozenset({Role.ADMIN})),
)
# What the gérant of a PUI opens besides.
GERANT_ENTRIES: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("Équipe", "referentiel:a_approuver", frozenset({Role.PHARMACIEN})),
)


def entries_of(user: Any, path: str, waiting: int) -> list[dict[str, Any]]:
    """The role's entries, the one being read marked."""
    held = user.affectation.roles
    found: list[dict[str, Any]] = [
        {"label": label, "url": link(name), "count": waiting if name == "accueil" else None}
        for label, name, roles in ENTRIES + (GERANT_ENTRIES if user.affectation.gerant else ())
        if held & roles and link(name)
    ]
    here = [e for e in found if path.startswith(e["url"]) and (e["url"] != "/" or path == "/")]
    active = max(here, key=lambda e: len(e["url"]), default=None)
    for entry in found:
        entry["active"] = entry is active
    return found
