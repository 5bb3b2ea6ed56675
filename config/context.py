"""What the frame of every page shows: navigation of the role, who acts, the demonstration."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from access.links import link
from access.selectors.work_lists import waiting_count
from config.demo_login import choices, is_open
from config.navigation import entries_of


def placet(request: HttpRequest) -> dict[str, Any]:
    """Values of base.html; an error page shown before login gets the public ones only."""
    user = getattr(request, "user", None)
    context = {
        "placet_demo": settings.PLACET_DEMO,
        "placet_simulation": settings.PLACET_SIMULATION,
        "simulation": settings.PLACET_SIMULATION,
        "clock_offset": offset_text(),
        "home_url": link("accueil"),
        "login_url": link("account_login"),
        "public_search_url": link("referentiel:recherche"),
        "data_url": link("referentiel:donnees"),
        "figures_url": link("access:chiffres"),
        "verify_url": link("access:verifier"),
        "accessibility_url": link("accessibilite"),
    }
    if is_open():
        context |= {"demo_accounts": choices(user), "demo_login_url": link("demo_devenir")}
    if user is None or not user.is_authenticated:
        return context
    affectation = getattr(user, "affectation", None)
    return context | {
        "affectation": affectation,
        "affectations": getattr(request, "affectations", []),
        "nav": entries_of(user, request.path, waiting_count(user)) if affectation else [],
        "search_url": _search_url(user),
        "switch_url": link("affectation"),
        "account_url": link("mfa_index"),
        "logout_url": link("account_logout"),
    }


def _search_url(user: Any) -> str:
    """The dossiers for those who read some, else the référentiel."""
    from access.selectors.work_lists import onglets_of

    return link("access:dossiers") if onglets_of(user) else link("referentiel:recherche")


def offset_text() -> str:
    """« +90 jours » when the demonstration clock is moved."""
    offset = settings.PLACET_CLOCK_OFFSET
    if not offset:
        return ""
    seconds = int(offset.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("+", seconds)
    for size, word in ((86400, "jour"), (3600, "heure"), (60, "minute")):
        if seconds % size == 0:
            count = seconds // size
            return f"{sign}{count}\u00a0{word}{'s' if count > 1 else ''}"
    return f"{sign}{seconds}\u00a0s"
