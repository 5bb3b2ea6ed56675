"""Other public lists by UCD: liste en sus, its events and prices, the CNAMTS table."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from django.db import models

from referentiel.models.imports import LigneDeListe


class LigneLes(LigneDeListe):
    """An indication of the liste en sus for one UCD."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    ucd7 = models.CharField("UCD 7", max_length=7, db_index=True)
    code = models.CharField("code d'indication", max_length=7)
    libelle = models.TextField("libellé", blank=True)
    specialite = models.CharField("spécialité", max_length=300, blank=True)
    dci = models.CharField("DCI", max_length=300, blank=True)
    laboratoire = models.CharField("laboratoire", max_length=200, blank=True)
    inscrite = models.BooleanField("inscrite", default=True)
    debut = models.DateField("début", null=True, blank=True)
    fin = models.DateField("fin", null=True, blank=True)
    brut = models.JSONField("ligne telle que lue", default=dict, blank=True)

    class Meta:
        ordering = ["ucd7", "code", "debut"]
        verbose_name = "ligne de la liste en sus"

    def covers(self, on: date) -> bool:
        """Whether the pair stands on the list a day; a row of a former version says nothing."""
        begun = self.debut is None or self.debut <= on
        current = self.inscrite and not self.absente_version
        return current and begun and (self.fin is None or on <= self.fin)

    def __str__(self) -> str:
        return f"{self.ucd7} {self.code}"


class PrixUcd(LigneDeListe):
    """A published price or listing event of a UCD, with its source."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    ucd7 = models.CharField("UCD 7", max_length=7, db_index=True)
    source = models.CharField("source", max_length=10)
    nature = models.CharField("nature", max_length=80, blank=True)
    debut = models.DateField("à compter du", null=True, blank=True)
    fin = models.DateField("jusqu'au", null=True, blank=True)
    prix_ht = models.DecimalField("prix HT", max_digits=14, decimal_places=4, null=True, blank=True)
    prix_ttc = models.DecimalField(
        "prix TTC", max_digits=14, decimal_places=4, null=True, blank=True
    )
    brut = models.JSONField("ligne telle que lue", default=dict, blank=True)

    class Meta:
        ordering = ["ucd7", "debut"]
        verbose_name = "prix d'une UCD"

    def __str__(self) -> str:
        return f"{self.ucd7} {self.nature}".strip()


class UcdCnamts(LigneDeListe):
    """A UCD as the CNAMTS table describes it: laboratory, form, ATC, restrictions."""

    ucd7 = models.CharField("UCD 7", max_length=7, primary_key=True)
    libelle = models.CharField("libellé", max_length=200)
    laboratoire = models.CharField("laboratoire", max_length=200, blank=True)
    forme = models.CharField("forme", max_length=200, blank=True)
    atc = models.CharField("code ATC", max_length=10, blank=True)
    brut = models.JSONField("ligne telle que lue", default=dict, blank=True)

    class Meta:
        ordering = ["libelle"]
        verbose_name = "UCD de la CNAMTS"

    def __str__(self) -> str:
        return f"{self.libelle} ({self.ucd7})"
