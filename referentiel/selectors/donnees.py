"""The rows of the open export, read a few products at a time whatever the size of the register."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from django.urls import reverse

from referentiel.models import CodeIndication, Produit

CHUNK = 500


def export_rows(on: date) -> Iterator[dict[str, Any]]:
    """Every row of the register, product by product, in the order of names."""
    codes = CodeIndication.objects.order_by("code", "debut", "pk")
    produits = Produit.objects.defer("texte_recherche", "resume_patient").order_by("nom", "pk")
    held = produits.prefetch_related(Prefetch("specialites__codes", queryset=codes), "cadres")
    for produit in held.iterator(chunk_size=CHUNK):
        yield from rows_of(produit, on)


def rows_of(produit: Any, on: date) -> Iterator[dict[str, Any]]:
    """The rows of one product: its codes, then what has none."""
    cadres = {cadre.pk: cadre for cadre in produit.cadres.all()}
    coded, alone = set(), True
    for specialite in produit.specialites.all():
        codes = list(specialite.codes.all())
        for code in codes or [None]:
            cadre = cadres.get(code.cadre_id) if code is not None else None
            coded.add(cadre.pk if cadre else None)
            alone = False
            yield _row(produit, on, specialite=specialite, cadre=cadre, code=code)
    for cadre in cadres.values():
        if cadre.pk not in coded:
            alone = False
            yield _row(produit, on, cadre=cadre)
    if alone:
        yield _row(produit, on)


def _row(produit: Any, on: date, **found: Any) -> dict[str, Any]:
    cadre = found.get("cadre")
    page = reverse("referentiel:produit", args=[produit.pk])
    told = {
        "ouvert": cadre.is_open(on) if cadre else None,
        "fiche": settings.PLACET_BASE_URL + page,
        "fictif": produit.exemple_fictif or bool(cadre and cadre.exemple_fictif),
    }
    return {"produit": produit, "jour": told, **found}
