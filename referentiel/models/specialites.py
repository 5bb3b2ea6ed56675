"""Medicines as the public files name them: UCD units, BDPM specialities and presentations.

`Specialite` is one UCD that Placet handles: each UCD of the derogatory lists, plus those a
gestionnaire adds. `CodeUcd` is the whole official list of labels (a reference, to check or add a
UCD). `SpecialiteAmm` is a BDPM speciality: BDPM gives no UCD, so nothing joins them but names.
"""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q

from referentiel.models.imports import LigneDeListe


class CodeUcd(LigneDeListe):
    """One label of the official UCD list."""

    ucd7 = models.CharField("UCD 7", max_length=7, unique=True)
    ucd13 = models.CharField("UCD 13", max_length=13)
    libelle = models.CharField("libellé", max_length=200)

    class Meta:
        ordering = ["libelle"]
        verbose_name = "code UCD"

    def __str__(self) -> str:
        return f"{self.libelle} ({self.ucd7})"


class Specialite(models.Model):
    """The smallest dispensing unit of a medicine, known by its UCD 7 (or waiting for it)."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    produit = models.ForeignKey(
        "referentiel.Produit",
        verbose_name="produit",
        on_delete=models.PROTECT,
        related_name="specialites",
    )
    ucd7 = models.CharField("UCD 7", max_length=7, null=True, blank=True, unique=True)
    ucd13 = models.CharField("UCD 13", max_length=13, blank=True)
    ucd_en_attente = models.BooleanField("UCD en attente", default=False)
    libelle = models.CharField("libellé", max_length=200)
    dci = models.CharField("DCI", max_length=300, blank=True)
    forme = models.CharField("forme", max_length=200, blank=True)
    dosage = models.CharField("dosage", max_length=120, blank=True)
    voie = models.CharField("voie", max_length=120, blank=True)
    laboratoire = models.CharField("laboratoire", max_length=200, blank=True)
    cis = models.CharField("CIS", max_length=8, blank=True)
    condition_prescription = models.TextField("conditions de prescription", blank=True)
    champs_saisis = models.JSONField("champs saisis par une personne", default=list, blank=True)

    class Meta:
        ordering = ["libelle", "id"]
        verbose_name = "spécialité"
        constraints = [
            models.CheckConstraint(
                name="specialite_ucd_ou_attente",
                condition=Q(ucd7__isnull=False, ucd_en_attente=False)
                | Q(ucd7__isnull=True, ucd_en_attente=True),
                violation_error_message="Une spécialité a un code UCD ou l'attend.",
            ),
        ]

    def __str__(self) -> str:
        return self.libelle


class SpecialiteAmm(LigneDeListe):
    """A speciality of the BDPM (key: CIS), with the state of its marketing authorisation."""

    ACTIVE = "Autorisation active"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    cis = models.CharField("CIS", max_length=8, unique=True)
    denomination = models.CharField("dénomination", max_length=500)
    forme = models.CharField("forme", max_length=300, blank=True)
    voies = models.CharField("voies", max_length=300, blank=True)
    statut_amm = models.CharField("statut de l'AMM", max_length=60)
    procedure = models.CharField("procédure d'AMM", max_length=80, blank=True)
    etat = models.CharField("commercialisation", max_length=60, blank=True)
    date_amm = models.DateField("date d'AMM", null=True, blank=True)
    statut_bdm = models.CharField("alerte", max_length=60, blank=True)
    numero_europeen = models.CharField("numéro européen", max_length=60, blank=True)
    titulaire = models.CharField("titulaire", max_length=300, blank=True)
    surveillance = models.BooleanField("surveillance renforcée", default=False)
    composition = models.JSONField("composition", default=list, blank=True)
    conditions = models.JSONField("conditions de prescription", default=list, blank=True)
    marque = models.CharField("marque, pour le rapprochement", max_length=300, db_index=True)
    substances = models.TextField("substances, pour le rapprochement", blank=True)

    class Meta:
        ordering = ["denomination"]
        verbose_name = "spécialité de la BDPM"

    def __str__(self) -> str:
        return self.denomination


class Presentation(LigneDeListe):
    """A box of a BDPM speciality (key: CIP 13); its CIS may be unknown to the CIS file."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    cip13 = models.CharField("CIP 13", max_length=13, unique=True)
    cip7 = models.CharField("CIP 7", max_length=7)
    cis = models.CharField("CIS", max_length=8, db_index=True)
    libelle = models.CharField("libellé", max_length=500)
    statut = models.CharField("statut", max_length=60, blank=True)
    etat = models.CharField("commercialisation", max_length=100, blank=True)
    date_declaration = models.DateField("déclarée le", null=True, blank=True)
    agrement_collectivites = models.BooleanField("agrément collectivités", null=True)
    taux = models.CharField("taux de remboursement", max_length=30, blank=True)
    prix = models.DecimalField("prix", max_digits=12, decimal_places=2, null=True, blank=True)
    prix_public = models.DecimalField(
        "prix public", max_digits=12, decimal_places=2, null=True, blank=True
    )
    honoraire = models.DecimalField(
        "honoraire de dispensation", max_digits=12, decimal_places=2, null=True, blank=True
    )
    remboursement = models.TextField("indications remboursées", blank=True)

    class Meta:
        ordering = ["cis", "cip13"]
        verbose_name = "présentation"

    def __str__(self) -> str:
        return f"{self.libelle} ({self.cip13})"
