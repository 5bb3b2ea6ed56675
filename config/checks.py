"""System checks: the demonstration's means never work in production or under an authority's key."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register
def check_real_use(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Real use (production settings or an authority's key) refuses demo and clock offset."""
    if not (settings.PLACET_PRODUCTION or settings.PLACET_AUTHORITY_KEY):
        return []
    errors: list[CheckMessage] = []
    if settings.PLACET_CLOCK_OFFSET:
        errors.append(
            Error(
                "PLACET_CLOCK_OFFSET est réservé à la démonstration.",
                hint="Retirer cette variable : l'horloge de production est l'heure réelle.",
                id="placet.E001",
            )
        )
    if settings.PLACET_DEMO:
        errors.append(
            Error(
                "PLACET_DEMO est réservé à la démonstration.",
                hint="Retirer cette variable, ou ne pas donner de clé d'autorité.",
                id="placet.E002",
            )
        )
    return errors


@register
def check_secret_key(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A published or short secret key is refused in production."""
    key = settings.SECRET_KEY
    published = key.startswith(("demonstration-only", "tests-only", "django-insecure", "changer"))
    if not settings.PLACET_PRODUCTION or (len(key) >= 50 and not published):
        return []
    return [
        Error(
            "SECRET_KEY manque, est trop courte ou a été publiée.",
            hint="Donner au moins 50 caractères tirés au hasard.",
            id="placet.E003",
        )
    ]


@register
def check_services(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Production names its database, broker and mail server: nothing falls back to embedded."""
    if not settings.PLACET_PRODUCTION:
        return []
    embedded = {
        "DATABASE_URL": settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"),
        "REDIS_URL": not settings.REDIS_URL,
        "EMAIL_URL": "filebased" in settings.EMAIL_BACKEND,
    }
    return [
        Error(f"{name} manque : la production n'utilise pas le câblage embarqué.", id="placet.E004")
        for name, missing in embedded.items()
        if missing
    ]
