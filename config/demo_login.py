"""Becoming any account of the demonstration: closed in production and under an authority's key."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from engine.clocks import today
from referentiel.middleware import DEMO_LOGIN
from referentiel.models import Affectation

# Says that the session was opened without password: second factors are not asked of it.
SESSION_FLAG = DEMO_LOGIN


def is_open() -> bool:
    """True in a demonstration that is neither production nor under an authority's key."""
    real = settings.PLACET_PRODUCTION or settings.PLACET_AUTHORITY_KEY
    return settings.PLACET_DEMO and not real


def accounts() -> Any:
    """The affectations in force of the invented people."""
    held = Affectation.objects.in_force(today()).filter(user__is_demo=True).for_display()
    return held.order_by("organisation__nom", "role", "user__nom")


def choices(user: Any) -> list[dict[str, Any]]:
    """The banner's list, grouped by organisation, the account in use marked."""
    current = getattr(user, "affectation", None)
    return [
        {
            "label": f"{held.user.full_name}, {_role(held)}",
            "value": str(held.pk),
            "group": held.organisation.nom,
            "selected": current is not None and held.pk == current.pk,
        }
        for held in accounts()
    ]


def _role(held: Affectation) -> str:
    return "pharmacien gérant" if held.gerant else str(held.get_role_display())


def account(value: str) -> Affectation | None:
    """The account picked in the banner, None when it is not one of them."""
    try:
        return accounts().filter(pk=value).first()
    except (ValidationError, ValueError):
        return None
