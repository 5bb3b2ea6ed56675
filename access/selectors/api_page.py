"""What the API reads of one dossier for one person: the same parts as its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models

from access.models import (
    Aac,
    Commande,
    DemandeAac,
    Dispensation,
    Document,
    Dossier,
    Patient,
    Reception,
)
from access.selectors import annexes, sections
from access.selectors.dossier_page import decisions_of, linked_pair
from access.selectors.wording import is_hospital
from access.selectors.work_lists import ALL, dossiers_of, onglet_named
from engine.steps import Offer, available_steps
from referentiel.models import Cadre, Produit


@dataclass
class ApiPage:
    """The parts of a dossier; `patient` is there for the hospital only."""

    hospital: bool
    demande: DemandeAac
    aac: Aac | None
    patient: Patient | None
    criteria: list[dict[str, Any]]
    complements: list[Any]
    decisions: list[Any]
    offers: list[Offer]


def with_page(dossier: Dossier, user: Any) -> Any:
    """The dossier as its kind, its page for this person on it."""
    found: Any = dossier.as_kind()
    demande, aac = linked_pair(found)
    hospital = is_hospital(user)
    found.page = ApiPage(
        hospital=hospital,
        demande=demande,
        aac=aac,
        patient=found.patient if hospital else None,
        criteria=sections.criteria(demande)["lines"],
        complements=annexes.complements(demande),
        decisions=decisions_of(demande),
        offers=available_steps(found, user),
    )
    return found


def dossiers_listed(user: Any, onglet: str, words: str, kind: str, state: str) -> Any:
    """The dossiers of a tab (all of them by default), narrowed by kind and state."""
    tab = onglet_named(user, onglet, searching=True) or ALL
    found = dossiers_of(user, tab, words)
    if kind:
        found = found.filter(kind=kind)
    return found.filter(state=state) if state else found


def documents_for(dossier: Dossier) -> models.QuerySet[Document]:
    """The PDFs of a request and of its authorisation."""
    demande, aac = linked_pair(dossier.as_kind())
    return Document.objects.filter(dossier__in=[d.pk for d in (demande, aac) if d is not None])


def pieces_for(dossier: Dossier) -> Any:
    """The files joined to a request, whichever of it or its authorisation is read."""
    demande, _ = linked_pair(dossier.as_kind())
    return demande.pieces.all()


def produit_named(pk: Any) -> Produit | None:
    """The product of an id, None for none."""
    return Produit.objects.filter(pk=pk).first() if pk else None


def cadre_named(pk: Any) -> Cadre | None:
    """The cadre of an id, None for none."""
    return Cadre.objects.select_related("produit").filter(pk=pk).first() if pk else None


def orders_listed(user: Any) -> Any:
    """The orders of the person's pharmacy, newest first."""
    found: Any = Commande.objects.visible_to(user)
    return found.select_related("specialite", "titre", "pui").order_by("-creee_le", "id")


def receptions_listed(user: Any) -> Any:
    """The lots the person's pharmacy received, newest first."""
    found: Any = Reception.objects.visible_to(user)
    return found.select_related("commande", "specialite").order_by("-recue_le", "id")


def dispensings_listed(user: Any) -> Any:
    """The units the person's pharmacy gave, newest first."""
    found: Any = Dispensation.objects.visible_to(user)
    return found.select_related("titre", "specialite").order_by("-jour", "-le", "id")
