"""Decisions of the agency and the documents made of them: frozen, verifiable, never rebuilt."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import Q

from access.querysets import DossierPartQuerySet
from access.states import MotifRefus, TypeDecision


class Decision(models.Model):
    """A human decision on a request; a correction is a new one that points to it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    dossier = models.ForeignKey(
        "access.Dossier", on_delete=models.PROTECT, related_name="decisions"
    )
    autorisation = models.OneToOneField(
        "access.Dossier",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decision_origine",
    )
    type = models.CharField("décision", max_length=12, choices=TypeDecision.choices)
    code = models.CharField("code de vérification", max_length=32, unique=True)
    decideur = models.ForeignKey("referentiel.User", on_delete=models.PROTECT, related_name="+")
    decideur_nom = models.CharField("décideur", max_length=200)
    decideur_qualite = models.CharField("qualité", max_length=200)
    le = models.DateTimeField("décidée le")
    motif = models.CharField("motif", max_length=15, choices=MotifRefus.choices, blank=True)
    faits = models.TextField("faits", max_length=4000, blank=True)
    conditions = models.TextField("conditions", max_length=2000, blank=True)
    date_debut = models.DateField("début", null=True, blank=True)
    date_fin = models.DateField("fin", null=True, blank=True)
    quantite_max = models.DecimalField(
        "quantité maximale", max_digits=10, decimal_places=3, null=True, blank=True
    )

    objects = DossierPartQuerySet.as_manager()

    class Meta:
        ordering = ["le"]
        verbose_name = "décision"
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"],
                name="decision_une_par_demande",
                violation_error_message="Cette demande a déjà reçu sa décision.",
            ),
            models.CheckConstraint(
                name="decision_accord_date",
                condition=~Q(type="ACCORD")
                | Q(date_debut__isnull=False, date_fin__isnull=False, autorisation__isnull=False),
                violation_error_message="Un accord porte ses dates et son autorisation.",
            ),
            models.CheckConstraint(
                name="decision_refus_motive",
                condition=~Q(type="REFUS") | (~Q(motif="") & ~Q(faits="")),
                violation_error_message="Un refus dit son motif et les faits (CRPA, L. 211-5).",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()} {self.pk}"


class NatureDocument(models.TextChoices):
    ACCUSE_RECEPTION = "ACCUSE_RECEPTION", "Accusé de réception"
    DECISION_AAC = "DECISION_AAC", "Décision d'AAC"
    REFUS_AAC = "REFUS_AAC", "Décision de refus"
    CLASSEMENT = "CLASSEMENT", "Classement sans suite"
    COMMANDE = "COMMANDE", "Bon de commande"


class DocumentQuerySet(models.QuerySet["Document"]):
    """Documents: those of a dossier follow it, an order form belongs to its pharmacy."""

    def visible_to(self, user: Any) -> DocumentQuerySet:
        """Those the person may read under the affectation in force."""
        from access.models import Commande, Dossier

        dossiers = Dossier.objects.visible_to(user).values("pk")
        commandes = Commande.objects.visible_to(user).values("pk")
        return self.filter(Q(dossier__in=dossiers) | Q(commande__in=commandes))


class Document(models.Model):
    """A PDF built once from frozen data, stored by the hash of its bytes."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    dossier = models.ForeignKey(
        "access.Dossier",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="documents",
    )
    commande = models.ForeignKey(
        "access.Commande",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="documents",
    )
    nature = models.CharField("nature", max_length=20, choices=NatureDocument.choices)
    cle = models.CharField(max_length=120, unique=True)
    sha256 = models.CharField(max_length=64)
    taille = models.PositiveIntegerField()
    fichier = models.CharField(max_length=120)
    gabarit = models.CharField(max_length=40)
    code = models.CharField(max_length=32, blank=True)
    cree_le = models.DateTimeField()

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["cree_le"]
        constraints = [
            models.CheckConstraint(
                name="document_rattache",
                condition=Q(dossier__isnull=False, commande=None)
                | Q(dossier=None, commande__isnull=False),
                violation_error_message="Un document appartient à un dossier ou à une commande.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_nature_display()} {self.pk}"
