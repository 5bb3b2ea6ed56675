"""What the pages of the medicines show: rows of lists, the sheet of a product, imports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from referentiel.models import Cadre, CodeIndication, Critere, ImportRun, Produit, Specialite
from referentiel.selectors import medicines
from referentiel.selectors.trouves import Trouves
from referentiel.states import StatutImport

LABELS = {
    "dci": "DCI",
    "forme": "Forme",
    "dosage": "Dosage",
    "voie": "Voie",
    "laboratoire": "Laboratoire",
    "atc": "Code ATC",
    "condition_prescription": "Conditions de prescription",
}
COLUMNS = ["Produit", "En vigueur", "Mentions manquantes", "UCD"]


def products_to_manage(q: str, etat: str) -> Trouves:
    """Products of the gestionnaire's list; `etat`: incomplets, attente or all."""
    found = medicines.matching(q)
    flag = found.registre.flags.get(etat)
    if flag is not None:
        found = found.within(flag)
    return found.prefetch_related("specialites", "cadres")


def row_of(produit: Produit, on: date) -> dict[str, Any]:
    """A row of the gestionnaire's list, from what was prefetched: no query."""
    opened = {cadre.framework for cadre in produit.cadres.all() if cadre.is_open(on)}
    ucds = [row.ucd7 or "UCD en attente" for row in produit.specialites.all()]
    return {
        "url": reverse("referentiel:gestion_produit", args=[produit.pk]),
        "title": produit.nom,
        "sub": produit.dci,
        "cells": [
            {"text": ", ".join(sorted(opened)) or "aucun"},
            {"text": ", ".join(medicines.mentions_manquantes(produit)) or "aucune"},
            {"text": ", ".join(ucds)},
        ],
    }


@dataclass(frozen=True)
class FicheCadre:
    """A cadre on a sheet: whether it is open, its codes, its criteria in force."""

    cadre: Cadre
    ouvert: bool
    codes: list[CodeIndication]
    criteres: list[Critere]


@dataclass(frozen=True)
class Fiche:
    """The sheet of a product."""

    produit: Produit
    mentions: list[dict[str, str]]
    manquantes: list[str]
    cadres: list[FicheCadre]
    generiques: list[CodeIndication]

    @property
    def ucds(self) -> list[Specialite]:
        return list(self.produit.specialites.all())

    @property
    def ouverts(self) -> list[FicheCadre]:
        return [fiche for fiche in self.cadres if fiche.ouvert]


def sheet(pk: UUID, on: date) -> Fiche | None:
    """All a sheet shows, in a constant number of queries; None when there is no such product."""
    codes = CodeIndication.objects.order_by("code", "debut")
    produit = (
        Produit.objects.filter(pk=pk)
        .prefetch_related(  # ordered by their own columns: the usual order joins the product
            Prefetch("specialites__codes", queryset=codes),
            Prefetch("cadres", queryset=Cadre.objects.order_by("framework", "indication", "pk")),
        )
        .first()
    )
    if produit is None:
        return None
    criteres = _criteres_of(produit)
    held = [code for row in produit.specialites.all() for code in row.codes.all()]
    by_cadre: dict[UUID | None, list[CodeIndication]] = {}
    for code in sorted(held, key=lambda code: code.code):
        by_cadre.setdefault(code.cadre_id, []).append(code)
    return Fiche(
        produit=produit,
        mentions=_mentions(produit),
        manquantes=medicines.mentions_manquantes(produit),
        cadres=sorted(  # criteria first: they say most quickly whether the product suits
            (
                _fiche_cadre(row, by_cadre.get(row.pk, []), criteres.get(row.pk, []), on)
                for row in produit.cadres.all()
            ),
            key=lambda fiche: not fiche.criteres,
        ),
        generiques=[code for code in held if code.generique],
    )


def _mentions(produit: Produit) -> list[dict[str, str]]:
    return [
        {
            "label": label,
            "value": getattr(produit, name),
            "sub": produit.provenance.get(name, ""),
        }
        for name, label in LABELS.items()
    ]


def _criteres_of(produit: Produit) -> dict[UUID, list[Critere]]:
    """The criteria in force by cadre; most products publish none and cost no query."""
    versions = {c.pk: c.version_criteres for c in produit.cadres.all() if c.criteres_publies}
    found: dict[UUID, list[Critere]] = {pk: [] for pk in versions}
    if versions:
        for critere in Critere.objects.filter(cadre__in=versions).order_by("ordre"):
            if critere.version == versions[critere.cadre_id]:
                found[critere.cadre_id].append(critere)
    return found


def _fiche_cadre(
    cadre: Cadre, codes: list[CodeIndication], criteres: list[Critere], on: date
) -> FicheCadre:
    return FicheCadre(cadre=cadre, ouvert=cadre.is_open(on), codes=codes, criteres=criteres)


def last_update() -> ImportRun | None:
    """The last official list applied: « à jour au … »."""
    applied = ImportRun.objects.filter(source="atih", statut=StatutImport.APPLIQUE)
    return applied.order_by("-commence_le").only("version", "commence_le").first()


def imports() -> QuerySet[ImportRun]:
    return ImportRun.objects.order_by("-commence_le")
