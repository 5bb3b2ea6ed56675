"""Patients and their treatments: the hospital's zone, never shown to agencies or companies."""

from uuid import uuid4

from django.db import models

from access.rules.identite import initiale
from access.states import Sexe


class Patient(models.Model):
    """A person treated in one establishment, known there by a hospital number."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    etablissement = models.ForeignKey(
        "referentiel.Etablissement", on_delete=models.PROTECT, related_name="patients"
    )
    ipp = models.CharField("numéro hospitalier (IPP)", max_length=30)
    nom = models.CharField("nom", max_length=80)
    prenom = models.CharField("prénom", max_length=80)
    naissance = models.DateField("date de naissance")
    sexe = models.CharField("sexe", max_length=1, choices=Sexe.choices)

    class Meta:
        ordering = ["nom", "prenom"]
        constraints = [
            models.UniqueConstraint(
                fields=["etablissement", "ipp"],
                name="patient_ipp_unique",
                violation_error_message="Ce numéro hospitalier est déjà celui d'un autre patient.",
            )
        ]

    def __str__(self) -> str:
        return f"patient {self.pk}"

    @property
    def initiales(self) -> str:
        """Surname then first name, as the request carries them (CSP, R. 5121-74 I 2°)."""
        return f"{initiale(self.nom)}. {initiale(self.prenom)}."


class Traitement(models.Model):
    """One patient on one product for one indication: the number companies may know."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="traitements")
    produit = models.ForeignKey("referentiel.Produit", on_delete=models.PROTECT, related_name="+")
    indication = models.CharField("indication", max_length=500)
    numero = models.CharField("numéro de traitement", max_length=20, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "produit", "indication"],
                name="traitement_unique",
                violation_error_message="Ce traitement existe déjà pour ce patient.",
            )
        ]

    def __str__(self) -> str:
        return self.numero
