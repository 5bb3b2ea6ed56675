"""The queue of publications, by what they wait for."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse

from referentiel.models import Produit, Publication
from referentiel.permissions import ReferentielPermission, is_granted
from referentiel.states import NaturePublication
from referentiel.states import StatutPublication as S

VUES: tuple[tuple[str, str, tuple[S, ...]], ...] = (
    ("", "À publier", (S.PROPOSEE,)),
    ("a-venir", "Prendront effet", (S.VALIDEE,)),
    ("publiees", "Publiées", (S.APPLIQUEE,)),
    ("ecartees", "Refusées, annulées", (S.REFUSEE, S.ANNULEE)),
)
TAGS = {S.PROPOSEE: "moi", S.VALIDEE: "autre", S.APPLIQUEE: "accorde"}


def tag_of(publication: Publication, on: date) -> tuple[str, str]:
    """The state of a proposal, as a kind of tag and its words."""
    statut = S(publication.statut)
    if statut == S.PROPOSEE and publication.effet_le < on:
        return "alerte", "À relire, date d'effet passée"
    return TAGS.get(statut, "termine"), str(statut.label)


def queue(vue: str) -> tuple[list[dict[str, Any]], QuerySet[Publication]]:
    """The tabs with their counts, and the publications of the one that is open (two queries)."""
    known = {key for key, _, _ in VUES}
    opened = vue if vue in known else ""
    rows = Publication.objects.order_by().values_list("statut").annotate(n=Count("pk"))
    counts: dict[str, int] = dict(rows)
    base = reverse("referentiel:publications")
    tabs = [
        {
            "label": label,
            "url": f"{base}?vue={key}" if key else base,
            "count": sum(counts.get(statut, 0) for statut in statuts),
            "active": key == opened,
        }
        for key, label, statuts in VUES
    ]
    statuts = next(statuts for key, _, statuts in VUES if key == opened)
    order = "effet_le" if opened in ("", "a-venir") else "-propose_le"
    return tabs, Publication.objects.filter(statut__in=statuts).order_by(order, "-propose_le")


def to_publish(user: Any) -> int:
    """How many proposals of somebody else wait for this person."""
    waiting = Publication.objects.filter(statut=S.PROPOSEE).exclude(propose_par_id=user.pk)
    if not is_granted(user, ReferentielPermission.EDIT_PARAMETRES):
        waiting = waiting.exclude(nature=NaturePublication.PARAMETRE)
    return waiting.count()


def pending_of(produit: Produit) -> QuerySet[Publication]:
    """What is proposed or will take effect on a product."""
    return Publication.objects.filter(produit=produit, statut__in=(S.PROPOSEE, S.VALIDEE))
