"""What a sheet says besides its cadres: other names, contacts, former addresses."""

from __future__ import annotations

from uuid import uuid4

from django.db import models

from referentiel.models.cadres import Produit
from referentiel.states import NatureContact


class AliasProduit(models.Model):
    """Another name people look a product up by: old name, code name, foreign brand."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    produit = models.ForeignKey(Produit, on_delete=models.PROTECT, related_name="alias")
    nom = models.CharField("autre nom", max_length=200)
    exemple_fictif = models.BooleanField("exemple fictif", default=False)

    class Meta:
        ordering = ["nom"]
        verbose_name = "autre nom"
        constraints = [
            models.UniqueConstraint(
                fields=["produit", "nom"],
                name="alias_produit_unique",
                violation_error_message="Ce produit porte déjà cet autre nom.",
            )
        ]

    def __str__(self) -> str:
        return self.nom


class ContactProduit(models.Model):
    """Whom to reach at the holder, for what."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    produit = models.ForeignKey(Produit, on_delete=models.PROTECT, related_name="contacts")
    nature = models.CharField("pour", max_length=24, choices=NatureContact.choices)
    nom = models.CharField("service", max_length=200)
    courriel = models.EmailField("courriel", blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    url = models.URLField("page", max_length=500, blank=True)
    exemple_fictif = models.BooleanField("exemple fictif", default=False)

    class Meta:
        ordering = ["produit", "nature", "nom"]
        verbose_name = "contact d'un produit"

    def __str__(self) -> str:
        return f"{self.get_nature_display()} : {self.nom}"


class AncienneAdresse(models.Model):
    """An address that still circulates, and the page it leads to now."""

    chemin = models.CharField("ancien chemin", max_length=300, unique=True)
    produit = models.ForeignKey(
        Produit,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="anciennes_adresses",
    )
    destination = models.CharField("mène à", max_length=300, blank=True)

    class Meta:
        ordering = ["chemin"]
        verbose_name = "ancienne adresse"

    def __str__(self) -> str:
        return self.chemin
