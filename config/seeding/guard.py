"""Invented data is never written in a real installation."""

from django.conf import settings
from django.core.management.base import CommandError


def refuse_real_use() -> None:
    """Stop in production, under an authority's key, or outside a demonstration."""
    if settings.PLACET_PRODUCTION or settings.PLACET_AUTHORITY_KEY or not settings.PLACET_DEMO:
        raise CommandError(
            "Commande réservée à la démonstration et aux essais : ni production, ni clé d'autorité."
        )
