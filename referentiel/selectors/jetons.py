"""What is read of API tokens."""

from __future__ import annotations

from typing import Any

from django.db import models

from engine.clocks import today
from referentiel.models import Affectation, ApiToken


def affectation_held(pk: Any) -> Affectation | None:
    """The affectation a token acts as, None once it has ended or its account is closed."""
    found = Affectation.objects.in_force(today()).filter(pk=pk).for_display()
    return found.prefetch_related("services").first()


def tokens_of(user: Any) -> models.QuerySet[ApiToken]:
    """A person's own tokens, with what each acts as."""
    return ApiToken.objects.of(user).select_related("affectation__organisation")
