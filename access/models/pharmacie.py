"""From order to patient: orders, receptions with their lots, dispensings against a right."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import Q, Sum
from django_fsm import ConcurrentTransitionMixin, FSMField, FSMModelMixin

from access.permissions import AccessPermission, has
from access.rules.commande import FaitsCommande
from access.states import CommandeState, ContexteDispensation, NatureSortie
from access.workflows.commande import CommandeWorkflow


class PuiQuerySet(models.QuerySet[Any]):
    """What belongs to a pharmacy: visible to those who prepare its orders."""

    def visible_to(self, user: Any) -> PuiQuerySet:
        if not has(user, AccessPermission.PREPARE_ORDER):
            return self.none()
        return self.filter(pui_id=user.affectation.pui_id)


class Commande(CommandeWorkflow, ConcurrentTransitionMixin, FSMModelMixin, models.Model):
    """An order of a PUI to a supplier, in UCD units, for an authorisation or for stock."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    state = FSMField(
        "état", max_length=12, choices=CommandeState.choices, default="PREPAREE", protected=True
    )
    version = models.PositiveIntegerField(default=1)
    numero = models.CharField("numéro", max_length=20, unique=True)
    titre = models.ForeignKey(
        "access.Dossier",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="commandes",
    )
    pui = models.ForeignKey("referentiel.Pui", on_delete=models.PROTECT, related_name="commandes")
    specialite = models.ForeignKey(
        "referentiel.Specialite", on_delete=models.PROTECT, related_name="commandes"
    )
    pour_stock = models.BooleanField("pour stock", default=False)
    quantite = models.DecimalField("quantité (unités UCD)", max_digits=10, decimal_places=3)
    quantite_confirmee = models.DecimalField(
        "quantité confirmée", max_digits=10, decimal_places=3, null=True, blank=True
    )
    fournisseur = models.CharField("fournisseur", max_length=120, blank=True)
    importateur = models.CharField("importateur", max_length=120, blank=True)
    livraison_prevue = models.DateField("livraison prévue", null=True, blank=True)
    reponse_texte = models.CharField("réponse du fournisseur", max_length=300, blank=True)
    creee_par = models.ForeignKey("referentiel.User", on_delete=models.PROTECT, related_name="+")
    creee_le = models.DateTimeField()
    envoyee_le = models.DateTimeField(null=True, blank=True)
    repondue_le = models.DateTimeField(null=True, blank=True)

    objects = PuiQuerySet.as_manager()

    class Meta:
        ordering = ["-creee_le"]
        constraints = [
            models.CheckConstraint(
                name="commande_quantite_positive",
                condition=Q(quantite__gt=0),
                violation_error_message="La quantité commandée est au moins d'une unité.",
            ),
            models.CheckConstraint(
                name="commande_titre_ou_stock",
                condition=Q(titre__isnull=False, pour_stock=False)
                | Q(titre__isnull=True, pour_stock=True),
                violation_error_message="Une commande vise une autorisation, ou le stock.",
            ),
            models.CheckConstraint(
                name="commande_etat_connu",
                condition=Q(state__in=CommandeState.values),
                violation_error_message="Cet état de commande n'existe pas.",
            ),
        ]
        indexes = [models.Index(fields=["pui", "state", "livraison_prevue"])]

    def __str__(self) -> str:
        return self.numero

    def parts(self) -> list[models.Model]:
        """An order has no detail table."""
        return []

    def facts(self, at: datetime, by: Any = None) -> FaitsCommande:
        """What the rules of an order read."""
        return FaitsCommande(
            pour_stock=self.pour_stock,
            stock_permis=self.pui.stock_autorise and self.specialite.produit.stock_autorise,
            titre_kind=self.titre.kind if self.titre else "",
            titre_state=self.titre.state if self.titre else "",
            fournisseur=self.fournisseur,
        )

    def quantite_recue(self) -> Decimal:
        """Units received so far on this order."""
        return self.receptions.aggregate(total=Sum("quantite"))["total"] or Decimal(0)


class Reception(models.Model):
    """A delivery received: lot, expiry, quantity, release papers."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    commande = models.ForeignKey(Commande, on_delete=models.PROTECT, related_name="receptions")
    pui = models.ForeignKey("referentiel.Pui", on_delete=models.PROTECT, related_name="+")
    specialite = models.ForeignKey(
        "referentiel.Specialite", on_delete=models.PROTECT, related_name="+"
    )
    lot = models.CharField("lot", max_length=40)
    peremption = models.DateField("péremption")
    quantite = models.DecimalField("quantité (unités UCD)", max_digits=10, decimal_places=3)
    certificat = models.BooleanField("certificat de libération du lot reçu", default=False)
    commentaire = models.CharField("commentaire", max_length=500, blank=True)
    recue_par = models.ForeignKey("referentiel.User", on_delete=models.PROTECT, related_name="+")
    recue_le = models.DateTimeField()

    objects = PuiQuerySet.as_manager()

    class Meta:
        ordering = ["recue_le"]
        verbose_name = "réception"
        constraints = [
            models.CheckConstraint(
                name="reception_quantite_positive",
                condition=Q(quantite__gt=0),
                violation_error_message="La quantité reçue est au moins d'une fraction d'unité.",
            )
        ]
        indexes = [models.Index(fields=["pui", "specialite", "lot"])]

    def __str__(self) -> str:
        return f"lot {self.lot}"


class DispensationManager(models.Manager.from_queryset(PuiQuerySet)):  # type: ignore[misc]
    """The dispensings that stand: what stock, quantities and billing count."""

    def get_queryset(self) -> PuiQuerySet:
        return super().get_queryset().filter(annulee_le=None)


class Dispensation(models.Model):
    """Units given to a patient on the strength of a right that covers the day.

    One noted by mistake is cancelled, never erased: `objects` leaves it out, `toutes` shows it.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    titre = models.ForeignKey(
        "access.Dossier", on_delete=models.PROTECT, related_name="dispensations"
    )
    patient = models.ForeignKey(
        "access.Patient", on_delete=models.PROTECT, related_name="dispensations"
    )
    etablissement = models.ForeignKey(
        "referentiel.Etablissement", on_delete=models.PROTECT, related_name="dispensations"
    )
    pui = models.ForeignKey(
        "referentiel.Pui", on_delete=models.PROTECT, related_name="dispensations"
    )
    specialite = models.ForeignKey(
        "referentiel.Specialite", on_delete=models.PROTECT, related_name="dispensations"
    )
    code_indication = models.ForeignKey(
        "referentiel.CodeIndication",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    lot = models.CharField("lot", max_length=40)
    peremption = models.DateField("péremption")
    quantite = models.DecimalField("quantité (unités UCD)", max_digits=10, decimal_places=3)
    jour = models.DateField("jour de dispensation")
    contexte = models.CharField("contexte", max_length=12, choices=ContexteDispensation.choices)
    ordonnance_date = models.DateField("date de l'ordonnance")
    ordonnance_prescripteur = models.CharField("prescripteur", max_length=160)
    ordonnance_dose = models.CharField("dose prescrite", max_length=160)
    ordonnance_duree_jours = models.PositiveSmallIntegerField("durée prescrite (jours)")
    mention_legale = models.BooleanField("mention légale portée sur l'ordonnance", default=False)
    commentaire = models.CharField("commentaire", max_length=500, blank=True)
    par = models.ForeignKey("referentiel.User", on_delete=models.PROTECT, related_name="+")
    le = models.DateTimeField()
    annulee_le = models.DateTimeField("annulée le", null=True, blank=True)
    annulee_par = models.ForeignKey(
        "referentiel.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    annulation_motif = models.CharField("motif de l'annulation", max_length=500, blank=True)

    objects = DispensationManager()
    toutes = PuiQuerySet.as_manager()

    class Meta:
        ordering = ["jour", "le"]
        constraints = [
            models.CheckConstraint(
                name="dispensation_quantite_positive",
                condition=Q(quantite__gt=0),
                violation_error_message="La quantité dispensée est supérieure à zéro.",
            ),
            models.CheckConstraint(
                name="dispensation_annulee_avec_motif",
                condition=Q(annulee_le=None, annulee_par=None, annulation_motif="")
                | Q(annulee_le__isnull=False, annulee_par__isnull=False) & ~Q(annulation_motif=""),
                violation_error_message="Une annulation dit qui, quand et pourquoi.",
            ),
        ]
        indexes = [
            models.Index(fields=["etablissement", "jour"]),
            models.Index(fields=["pui", "specialite", "lot"]),
            models.Index(fields=["titre", "jour"]),
        ]

    def __str__(self) -> str:
        return f"dispensation {self.pk}"


class SortieLot(models.Model):
    """Units of a lot sent back to the supplier or destroyed, with the reason."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    pui = models.ForeignKey("referentiel.Pui", on_delete=models.PROTECT, related_name="+")
    specialite = models.ForeignKey(
        "referentiel.Specialite", on_delete=models.PROTECT, related_name="+"
    )
    lot = models.CharField("lot", max_length=40)
    nature = models.CharField("nature", max_length=12, choices=NatureSortie.choices)
    quantite = models.DecimalField("quantité (unités UCD)", max_digits=10, decimal_places=3)
    motif = models.CharField("motif", max_length=300)
    par = models.ForeignKey("referentiel.User", on_delete=models.PROTECT, related_name="+")
    le = models.DateTimeField()

    objects = PuiQuerySet.as_manager()

    class Meta:
        ordering = ["le"]
        verbose_name = "sortie de lot"
        constraints = [
            models.CheckConstraint(
                name="sortie_quantite_positive",
                condition=Q(quantite__gt=0),
                violation_error_message="La quantité sortie est supérieure à zéro.",
            )
        ]
        indexes = [models.Index(fields=["pui", "specialite", "lot"])]

    def __str__(self) -> str:
        return f"sortie du lot {self.lot}"
