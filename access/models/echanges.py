"""What is said and joined around a dossier: pieces, messages, complements, contacts, openings."""

from __future__ import annotations

from uuid import uuid4

from django.db import models

from access.querysets import DossierPartQuerySet
from access.states import Audience


def piece_path(piece: Piece, filename: str) -> str:
    """Stored under its UUID: the name a person gave never reaches the disk."""
    return f"pieces/{piece.pk.hex[:2]}/{piece.pk}"


class Piece(models.Model):
    """A file joined to a dossier; only a clean one is served, by a checked view."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    dossier = models.ForeignKey("access.Dossier", on_delete=models.CASCADE, related_name="pieces")
    libelle = models.CharField("libellé", max_length=120)
    fichier = models.FileField(upload_to=piece_path, max_length=120)
    type_mime = models.CharField(max_length=40)
    taille = models.PositiveIntegerField("taille (octets)")
    sha256 = models.CharField(max_length=64)
    saine = models.BooleanField("contrôlée", default=False)
    ajoutee_par = models.ForeignKey("referentiel.User", on_delete=models.PROTECT, related_name="+")
    ajoutee_le = models.DateTimeField()

    objects = DossierPartQuerySet.as_manager()

    class Meta:
        ordering = ["ajoutee_le"]
        verbose_name = "pièce"

    def __str__(self) -> str:
        return self.libelle


class Message(models.Model):
    """One message on a dossier, for the hospital or with the agency."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    dossier = models.ForeignKey("access.Dossier", on_delete=models.CASCADE, related_name="messages")
    audience = models.CharField("visible", max_length=10, choices=Audience.choices)
    auteur = models.ForeignKey("referentiel.User", on_delete=models.PROTECT, related_name="+")
    auteur_label = models.CharField(max_length=200)
    texte = models.TextField("message", max_length=4000)
    at = models.DateTimeField()

    objects = DossierPartQuerySet.as_manager()

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"message {self.pk}"


class DemandeComplement(models.Model):
    """A question of the agency with a deadline; the clock stops meanwhile (CRPA, L. 114-5)."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    dossier = models.ForeignKey(
        "access.Dossier", on_delete=models.CASCADE, related_name="complements"
    )
    demandee_par = models.ForeignKey("referentiel.User", on_delete=models.PROTECT, related_name="+")
    demandee_le = models.DateTimeField()
    echeance = models.DateField("échéance")
    relancee_le = models.DateTimeField("relancée le", null=True, blank=True)
    cloturee_le = models.DateTimeField("close le", null=True, blank=True)

    objects = DossierPartQuerySet.as_manager()

    class Meta:
        ordering = ["demandee_le"]
        verbose_name = "demande de complément"
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"],
                condition=models.Q(cloturee_le=None),
                name="complement_un_seul_ouvert",
                violation_error_message="Un complément est déjà demandé sur ce dossier.",
            )
        ]

    def __str__(self) -> str:
        return f"complément {self.pk}"


class ElementComplement(models.Model):
    """One missing item of a complement, and its answer."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    complement = models.ForeignKey(
        DemandeComplement, on_delete=models.CASCADE, related_name="elements"
    )
    ordre = models.PositiveSmallIntegerField(default=0)
    question = models.CharField("question", max_length=500)
    reponse = models.TextField("réponse", max_length=4000, blank=True)
    repondu_par = models.ForeignKey(
        "referentiel.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    repondu_le = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["ordre"]

    def __str__(self) -> str:
        return f"élément {self.pk}"


class TentativeContact(models.Model):
    """An attempt to reach the prescriber, recorded before any refusal."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    dossier = models.ForeignKey("access.Dossier", on_delete=models.CASCADE, related_name="contacts")
    par = models.ForeignKey("referentiel.User", on_delete=models.PROTECT, related_name="+")
    le = models.DateTimeField()
    moyen = models.CharField("moyen", max_length=60)
    resultat = models.CharField("résultat", max_length=500)

    objects = DossierPartQuerySet.as_manager()

    class Meta:
        ordering = ["le"]
        verbose_name = "tentative de contact"

    def __str__(self) -> str:
        return f"contact {self.pk}"


class OuvertureUrgence(models.Model):
    """An emergency reading outside one's services: a reason, a few hours, told to the head."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    dossier = models.ForeignKey(
        "access.Dossier", on_delete=models.CASCADE, related_name="ouvertures"
    )
    par = models.ForeignKey("referentiel.User", on_delete=models.PROTECT, related_name="+")
    motif = models.CharField("motif", max_length=300)
    le = models.DateTimeField()
    jusqu_a = models.DateTimeField()

    class Meta:
        ordering = ["-le"]
        verbose_name = "ouverture en urgence"
        indexes = [models.Index(fields=["par", "jusqu_a"])]

    def __str__(self) -> str:
        return f"ouverture {self.pk}"
