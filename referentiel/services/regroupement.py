"""Several UCD of one medicine become one product (decision 18); a person proposes, another agrees.

The merged product's row stays, empty: closed dossiers and the append-only log keep pointing at it,
and its address leads to the product that took its place.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from engine.clocks import today
from referentiel.models import (
    Abonnement,
    AliasProduit,
    AncienneAdresse,
    Cadre,
    Document,
    ExtraitSecurite,
    Produit,
)
from referentiel.selectors.touches import regroupement_obstacles
from referentiel.services.fiches import set_aliases
from referentiel.services.search_index import refresh_search_texts


@transaction.atomic
def regroup(produit: Produit, others: list[Produit], *, by: Any) -> Produit:
    """Merge other products into one: UCD, cadres, codes, names, followers; addresses redirected."""
    keys = sorted([produit.pk, *(other.pk for other in others)])
    rows = {row.pk: row for row in Produit.objects.select_for_update().filter(pk__in=keys)}
    kept = rows[produit.pk]
    for other in (rows[row.pk] for row in others if row.pk != kept.pk):
        _check(kept, other)
        _merge(kept, other, by)
    refresh_search_texts(rows)
    return kept


def _check(kept: Produit, other: Produit) -> None:
    """Open dossiers would lose their UCD and their cadre: they are waited for."""
    reasons = regroupement_obstacles(other)
    if not other.specialites.exists():
        reasons.append(f"« {other.nom} » est déjà regroupé.")
    for cadre, twin in _twins(kept, other):
        if cadre.criteres_publies and not twin.criteres_publies:
            reasons.append(
                f"Publiez d'abord les critères de {cadre.code} sur « {kept.nom} » : "
                f"seul le cadre de « {other.nom} » les porte."
            )
    if reasons:
        raise ValidationError(reasons)


def _twins(kept: Produit, other: Produit) -> list[tuple[Cadre, Cadre]]:
    """The cadres both products hold for the same indication code."""
    mine = {cadre.code: cadre for cadre in kept.cadres.exclude(code="")}
    theirs = other.cadres.filter(code__in=mine)
    return [(cadre, mine[cadre.code]) for cadre in theirs]


def _merge(kept: Produit, other: Produit, by: Any) -> None:
    for cadre, twin in _twins(kept, other):
        cadre.codes.update(cadre=twin)
        cadre.absente_depuis = cadre.absente_depuis or today()
        cadre.champs_saisis = sorted({*cadre.champs_saisis, "absente_depuis"})
        cadre.save()
    moved = other.cadres.exclude(code__in=[c.code for _, c in _twins(kept, other)])
    moved.update(produit=kept)
    other.specialites.update(produit=kept)
    _copy_documents(kept, other)
    other.contacts.update(produit=kept)
    names = list(
        AliasProduit.objects.filter(produit__in=[kept, other]).values_list("nom", flat=True)
    )
    other.alias.all().delete()
    set_aliases(kept, [*names, other.nom], by=by)
    _follow(kept, other)
    path = reverse("referentiel:produit", args=[other.pk])
    AncienneAdresse.objects.update_or_create(chemin=path, defaults={"produit": kept})
    AncienneAdresse.objects.filter(produit=other).update(produit=kept)


def _copy_documents(kept: Produit, other: Produit) -> None:
    """Documents are append-only: the product that stays receives a copy of each version."""
    copies: dict[Any, Document] = {}
    for row in other.documents.order_by("date_effet", "ajoute_le"):
        passages = list(row.extraits.all())
        old, previous = row.pk, copies.get(row.remplace_id)
        row.pk, row.produit, row.remplace = uuid4(), kept, previous
        row.save(force_insert=True)
        copies[old] = row
        for passage in passages:
            ExtraitSecurite.objects.create(
                document=row, rubrique=passage.rubrique, ordre=passage.ordre, texte=passage.texte
            )


def _follow(kept: Produit, other: Produit) -> None:
    """Those who followed the merged product follow the one that stays, once."""
    already = Abonnement.objects.filter(produit=kept).values("courriel")
    other.abonnements.filter(courriel__in=already).delete()
    other.abonnements.update(produit=kept)
