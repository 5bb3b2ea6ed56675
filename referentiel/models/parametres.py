"""Dated parameters: every legal duration or threshold, with its source."""

from uuid import uuid4

from django.db import models


class Parametre(models.Model):
    """One value of a rule from one day on; the value in force is the latest begun."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.CharField("code", max_length=60)
    valeur = models.CharField("valeur", max_length=40)
    debut = models.DateField("en vigueur depuis")
    libelle = models.CharField("libellé", max_length=200)
    source = models.CharField("source", max_length=200)

    class Meta:
        ordering = ["code", "debut"]
        verbose_name = "paramètre"
        constraints = [
            models.UniqueConstraint(
                fields=["code", "debut"],
                name="parametre_code_debut_unique",
                violation_error_message="Ce paramètre a déjà une valeur à cette date.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} = {self.valeur} (depuis le {self.debut:%d/%m/%Y})"
