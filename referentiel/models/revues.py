"""An uploaded list as a difference to review: nothing changes before a person accepts it."""

from __future__ import annotations

from uuid import uuid4

from django.db import models

from referentiel.models.imports import ImportRun
from referentiel.states import EtatLigneRevue, GenreLigneRevue, SourceImport, StatutRevue


class CorrespondanceListe(models.Model):
    """How the columns of a list read as ours: made once, kept by name."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    nom = models.CharField("nom", max_length=80, unique=True)
    colonnes = models.JSONField("colonnes", default=dict)
    format_date = models.CharField("format des dates", max_length=20, default="AAAA-MM-JJ")
    feuille = models.CharField("feuille du classeur", max_length=80, blank=True)
    complete = models.BooleanField("la liste est complète", default=False)
    cree_le = models.DateTimeField("créée le")
    cree_par = models.CharField("créée par", max_length=120, blank=True)

    class Meta:
        ordering = ["nom"]
        verbose_name = "correspondance de colonnes"

    def __str__(self) -> str:
        return self.nom

    @property
    def titre(self) -> str:
        """How a review and the public log name its lists."""
        return f"Liste « {self.nom} »"


class RevueImport(models.Model):
    """One uploaded file, from its reading to the last accepted line."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    source = models.CharField("source", max_length=12, choices=SourceImport.choices)
    correspondance = models.ForeignKey(
        CorrespondanceListe, null=True, blank=True, on_delete=models.PROTECT, related_name="revues"
    )
    statut = models.CharField("statut", max_length=12, choices=StatutRevue.choices)
    nom_fichier = models.CharField("fichier", max_length=200)
    fichier = models.FileField("fichier déposé", upload_to="referentiel/listes", blank=True)
    taille = models.PositiveBigIntegerField("taille", default=0)
    sha256 = models.CharField("empreinte", max_length=64, blank=True)
    version = models.CharField("version", max_length=10, blank=True)
    avancement = models.PositiveSmallIntegerField("avancement", default=0)
    etape = models.CharField("étape", max_length=80, blank=True)
    message = models.TextField("message", blank=True)
    rejets = models.JSONField("lignes refusées", default=list, blank=True)
    lues = models.PositiveIntegerField("lignes lues", default=0)
    inchangees = models.PositiveIntegerField("inchangées", default=0)
    resume = models.JSONField("résumé", default=dict, blank=True)
    depose_le = models.DateTimeField("déposé le")
    depose_par_id = models.UUIDField("déposé par")
    depose_par = models.CharField("déposé par", max_length=120)
    import_run = models.ForeignKey(
        ImportRun, null=True, blank=True, on_delete=models.PROTECT, related_name="revues"
    )

    class Meta:
        ordering = ["-depose_le"]
        verbose_name = "revue d'import"

    def __str__(self) -> str:
        return self.nom_fichier


class LigneRevue(models.Model):
    """One difference: a pair (UCD, code) added, changed, closed or in conflict with a source."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    revue = models.ForeignKey(RevueImport, on_delete=models.CASCADE, related_name="lignes")
    genre = models.CharField("genre", max_length=12, choices=GenreLigneRevue.choices)
    objet = models.CharField("objet", max_length=40)
    cle = models.CharField("clé", max_length=40)
    libelle = models.CharField("libellé", max_length=300, blank=True)
    avant = models.JSONField("avant", default=dict, blank=True)
    apres = models.JSONField("après", default=dict, blank=True)
    ailleurs = models.JSONField("ce que disent les autres sources", default=list, blank=True)
    certaine = models.BooleanField("certaine", default=False)
    motifs = models.JSONField("ce qui empêche de la dire certaine", default=list, blank=True)
    etat = models.CharField("état", max_length=12, choices=EtatLigneRevue.choices)
    ligne = models.PositiveIntegerField("ligne du fichier", null=True, blank=True)
    vue_par = models.CharField("vue par", max_length=120, blank=True)
    vue_le = models.DateTimeField("vue le", null=True, blank=True)

    class Meta:
        ordering = ["revue", "genre", "cle"]
        verbose_name = "ligne de revue"
        indexes = [models.Index(fields=["revue", "genre", "etat"])]
        constraints = [
            models.UniqueConstraint(
                fields=["revue", "objet", "cle"],
                name="ligne_revue_unique",
                violation_error_message="Cette différence figure déjà dans la revue.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_genre_display()} {self.cle}"
