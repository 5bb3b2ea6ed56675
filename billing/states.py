"""States of the prepared lines and kinds of file."""

from django.db import models


class EtatLigne(models.TextChoices):
    """What a prepared line may do: leave in the file, wait, or be cured first."""

    PRETE = "PRETE", "Prête"
    BLOQUEE = "BLOQUEE", "Bloquée"
    EN_ATTENTE = "EN_ATTENTE", "En attente"
    EXCLUE = "EXCLUE", "Exclue"


class FormatEnvoi(models.TextChoices):
    """The file formats Placet writes for the payment of a hospital."""

    FICHCOMP_MCO = "FICHCOMP_MCO", "FICHCOMP médicaments AP-AC MCO"
