"""What a gestionnaire should look at again: old sheets, ended cadres, missing mentions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from referentiel.models import Cadre, Produit
from referentiel.models.cadres import open_on
from referentiel.parametres import valeur
from referentiel.selectors.medicines import MENTIONS_OBLIGATOIRES
from referentiel.states import STATUTS_OUVERTS


def limit(on: date) -> date:
    """The day before which a verification is too old (dated parameter)."""
    return on - timedelta(days=int(valeur("fiche.verification_max_jours", on)))


def _old(on: date) -> Q:
    return Q(verifie_le=None) | Q(verifie_le__lt=limit(on))


def _cadres(on: date) -> QuerySet[Any]:
    """Cadres in force nobody has verified for too long, the oldest first."""
    found = Cadre.objects.filter(open_on(on), _old(on))
    return found.select_related("produit").order_by("verifie_le", "produit__nom", "pk")


def _produits(on: date) -> QuerySet[Any]:
    """Products with a cadre in force nobody has verified for too long, the oldest first."""
    in_force = Cadre.objects.filter(open_on(on), produit=OuterRef("pk"))
    return Produit.objects.filter(_old(on)).filter(Exists(in_force)).order_by("verifie_le", "nom")


def _ended(on: date) -> QuerySet[Any]:
    """Cadres whose last day is over while their status still reads as open."""
    over = Q(fin__lt=on) | Q(absente_depuis__lte=on)
    found = Cadre.objects.filter(over, statut__in=STATUTS_OUVERTS)
    return found.select_related("produit").order_by("-fin", "produit__nom", "pk")


def _incomplete(on: date) -> QuerySet[Any]:
    """Products without a mention that every decision must carry (CSP, R. 5121-74-3)."""
    missing = Q()
    for name in MENTIONS_OBLIGATOIRES:
        missing |= Q(**{name: ""})
    return Produit.objects.filter(missing, specialites__isnull=False).distinct().order_by("nom")


# Key, label, what a row is (« cadre » or « produit »), how it is found.
VUES: tuple[tuple[str, str, str, Callable[[date], QuerySet[Any]]], ...] = (
    ("", "Fiches à vérifier", "produit", _produits),
    ("cadres", "Cadres à vérifier", "cadre", _cadres),
    ("termines", "Terminés, encore ouverts", "cadre", _ended),
    ("mentions", "Mentions manquantes", "produit", _incomplete),
)


def page(vue: str, on: date) -> tuple[list[dict[str, Any]], str, QuerySet[Any]]:
    """The tabs with their counts, what the rows are, and the rows of the tab that is open."""
    known = {key for key, *_ in VUES}
    opened = vue if vue in known else ""
    base = reverse("referentiel:a_verifier")
    tabs = [
        {
            "label": label,
            "url": f"{base}?vue={key}" if key else base,
            "count": find(on).count(),
            "active": key == opened,
        }
        for key, label, _, find in VUES
    ]
    _, _, kind, find = next(row for row in VUES if row[0] == opened)
    return tabs, kind, find(on)
