"""What a change of the référentiel touches: one row per dossier and line of the public log."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from access.querysets import DossierPartQuerySet


class DossierTouche(models.Model):
    """A dossier under way that a change concerns, until someone who holds it has seen it.

    Nothing of the dossier itself changes: a person draws the consequence, by the usual steps.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    dossier = models.ForeignKey("access.Dossier", on_delete=models.CASCADE, related_name="touches")
    changement = models.ForeignKey(
        "referentiel.Changement", on_delete=models.PROTECT, related_name="dossiers_touches"
    )
    le = models.DateTimeField("signalé le")
    vu_le = models.DateTimeField("vu le", null=True, blank=True)
    vu_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="vu par",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = DossierPartQuerySet.as_manager()

    class Meta:
        ordering = ["-le", "id"]
        verbose_name = "dossier touché par un changement"
        verbose_name_plural = "dossiers touchés par un changement"
        indexes = [models.Index(fields=["dossier", "vu_le"])]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "changement"],
                name="dossier_touche_une_fois",
                violation_error_message="Ce changement est déjà signalé sur ce dossier.",
            ),
            models.CheckConstraint(
                name="dossier_touche_vu_par_quelqu_un",
                condition=Q(vu_le=None, vu_par=None) | Q(vu_le__isnull=False, vu_par__isnull=False),
                violation_error_message="Une personne a vu ce changement, à une date.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} : {self.changement_id}"
