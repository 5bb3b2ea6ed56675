"""The feed of changes: what an entry says, which ones a page shows, and how old the feed is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max, QuerySet
from django.urls import reverse

from engine.clocks import end_of_day
from referentiel.folding import fold
from referentiel.models import Changement, Nouvelle, Produit, Publication
from referentiel.selectors.changes import changes
from referentiel.states import NaturePublication, StatutPublication

LIMIT = 100
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Entree:
    """One entry of a feed; its id never changes."""

    id: UUID
    titre: str
    texte: str
    chemin: str
    le: datetime


def entries(produit: Produit | None) -> list[Entree]:
    """The newest entries of a product, or of everything, parameters and news included."""
    found = [_of_change(row) for row in changes(produit)[:LIMIT]]
    if produit is None:
        found += _of_publications()
    return sorted(found, key=lambda entry: (entry.le, entry.id), reverse=True)[:LIMIT]


def _of_change(row: Changement) -> Entree:
    parts = [f"{row.avant or '–'} → {row.apres or '–'}"] if row.avant or row.apres else []
    parts.append(f"Origine : {row.origine}")
    path = reverse("referentiel:produit", args=[row.produit_id])
    named = row.titre.startswith(row.produit.nom)
    titre = row.titre if named else f"{row.produit.nom} : {row.titre}"
    return Entree(row.pk, titre, ". ".join(parts), path, row.le)


def _of_publications() -> Iterable[Entree]:
    """What two persons published that belongs to no product: parameters and news."""
    found = _without_product().order_by("-appliquee_le")[:LIMIT]
    news = Nouvelle.objects.in_bulk(
        [row.objet_id for row in found if row.nature == NaturePublication.NOUVELLE and row.objet_id]
    )
    for row in found:
        told = news.get(row.objet_id) if row.objet_id else None
        text = told.texte if told else f"{row.avant.get('valeur')} → {row.valeurs.get('valeur')}"
        if told is None:
            text += f", à partir du {row.effet_le:%d/%m/%Y}"
        at = row.appliquee_le or row.propose_le
        yield Entree(row.pk, row.titre, text, reverse("referentiel:changements"), at)


def _without_product() -> QuerySet[Publication]:
    return Publication.objects.filter(
        nature__in=(NaturePublication.PARAMETRE, NaturePublication.NOUVELLE),
        statut=StatutPublication.APPLIQUEE,
        appliquee_le__isnull=False,
    )


def freshness(produit: Produit | None) -> tuple[datetime | None, int]:
    """When the feed last changed and how many lines it counts: its fingerprint."""
    own = changes(produit).order_by().aggregate(last=Max("le"), n=Count("pk"))
    last, n = own["last"], own["n"]
    if produit is None:
        more = _without_product().aggregate(last=Max("appliquee_le"), n=Count("pk"))
        last = max((day for day in (last, more["last"]) if day), default=None)
        n += more["n"]
    return last, n


def found(
    *,
    produit: UUID | None = None,
    q: str = "",
    nature: str = "",
    depuis: date | None = None,
    jusqu: date | None = None,
) -> QuerySet[Changement]:
    """Lines of the public log by product, words, nature and days."""
    rows: QuerySet[Changement] = changes()
    if produit is not None:
        rows = rows.filter(produit=produit)
    for word in fold(q).split():
        rows = rows.filter(produit__texte_recherche__contains=word)
    if nature:
        rows = rows.filter(nature=nature)
    if depuis is not None:
        rows = rows.filter(le__gte=end_of_day(depuis - ONE_DAY))
    return rows.filter(le__lt=end_of_day(jusqu)) if jusqu is not None else rows
