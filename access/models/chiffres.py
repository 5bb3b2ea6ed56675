"""The published figures: counts and times, small numbers already taken out."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q

from access.states import MesureChiffre, NiveauChiffre


class Chiffre(models.Model):
    """One cell of the public figures, recomputed from the journal.

    A hidden cell holds no number at all: what is not published is not kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    annee = models.PositiveSmallIntegerField("année")
    niveau = models.CharField("niveau", max_length=10, choices=NiveauChiffre.choices)
    cadre = models.CharField("cadre", max_length=8, blank=True)
    produit = models.ForeignKey(
        "referentiel.Produit",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="chiffres",
    )
    mesure = models.CharField("mesure", max_length=20, choices=MesureChiffre.choices)
    masque = models.BooleanField("masqué", default=False)
    valeur = models.PositiveIntegerField("nombre", null=True, blank=True)
    mediane = models.DecimalField(
        "médiane (jours)", max_digits=8, decimal_places=1, null=True, blank=True
    )
    p90 = models.DecimalField(
        "90ᵉ centile (jours)", max_digits=8, decimal_places=1, null=True, blank=True
    )
    calcule_le = models.DateTimeField("calculé le")

    class Meta:
        ordering = ["-annee", "niveau", "cadre", "mesure"]
        verbose_name = "chiffre"
        indexes = [models.Index(fields=["niveau", "annee"])]
        constraints = [
            models.CheckConstraint(
                name="chiffre_masque_sans_nombre",
                condition=Q(masque=False) | Q(masque=True, valeur=None, mediane=None, p90=None),
                violation_error_message="Un chiffre masqué ne garde aucun nombre.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.annee} {self.get_mesure_display()}"
