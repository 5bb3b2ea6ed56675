"""Tokens of the API: each acts as one affectation, within scopes, until a day."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import Q

from referentiel.models.users import Affectation


class Portee(models.TextChoices):
    """What a token may do, on top of what its role may."""

    LECTURE = "LECTURE", "Lire"
    ECRITURE = "ECRITURE", "Écrire et faire des étapes"


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def of(self, user: Any) -> ApiTokenQuerySet:
        """Those of one person, newest first."""
        return self.filter(affectation__user_id=user.pk).order_by("-created_at")

    def usable(self, at: datetime) -> ApiTokenQuerySet:
        """Neither revoked nor past their date."""
        return self.filter(revoked_at=None, expires_at__gt=at)


class ApiToken(models.Model):
    """A prefix to find it by, and the SHA-256 of a secret shown once.

    Its times are real times, whatever the demonstration clock says.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    affectation = models.ForeignKey(Affectation, on_delete=models.PROTECT, related_name="jetons")
    libelle = models.CharField("libellé", max_length=80)
    prefix = models.CharField("préfixe", max_length=12, unique=True)
    secret_sha256 = models.CharField(max_length=64)
    scopes = models.JSONField("portées", default=list)
    created_at = models.DateTimeField("créé le")
    expires_at = models.DateTimeField("expire le")
    revoked_at = models.DateTimeField("révoqué le", null=True, blank=True)
    last_used_at = models.DateTimeField("dernier usage", null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = "jeton d'API"
        verbose_name_plural = "jetons d'API"
        constraints = [
            models.CheckConstraint(
                name="jeton_expire_apres_creation",
                condition=Q(expires_at__gt=models.F("created_at")),
                violation_error_message="Un jeton expire après sa création.",
            )
        ]

    def __str__(self) -> str:
        return f"jeton {self.prefix}"

    def allows(self, scope: str) -> bool:
        """True when the token carries the scope."""
        return scope in self.scopes

    @property
    def portees(self) -> str:
        """The scopes in words."""
        return ", ".join(str(Portee(scope).label).lower() for scope in self.scopes)
