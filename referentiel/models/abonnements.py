"""Following a product: e-mail subscriptions without an account, last visit of professionals."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from referentiel.models.cadres import Produit


class Abonnement(models.Model):
    """An e-mail address that follows one product, or all; confirmed by its own signed link."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    courriel = models.EmailField("courriel")
    produit = models.ForeignKey(
        Produit, null=True, blank=True, on_delete=models.PROTECT, related_name="abonnements"
    )
    demande_le = models.DateTimeField("demandé le")
    confirme_le = models.DateTimeField("confirmé le", null=True, blank=True)
    dernier_envoi = models.DateTimeField("dernier envoi", null=True, blank=True)

    class Meta:
        ordering = ["demande_le"]
        verbose_name = "abonnement"
        constraints = [
            models.UniqueConstraint(
                fields=["courriel", "produit"],
                name="abonnement_unique",
                violation_error_message="Cette adresse suit déjà ce produit.",
            ),
            models.UniqueConstraint(
                fields=["courriel"],
                condition=Q(produit=None),
                name="abonnement_general_unique",
                violation_error_message="Cette adresse suit déjà tous les produits.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class DerniereVisite(models.Model):
    """When a professional last read the changes of the référentiel."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="visite_referentiel",
    )
    le = models.DateTimeField("le")

    class Meta:
        verbose_name = "dernière visite"

    def __str__(self) -> str:
        return str(self.user_id)
