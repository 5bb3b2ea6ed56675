"""What follows a decision: for now, where an adverse event is declared."""

from __future__ import annotations

from django.db import models

from referentiel.models import Organisation, TypeOrganisation


class CoordonneesCrpv(models.Model):
    """How a regional pharmacovigilance centre is reached; a table people keep up to date."""

    organisation = models.OneToOneField(
        Organisation,
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="coordonnees_crpv",
        limit_choices_to={"type": TypeOrganisation.CRPV},
        verbose_name="centre",
    )
    ressort = models.CharField("départements du ressort", max_length=200, blank=True)
    adresse = models.CharField("adresse", max_length=300, blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    email = models.EmailField("adresse électronique", blank=True)

    class Meta:
        ordering = ["organisation__nom"]
        verbose_name = "coordonnées d'un CRPV"
        verbose_name_plural = "coordonnées des CRPV"

    def __str__(self) -> str:
        return self.organisation.nom
