"""Two-person publication, the public log of changes, and dated news."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from referentiel.models.cadres import Cadre, Produit
from referentiel.states import NatureChangement, NaturePublication, StatutPublication


class Publication(models.Model):
    """A change a person prepares and another publishes, at once or on a day."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    nature = models.CharField("nature", max_length=24, choices=NaturePublication.choices)
    objet_id = models.UUIDField("objet", null=True, blank=True)
    produit = models.ForeignKey(
        Produit, null=True, blank=True, on_delete=models.PROTECT, related_name="publications"
    )
    titre = models.CharField("titre", max_length=300)
    valeurs = models.JSONField("valeurs proposées", default=dict)
    avant = models.JSONField("valeurs remplacées", default=dict, blank=True)
    motif = models.TextField("motif", blank=True)
    effet_le = models.DateField("prend effet le")
    statut = models.CharField("statut", max_length=12, choices=StatutPublication.choices)
    propose_le = models.DateTimeField("proposée le")
    propose_par_id = models.UUIDField("proposée par")
    propose_par = models.CharField("proposée par", max_length=120)
    relu_le = models.DateTimeField("relue le", null=True, blank=True)
    relu_par_id = models.UUIDField("relue par", null=True, blank=True)
    relu_par = models.CharField("relue par", max_length=120, blank=True)
    motif_refus = models.TextField("motif du refus", blank=True)
    appliquee_le = models.DateTimeField("appliquée le", null=True, blank=True)

    class Meta:
        ordering = ["-propose_le"]
        verbose_name = "publication"
        indexes = [models.Index(fields=["statut", "effet_le"])]
        constraints = [
            models.CheckConstraint(
                name="publication_deux_personnes",
                condition=Q(relu_par_id=None) | ~Q(relu_par_id=F("propose_par_id")),
                violation_error_message="Une autre personne publie ce que vous avez proposé.",
            ),
            models.CheckConstraint(
                name="publication_relue_avant_effet",
                condition=~Q(statut__in=["VALIDEE", "APPLIQUEE"]) | Q(relu_par_id__isnull=False),
                violation_error_message="Rien n'est publié sans une seconde personne.",
            ),
        ]

    def __str__(self) -> str:
        return self.titre


class Changement(models.Model):
    """One line of the public log: what changed on a product, from what to what, and from where."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    produit = models.ForeignKey(Produit, on_delete=models.PROTECT, related_name="changements")
    cadre = models.ForeignKey(
        Cadre, null=True, blank=True, on_delete=models.PROTECT, related_name="changements"
    )
    nature = models.CharField("nature", max_length=24, choices=NatureChangement.choices)
    titre = models.CharField("titre", max_length=300)
    champ = models.CharField("champ", max_length=40, blank=True)
    avant = models.TextField("avant", blank=True)
    apres = models.TextField("après", blank=True)
    origine = models.CharField("origine", max_length=120)
    le = models.DateTimeField("le", db_index=True)
    sensible = models.BooleanField("touche les dossiers", default=False)

    class Meta:
        ordering = ["-le", "-id"]
        verbose_name = "changement"
        indexes = [models.Index(fields=["produit", "-le"])]

    def __str__(self) -> str:
        return self.titre


class Nouvelle(models.Model):
    """A dated piece of news on the public home page."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    titre = models.CharField("titre", max_length=200)
    texte = models.TextField("texte")
    le = models.DateField("datée du")
    exemple_fictif = models.BooleanField("exemple fictif", default=False)

    class Meta:
        ordering = ["-le", "titre"]
        verbose_name = "nouvelle"

    def __str__(self) -> str:
        return self.titre
