"""Purchase prices: what the establishment paid, with source and dates."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from billing.querysets import PrixQuerySet


class Prix(models.Model):
    """Unit price TTC of one UCD for one establishment, from one day to another."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    etablissement = models.ForeignKey(
        "referentiel.Etablissement", on_delete=models.PROTECT, related_name="prix"
    )
    specialite = models.ForeignKey(
        "referentiel.Specialite", on_delete=models.PROTECT, related_name="prix"
    )
    prix_unitaire_ttc = models.DecimalField("prix unitaire TTC", max_digits=12, decimal_places=4)
    source = models.CharField("source", max_length=120)
    debut = models.DateField("valable du")
    fin = models.DateField("au", null=True, blank=True)
    saisi_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    saisi_le = models.DateTimeField("saisi le")

    objects = PrixQuerySet.as_manager()

    class Meta:
        ordering = ["specialite__libelle", "-debut"]
        verbose_name = "prix d'achat"
        verbose_name_plural = "prix d'achat"
        constraints = [
            models.CheckConstraint(
                name="prix_positif_ou_nul",
                condition=Q(prix_unitaire_ttc__gte=0),
                violation_error_message="Le prix est négatif.",
            ),
            models.CheckConstraint(
                name="prix_fin_apres_debut",
                condition=Q(fin=None) | Q(fin__gte=F("debut")),
                violation_error_message="La fin précède le début.",
            ),
            models.CheckConstraint(
                name="prix_avec_source",
                condition=~Q(source=""),
                violation_error_message="La source du prix manque.",
            ),
            models.UniqueConstraint(
                fields=["etablissement", "specialite", "debut"],
                name="prix_unique_par_jour_de_debut",
                violation_error_message="Cette spécialité a déjà un prix à partir de ce jour.",
            ),
            models.UniqueConstraint(
                fields=["etablissement", "specialite"],
                condition=Q(fin=None),
                name="prix_un_seul_sans_fin",
                violation_error_message="Cette spécialité a déjà un prix sans date de fin.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.specialite} : {self.prix_unitaire_ttc} € depuis le {self.debut:%d/%m/%Y}"
