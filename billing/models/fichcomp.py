"""A month as it was prepared: frozen lines, and the files made of them."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from billing.querysets import EnvoiQuerySet, LigneFichcompQuerySet, PreparationQuerySet
from billing.states import EtatLigne, FormatEnvoi


class Preparation(models.Model):
    """The lines of one month, checked on one day; never changed, replaced by a later one."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    etablissement = models.ForeignKey(
        "referentiel.Etablissement", on_delete=models.PROTECT, related_name="preparations"
    )
    annee = models.PositiveSmallIntegerField("année")
    mois = models.PositiveSmallIntegerField("mois")
    courante = models.BooleanField("la dernière du mois", default=True)
    inclure_zero = models.BooleanField("inclure les lignes à 0 €", default=False)
    empreinte = models.CharField("empreinte des lignes", max_length=64)
    referentiel_au = models.DateTimeField("référentiel importé le", null=True, blank=True)
    preparee_le = models.DateTimeField("préparée le")
    preparee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = PreparationQuerySet.as_manager()

    class Meta:
        ordering = ["-annee", "-mois", "-preparee_le"]
        verbose_name = "préparation"
        constraints = [
            models.UniqueConstraint(
                fields=["etablissement", "annee", "mois"],
                condition=Q(courante=True),
                name="preparation_courante_unique",
                violation_error_message="Ce mois a déjà une préparation en cours.",
            ),
            models.CheckConstraint(
                name="preparation_mois_1_a_12",
                condition=Q(mois__gte=1, mois__lte=12),
                violation_error_message="Le mois va de 1 à 12.",
            ),
        ]

    def __str__(self) -> str:
        return f"M{self.mois} {self.annee}"


class LigneFichcomp(models.Model):
    """One stay × day × UCD × indication: values frozen the day the month was prepared."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    preparation = models.ForeignKey(Preparation, on_delete=models.CASCADE, related_name="lignes")
    ordre = models.PositiveIntegerField("rang dans le fichier")
    sejour = models.ForeignKey("billing.Sejour", on_delete=models.PROTECT, related_name="+")
    specialite = models.ForeignKey(
        "referentiel.Specialite", on_delete=models.PROTECT, related_name="+"
    )
    references = models.JSONField("administrations et autorisations", default=dict)
    finess = models.CharField("FINESS e-PMSI", max_length=9, blank=True)
    numero_sejour = models.CharField("N° de séjour", max_length=20)
    sortie = models.DateField("sortie", null=True, blank=True)
    jour = models.DateField("date d'administration")
    ucd7 = models.CharField("UCD 7", max_length=7, blank=True)
    ucd13 = models.CharField("UCD 13", max_length=13, blank=True)
    libelle = models.CharField("libellé", max_length=200)
    nombre = models.DecimalField("nombre administré", max_digits=14, decimal_places=3)
    prix_unitaire = models.DecimalField(
        "prix unitaire TTC", max_digits=12, decimal_places=4, null=True, blank=True
    )
    montant = models.DecimalField("montant", max_digits=18, decimal_places=3, null=True, blank=True)
    validation = models.CharField("validation", max_length=1, blank=True)
    code_indication = models.CharField("code indication", max_length=7, blank=True)
    etat = models.CharField("état", max_length=10, choices=EtatLigne.choices)
    blocages = models.JSONField("motifs", default=list, blank=True)
    motif_code = models.CharField("code du premier motif", max_length=40, blank=True)
    motif = models.CharField("premier motif", max_length=250, blank=True)
    evite = models.CharField("contrôle évité", max_length=20, blank=True)
    avertissements = models.PositiveSmallIntegerField("avertissements", default=0)

    objects = LigneFichcompQuerySet.as_manager()

    class Meta:
        ordering = ["ordre"]
        verbose_name = "ligne FICHCOMP"
        verbose_name_plural = "lignes FICHCOMP"
        constraints = [
            models.UniqueConstraint(
                fields=["preparation", "sejour", "jour", "specialite", "code_indication"],
                name="ligne_fichcomp_unique",
                violation_error_message=(
                    "Une seule ligne par séjour, date, UCD et indication dans un mois."
                ),
            ),
            models.CheckConstraint(
                name="ligne_fichcomp_etat_connu",
                condition=Q(etat__in=EtatLigne.values),
                violation_error_message="Cet état de ligne n'existe pas.",
            ),
            models.CheckConstraint(
                name="ligne_fichcomp_prete_complete",
                condition=~Q(etat=EtatLigne.PRETE)
                | Q(nombre__gt=0, montant__isnull=False, montant__gte=0, sortie__isnull=False)
                & ~Q(code_indication="")
                & ~Q(ucd13="")
                & ~Q(finess=""),
                violation_error_message=(
                    "Une ligne prête a un séjour terminé, un nombre, un montant, un UCD et un code."
                ),
            ),
            models.CheckConstraint(
                name="ligne_fichcomp_sortie_apres_jour",
                condition=~Q(etat=EtatLigne.PRETE) | Q(sortie__gte=F("jour")),
                violation_error_message="Une ligne prête est datée avant la sortie du séjour.",
            ),
        ]
        indexes = [models.Index(fields=["preparation", "etat"])]

    def __str__(self) -> str:
        return f"{self.numero_sejour} {self.jour:%d/%m/%Y} {self.ucd7} {self.code_indication}"


class Envoi(models.Model):
    """A file made from one preparation: its bytes are kept once, under their checksum."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    preparation = models.ForeignKey(Preparation, on_delete=models.PROTECT, related_name="envois")
    etablissement = models.ForeignKey(
        "referentiel.Etablissement", on_delete=models.PROTECT, related_name="envois"
    )
    annee = models.PositiveSmallIntegerField("année")
    mois = models.PositiveSmallIntegerField("mois")
    format = models.CharField("format", max_length=20, choices=FormatEnvoi.choices)
    nom = models.CharField("nom du fichier", max_length=80)
    simulation = models.BooleanField("simulation, sans valeur", default=True)
    sha256 = models.CharField("empreinte", max_length=64)
    taille = models.PositiveBigIntegerField("octets")
    lignes = models.PositiveIntegerField("lignes")
    total = models.DecimalField("total", max_digits=20, decimal_places=3)
    inclure_zero = models.BooleanField("avec les lignes à 0 €", default=False)
    referentiel_au = models.DateTimeField("référentiel importé le", null=True, blank=True)
    cree_le = models.DateTimeField("créé le")
    cree_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = EnvoiQuerySet.as_manager()

    class Meta:
        ordering = ["-cree_le"]
        verbose_name = "envoi"
        constraints = [
            models.UniqueConstraint(
                fields=["preparation", "format", "simulation"],
                name="envoi_unique_par_preparation",
                violation_error_message="Cette préparation a déjà été exportée.",
            ),
            models.CheckConstraint(
                name="envoi_avec_lignes",
                condition=Q(lignes__gt=0),
                violation_error_message="Un envoi porte au moins une ligne.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom
