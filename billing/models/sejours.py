"""Hospital stays and what was given during them."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from billing.querysets import AdministrationQuerySet, SejourQuerySet


class Sejour(models.Model):
    """A stay under its local administrative number, the one of the same PMSI sending."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    etablissement = models.ForeignKey(
        "referentiel.Etablissement", on_delete=models.PROTECT, related_name="sejours"
    )
    numero = models.CharField(
        "N° administratif local de séjour",
        max_length=20,
        validators=[
            RegexValidator(
                r"^[A-Z0-9]([A-Z0-9 ]*[A-Z0-9])?\Z",
                "Lettres capitales sans accent, chiffres et espaces seulement.",
            )
        ],
    )
    patient = models.ForeignKey("access.Patient", on_delete=models.PROTECT, related_name="sejours")
    entree = models.DateField("entrée")
    sortie = models.DateField("sortie", null=True, blank=True)

    objects = SejourQuerySet.as_manager()

    class Meta:
        ordering = ["-entree", "numero"]
        verbose_name = "séjour"
        constraints = [
            models.UniqueConstraint(
                fields=["etablissement", "numero"],
                name="sejour_numero_unique",
                violation_error_message="Ce numéro de séjour existe déjà dans l'établissement.",
            ),
            models.CheckConstraint(
                name="sejour_sortie_apres_entree",
                condition=Q(sortie=None) | Q(sortie__gte=F("entree")),
                violation_error_message="La sortie précède l'entrée.",
            ),
            models.CheckConstraint(
                name="sejour_numero_non_vide",
                condition=~Q(numero=""),
                violation_error_message="Le numéro de séjour manque.",
            ),
        ]
        indexes = [models.Index(fields=["etablissement", "sortie"])]

    def __str__(self) -> str:
        return self.numero


class Administration(models.Model):
    """Units of one dispensing given to the patient on one day of a stay.

    `quantite` alone is billed; `perte` records what was opened and thrown away.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    dispensation = models.ForeignKey(
        "access.Dispensation", on_delete=models.PROTECT, related_name="administrations"
    )
    sejour = models.ForeignKey(Sejour, on_delete=models.PROTECT, related_name="administrations")
    jour = models.DateField("date d'administration")
    quantite = models.DecimalField("quantité (UCD)", max_digits=10, decimal_places=3)
    perte = models.DecimalField("perte (UCD)", max_digits=10, decimal_places=3, default=0)
    validation = models.CharField(
        "validation par un centre de référence",
        max_length=1,
        blank=True,
        choices=[("1", "Oui"), ("2", "Non")],
    )
    saisi_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    saisi_le = models.DateTimeField("saisie le")

    objects = AdministrationQuerySet.as_manager()

    class Meta:
        ordering = ["-jour", "sejour"]
        verbose_name = "administration"
        constraints = [
            models.CheckConstraint(
                name="administration_quantite_positive",
                condition=Q(quantite__gte=0),
                violation_error_message="La quantité administrée est négative.",
            ),
            models.CheckConstraint(
                name="administration_perte_positive",
                condition=Q(perte__gte=0),
                violation_error_message="La perte est négative.",
            ),
        ]
        indexes = [models.Index(fields=["jour"])]

    def __str__(self) -> str:
        return f"{self.quantite} le {self.jour:%d/%m/%Y}"
