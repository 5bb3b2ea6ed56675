"""Traces of the imports: each run, what it set aside, the values it replaced."""

from __future__ import annotations

from uuid import uuid4

from django.db import models

from referentiel.states import SourceImport, StatutImport


class LigneDeListe(models.Model):
    """A row of a public list: when a newer release no longer holds it, it stays and says so."""

    absente_version = models.CharField("absente de la version du", max_length=10, blank=True)

    class Meta:
        abstract = True


class VerrouImport(models.Model):
    """One row per source: two imports of a source never compute their difference together."""

    source = models.CharField(primary_key=True, max_length=12, choices=SourceImport.choices)
    prises = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "verrou d'import"

    def __str__(self) -> str:
        return self.source


class ImportRun(models.Model):
    """One import of one public file: its checksum, its version and what it changed."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    source = models.CharField("source", max_length=12, choices=SourceImport.choices)
    statut = models.CharField("statut", max_length=10, choices=StatutImport.choices)
    fichier = models.CharField("fichier", max_length=200)
    sha256 = models.CharField("empreinte", max_length=64, blank=True)
    parties = models.CharField("fichiers de la source", max_length=80, blank=True)
    version = models.CharField("version", max_length=10, blank=True)
    commence_le = models.DateTimeField("commencé le")
    termine_le = models.DateTimeField("terminé le", null=True, blank=True)
    par = models.CharField("par", max_length=120, blank=True)
    message = models.TextField("message", blank=True)
    lues = models.PositiveIntegerField("lignes lues", default=0)
    ajoutees = models.PositiveIntegerField("ajoutées", default=0)
    modifiees = models.PositiveIntegerField("modifiées", default=0)
    fermees = models.PositiveIntegerField("fermées", default=0)
    inchangees = models.PositiveIntegerField("inchangées", default=0)
    ecartees = models.PositiveIntegerField("écartées", default=0)
    regroupees = models.PositiveIntegerField("regroupées", default=0)
    ignorees = models.PositiveIntegerField("hors du référentiel", default=0)
    retenues = models.PositiveIntegerField("absentes laissées ouvertes", default=0)

    class Meta:
        ordering = ["-commence_le"]
        verbose_name = "import"

    def __str__(self) -> str:
        return f"{self.source} {self.version or self.fichier}".strip()


class ImportRejet(models.Model):
    """A row of an official file set aside, with its line, column and reason."""

    import_run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="rejets")
    fichier = models.CharField("fichier", max_length=200, blank=True)
    ligne = models.PositiveIntegerField("ligne")
    colonne = models.CharField("colonne", max_length=60, blank=True)
    raison = models.CharField("raison", max_length=300)
    contenu = models.TextField("ligne telle que lue")

    class Meta:
        ordering = ["import_run", "fichier", "ligne"]
        verbose_name = "ligne écartée"

    def __str__(self) -> str:
        return f"ligne {self.ligne} : {self.raison}"


class ValeurRemplacee(models.Model):
    """A value an import replaced: the old one stays readable (referentiel.md §5)."""

    import_run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="remplacees")
    objet = models.CharField("objet", max_length=40)
    cle = models.CharField("clé", max_length=40)
    champ = models.CharField("champ", max_length=40)
    ancienne = models.TextField("ancienne valeur", blank=True)
    nouvelle = models.TextField("nouvelle valeur", blank=True)

    class Meta:
        ordering = ["-import_run__commence_le", "cle", "champ"]
        verbose_name = "valeur remplacée"
        indexes = [models.Index(fields=["objet", "cle"])]

    def __str__(self) -> str:
        return f"{self.objet} {self.cle} : {self.champ}"
