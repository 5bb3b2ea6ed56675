"""Mentions another list gives of the very same UCD, laid where the register holds none.

A value is kept only when the list says one thing of that UCD; what a person typed, and what
another source already gave, is left alone (decisions 18 and 19). Each value keeps its source.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from referentiel.folding import fold
from referentiel.importers.differences import Difference, Ecart
from referentiel.models import ImportRun, Produit, Specialite

LIMITS = {"dci": 300, "laboratoire": 200, "atc": 10}
Mentions = dict[str, str]


@dataclass
class Recueil:
    """What rows say of each UCD, told apart by their folded wording."""

    dits: dict[tuple[str, str], dict[str, str]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, ucd7: str, **values: str) -> None:
        for name, value in values.items():
            if value:
                self.dits[ucd7, name].setdefault(fold(value), value)

    def single(self) -> dict[str, Mentions]:
        """By UCD, the mentions on which all rows agree."""
        found: dict[str, Mentions] = defaultdict(dict)
        for (ucd7, name), wordings in self.dits.items():
            if len(wordings) == 1:
                (found[ucd7][name],) = wordings.values()
        return dict(found)


def complete(mentions: Mapping[str, Mentions], origin: str, run: ImportRun) -> list[Ecart]:
    """Fill the blanks of the specialities of these UCD, and those of their products."""
    specialites = Difference(Specialite, run=run, frozen="champs_saisis")
    products = Difference(Produit, run=run, frozen="champs_saisis")
    by_product: dict[Produit, list[Mentions]] = defaultdict(list)
    known = Specialite.objects.filter(ucd7__isnull=False).select_related("produit")
    shared: dict[Any, Produit] = {}
    for specialite in known:
        said = mentions.get(specialite.ucd7 or "", {})
        if not said:
            continue
        produit = shared.setdefault(specialite.produit_id, specialite.produit)
        by_product[produit].append(said)
        blanks = {
            name: value
            for name, value in said.items()
            if name in ("dci", "laboratoire") and not getattr(specialite, name)
        }
        if blanks:
            specialites.put(specialite, str(specialite.ucd7), blanks)
    for produit, several in by_product.items():
        values = product_blanks(produit, several, origin)
        if values:
            products.put(produit, str(produit.pk), values)
    return specialites.write().ecarts + products.write().ecarts


def product_blanks(produit: Produit, several: list[Mentions], origin: str) -> dict[str, Any]:
    """The mentions a product lacks and on which its specialities agree, with their source."""
    recueil = Recueil()
    for said in several:
        recueil.add("", **said)
    agreed = recueil.single().get("", {})
    blanks = {
        name: value[: LIMITS[name]]
        for name, value in agreed.items()
        if not getattr(produit, name) and name not in produit.champs_saisis
    }
    if not blanks:
        return {}
    sources = {name: f"{origin} (même UCD)" for name in blanks}
    return {**blanks, "provenance": produit.provenance | sources}
