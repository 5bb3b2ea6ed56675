"""Documents of a product: append-only, each version with its fingerprint and its dates."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from referentiel.models.cadres import Cadre, Produit
from referentiel.states import RubriqueSecurite, TypeDocument


class Document(models.Model):
    """One version of one document; a newer version names the one it replaces.

    Rows are only ever added (a trigger refuses the rest): a version ends where the next begins.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    produit = models.ForeignKey(Produit, on_delete=models.PROTECT, related_name="documents")
    cadre = models.ForeignKey(
        Cadre, null=True, blank=True, on_delete=models.PROTECT, related_name="documents"
    )
    type = models.CharField("type", max_length=24, choices=TypeDocument.choices)
    titre = models.CharField("titre", max_length=200)
    version = models.CharField("version", max_length=20)
    langue = models.CharField("langue", max_length=5, default="fr")
    date_publication = models.DateField("publié le")
    date_effet = models.DateField("prend effet le")
    date_fin = models.DateField("prend fin le", null=True, blank=True)
    texte = models.TextField("texte", blank=True)
    fichier = models.FileField("fichier", upload_to="referentiel/documents", blank=True)
    source_url = models.URLField("page officielle", max_length=500, blank=True)
    sha256 = models.CharField("empreinte", max_length=64)
    remplace = models.OneToOneField(
        "self",
        verbose_name="remplace",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="remplace_par",
    )
    exemple_fictif = models.BooleanField("exemple fictif", default=False)
    ajoute_le = models.DateTimeField("ajouté le")

    class Meta:
        ordering = ["type", "-date_effet", "-ajoute_le"]
        verbose_name = "document"
        indexes = [models.Index(fields=["produit", "type"])]
        constraints = [
            models.CheckConstraint(
                name="document_fin_apres_effet",
                condition=Q(date_fin=None) | Q(date_fin__gte=F("date_effet")),
                violation_error_message="La fin précède la prise d'effet.",
            ),
            models.CheckConstraint(
                name="document_a_un_contenu",
                condition=~Q(texte="") | ~Q(fichier="") | ~Q(source_url=""),
                violation_error_message="Donnez un texte, un fichier ou une page officielle.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.titre}, version {self.version}"


class ExtraitSecurite(models.Model):
    """A passage of an approved document shown on the safety card: copied, never computed."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="extraits")
    rubrique = models.CharField("rubrique", max_length=24, choices=RubriqueSecurite.choices)
    ordre = models.PositiveSmallIntegerField("ordre")
    texte = models.TextField("passage")

    class Meta:
        ordering = ["document", "ordre"]
        verbose_name = "extrait de sécurité"
        constraints = [
            models.UniqueConstraint(
                fields=["document", "ordre"],
                name="extrait_ordre_unique",
                violation_error_message="Deux extraits portent le même rang.",
            )
        ]

    def __str__(self) -> str:
        return self.get_rubrique_display()
