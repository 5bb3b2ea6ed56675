"""The folded column products are searched by, and the counter that ages every index of it."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import F

from engine.clocks import now
from referentiel.folding import search_text
from referentiel.models import Cadre, CodeIndication, EtatRecherche, Produit, Specialite

STEP = 1 << 30
BATCH = 400


def touch() -> None:
    """Say that the register changed: every process rebuilds its search index before its next use.

    The step is drawn at random, so that a counter taken back by a rollback never meets again the
    value under which a process indexed what was undone.
    """
    step = secrets.randbelow(STEP) + 1
    moved = EtatRecherche.objects.filter(pk=1).update(version=F("version") + step, change_le=now())
    if not moved:
        EtatRecherche.objects.update_or_create(pk=1, defaults={"version": step, "change_le": now()})


def refresh_search_texts(produits: Iterable[UUID] | None = None) -> int:
    """Recompute the search column of all products, or of some; returns how many changed.

    Whatever the texts became, the index is aged: a date or a status may have moved instead.
    """
    queryset = Produit.objects.order_by()
    wanted = None if produits is None else set(produits)
    if wanted is not None:
        queryset = queryset.filter(pk__in=wanted)
    parts = _parts_of(wanted)
    changed = []
    for produit in queryset:
        own = (produit.nom, produit.dci, produit.laboratoire, produit.atc)
        text = search_text(*own, *parts.get(produit.pk, ()))
        if text != produit.texte_recherche:
            produit.texte_recherche = text
            changed.append(produit)
    Produit.objects.bulk_create(
        changed,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=["texte_recherche"],
    )
    touch()
    return len(changed)


def _parts_of(wanted: Collection[UUID] | None) -> dict[UUID, list[str]]:
    """By product, the words of its specialities, their codes, then its cadres."""
    specialites = Specialite.objects.order_by("libelle", "id")
    codes = CodeIndication.objects.order_by("code", "specialite")
    cadres = Cadre.objects.order_by("framework", "indication", "id")
    if wanted is not None:
        specialites = specialites.filter(produit__in=wanted)
        codes = codes.filter(specialite__produit__in=wanted)
        cadres = cadres.filter(produit__in=wanted)
    codes_of: dict[UUID, list[str]] = defaultdict(list)
    for specialite, code in codes.values_list("specialite_id", "code"):
        codes_of[specialite].append(code)
    parts: dict[UUID, list[str]] = defaultdict(list)
    columns = ("produit_id", "pk", "libelle", "ucd7", "ucd13", "dci")
    for produit, pk, libelle, ucd7, ucd13, dci in specialites.values_list(*columns):
        parts[produit] += [libelle, ucd7 or "", ucd13, dci, *codes_of.get(pk, ())]
    for produit, code, indication in cadres.values_list("produit_id", "code", "indication"):
        parts[produit] += [code, indication]
    return parts
