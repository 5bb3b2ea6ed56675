"""Organisations, and among them the hospitals with their services and pharmacies (PUI)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import Q

from referentiel.permissions import organisation_scope


class TypeOrganisation(models.TextChoices):
    ETABLISSEMENT = "ETABLISSEMENT", "Établissement de santé"
    ANSM = "ANSM", "ANSM"
    HAS = "HAS", "HAS"
    LABORATOIRE = "LABORATOIRE", "Laboratoire"
    CRPV = "CRPV", "Centre régional de pharmacovigilance"
    MINISTERE = "MINISTERE", "Ministère"
    SIGNALANT = "SIGNALANT", "Organisme signalant"
    PLATEFORME = "PLATEFORME", "Plateforme"


class RouteFacturation(models.TextChoices):
    """The file that carries the medicines of a stay to payment (billing.md: public or private)."""

    FICHCOMP = "FICHCOMP", "FICHCOMP (dotation, ex-DG)"
    S3404 = "S3404", "S3404 et RSF-H (ex-OQN)"


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, user: Any) -> OrganisationQuerySet:
        """Those a person keeps: all for the platform, their own for an establishment."""
        scope = organisation_scope(user)
        return self.none() if scope is None else self.filter(scope)


class Organisation(models.Model):
    """Anything a person may act for."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    type = models.CharField("type", max_length=20, choices=TypeOrganisation.choices)
    nom = models.CharField("nom", max_length=200)
    region = models.CharField("région", max_length=60, blank=True)
    actif = models.BooleanField("actif", default=True)
    is_demo = models.BooleanField("démonstration", default=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["nom", "id"]
        verbose_name = "organisation"
        indexes = [models.Index(fields=["type", "nom"])]

    def __str__(self) -> str:
        return self.nom


class Etablissement(models.Model):
    """A hospital site, known by its FINESS numbers; the billing route is an editable attribute."""

    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, primary_key=True, related_name="etablissement"
    )
    finess = models.CharField("FINESS géographique", max_length=9, unique=True)
    finess_juridique = models.CharField("FINESS juridique", max_length=9, blank=True)
    finess_epmsi = models.CharField(
        "FINESS e-PMSI",
        max_length=9,
        blank=True,
        help_text="Celui sous lequel l'établissement transmet ses fichiers PMSI.",
    )
    siret = models.CharField("SIRET", max_length=14, blank=True)
    categorie = models.CharField("catégorie", max_length=10, blank=True)
    statut_juridique = models.CharField("statut juridique", max_length=2, blank=True)
    espic = models.CharField("ESPIC", max_length=2, blank=True)
    mode_tarif = models.CharField("mode de tarification", max_length=2, blank=True)
    route_facturation = models.CharField(
        "route de facturation",
        max_length=10,
        choices=RouteFacturation.choices,
        default=RouteFacturation.FICHCOMP,
    )
    route_a_confirmer = models.BooleanField("route à confirmer", default=False)
    route_saisie = models.BooleanField("route saisie par une personne", default=False)
    departement = models.CharField("département", max_length=3, blank=True)
    ville = models.CharField("ville", max_length=80, blank=True)
    source = models.CharField("source", max_length=60, blank=True)

    class Meta:
        ordering = ["organisation__nom"]
        verbose_name = "établissement"

    def __str__(self) -> str:
        return self.organisation.nom

    @property
    def pmsi_number(self) -> str:
        """The FINESS written in PMSI files."""
        return self.finess_epmsi or self.finess


class Service(models.Model):
    """A hospital service (unité fonctionnelle): the scope of a prescriber's dossiers."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    etablissement = models.ForeignKey(
        Etablissement, on_delete=models.PROTECT, related_name="services"
    )
    code_uf = models.CharField("code UF", max_length=10)
    nom = models.CharField("nom", max_length=120)
    chef = models.ForeignKey(
        "referentiel.User",
        verbose_name="chef de service",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="services_diriges",
    )

    class Meta:
        ordering = ["nom"]
        constraints = [
            models.UniqueConstraint(
                fields=["etablissement", "code_uf"],
                name="service_code_uf_unique",
                violation_error_message="Cette UF existe déjà dans l'établissement.",
            )
        ]

    def __str__(self) -> str:
        return self.nom


class Pui(models.Model):
    """Pharmacie à usage intérieur: sole legal transmitter of a request (CSP, R. 5121-74)."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    etablissement = models.ForeignKey(Etablissement, on_delete=models.PROTECT, related_name="puis")
    nom = models.CharField("nom", max_length=120)
    email = models.EmailField("boîte partagée", blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    active = models.BooleanField("active", default=True)
    stock_autorise = models.BooleanField("commande pour stock permise", default=False)
    retrocession = models.BooleanField("rétrocession autorisée", default=False)

    class Meta:
        ordering = ["nom"]
        verbose_name = "PUI"
        constraints = [
            models.CheckConstraint(
                name="pui_nom_non_vide",
                condition=~Q(nom=""),
                violation_error_message="Le nom de la pharmacie manque.",
            )
        ]

    def __str__(self) -> str:
        return self.nom


class Omedit(models.Model):
    """The regional observatory of medicines, devices and therapeutic innovations, as reached."""

    region = models.CharField("région", max_length=60, primary_key=True)
    nom = models.CharField("nom", max_length=200)
    courriel = models.EmailField("courriel", blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    site = models.URLField("site", max_length=300, blank=True)
    verifie_le = models.DateField("vérifié le", null=True, blank=True)

    class Meta:
        ordering = ["region"]
        verbose_name = "OMEDIT"
        verbose_name_plural = "OMEDIT"

    def __str__(self) -> str:
        return self.nom
