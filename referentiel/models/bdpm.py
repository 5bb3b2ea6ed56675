"""The other files of the BDPM: shortages, major interest, generic groups, opinions of the HAS."""

from __future__ import annotations

from uuid import uuid4

from django.db import models

from referentiel.models.imports import LigneDeListe


class Disponibilite(LigneDeListe):
    """A shortage or a supply strain declared for a speciality or one of its boxes."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    cis = models.CharField("CIS", max_length=8, db_index=True)
    cip13 = models.CharField("CIP 13", max_length=13, blank=True)
    statut = models.CharField("statut", max_length=1)
    libelle = models.CharField("libellé", max_length=60)
    debut = models.DateField("début", null=True, blank=True)
    mise_a_jour = models.DateField("mise à jour", null=True, blank=True)
    remise = models.DateField("remise à disposition", null=True, blank=True)
    lien = models.URLField("page officielle", max_length=500, blank=True)

    class Meta:
        ordering = ["cis", "cip13", "debut"]
        verbose_name = "disponibilité"

    def __str__(self) -> str:
        return f"{self.libelle} ({self.cis})"


class Mitm(LigneDeListe):
    """A medicine of major therapeutic interest (CSP, L. 5111-4), as the BDPM lists it."""

    cis = models.CharField("CIS", max_length=8, primary_key=True)
    atc = models.CharField("code ATC", max_length=10, blank=True)
    denomination = models.CharField("dénomination", max_length=500)
    lien = models.URLField("page officielle", max_length=500, blank=True)

    class Meta:
        ordering = ["denomination"]
        verbose_name = "médicament d'intérêt thérapeutique majeur"

    def __str__(self) -> str:
        return self.denomination


class GroupeGenerique(LigneDeListe):
    """The place of a speciality in a generic group."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    groupe = models.CharField("groupe", max_length=12, db_index=True)
    libelle = models.CharField("libellé du groupe", max_length=500)
    cis = models.CharField("CIS", max_length=8, db_index=True)
    type = models.CharField("type", max_length=1)
    ordre = models.PositiveIntegerField("ordre", default=0)

    class Meta:
        ordering = ["groupe", "ordre"]
        verbose_name = "groupe générique"

    def __str__(self) -> str:
        return self.libelle


class AvisHas(LigneDeListe):
    """An opinion of the Commission de la transparence: SMR or ASMR of a speciality."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    genre = models.CharField("genre", max_length=4)
    cis = models.CharField("CIS", max_length=8, db_index=True)
    dossier_has = models.CharField("dossier HAS", max_length=20)
    motif = models.CharField("motif", max_length=200, blank=True)
    date_avis = models.DateField("date de l'avis", null=True, blank=True)
    valeur = models.CharField("valeur", max_length=60, blank=True)
    libelle = models.TextField("libellé", blank=True)
    lien = models.URLField("page de l'avis", max_length=500, blank=True)

    class Meta:
        ordering = ["cis", "-date_avis", "genre"]
        verbose_name = "avis de la HAS"

    def __str__(self) -> str:
        return f"{self.genre} {self.valeur} ({self.cis})"
