"""The pharmacy part of a dossier's page: orders, receptions, dispensings (hospital only)."""

from __future__ import annotations

from typing import Any

from access.links import link
from access.models import Commande, Dispensation
from access.permissions import AccessPermission, own_pui
from referentiel.dates import jour_court
from referentiel.formats.french import write_number

ORDERS = ["Commande", {"label": "Quantité (UCD)", "num": True}, "Fournisseur", "État", "Livraison"]
RECEPTIONS = ["Lot", {"label": "Quantité (UCD)", "num": True}, "Péremption", "Reçu le"]
DISPENSINGS = ["Jour", {"label": "Quantité (UCD)", "num": True}, "Lot", "Contexte", "Ordonnance"]
TAGS = {
    "PREPAREE": "brouillon", "ENVOYEE": "autre", "CONFIRMEE": "autre", "PARTIELLE": "autre",
    "RECUE": "accorde", "REFUSEE": "termine", "EN_RUPTURE": "alerte", "ANNULEE": "termine",
}  # fmt: skip


def orders_of(dossiers: list[Any]) -> list[Commande]:
    """The orders made for a request or its authorisation, receptions included."""
    keys = [d.pk for d in dossiers]
    found = Commande.objects.filter(titre_id__in=keys).order_by("creee_le")
    return list(found.select_related("titre").prefetch_related("receptions"))


def dispensings_of(dossiers: list[Any]) -> list[Dispensation]:
    """The units given on the strength of a request or its authorisation."""
    keys = [d.pk for d in dossiers]
    return list(Dispensation.objects.filter(titre_id__in=keys).order_by("jour", "le"))


def cancelled_on(aac: Any) -> list[Dispensation]:
    """The dispensings noted by mistake, which count for nothing."""
    return list(Dispensation.toutes.filter(titre=aac, annulee_le__isnull=False))


def pharmacy_part(
    orders: list[Commande], dispensings: list[Dispensation], aac: Any, user: Any
) -> dict[str, Any]:
    """The three tables, and what is left of the authorised quantity."""
    given = sum((d.quantite for d in dispensings), start=0)
    cancelled = cancelled_on(aac) if aac is not None else []
    total = aac.quantite_max if aac is not None else None
    return {
        "order_columns": ORDERS,
        "orders": [{"cells": _order(order, user)} for order in orders],
        "reception_columns": RECEPTIONS,
        "receptions": [
            {"cells": _reception(r)} for order in orders for r in order.receptions.all()
        ],
        "dispensing_columns": DISPENSINGS,
        "dispensings": [{"cells": _dispensing(d)} for d in [*dispensings, *cancelled]],
        "given": given,
        "total": total,
        "left": total - given if total is not None else None,
    }


def _number(value: Any) -> dict[str, Any]:
    return {"text": write_number(value), "num": True}


def _order(order: Commande, user: Any) -> list[dict[str, Any]]:
    opens = own_pui(AccessPermission.PREPARE_ORDER)(user, order)
    url = link("access:commande", order.pk) if opens else ""
    due = jour_court(order.livraison_prevue) if order.livraison_prevue else "–"
    return [
        {"text": order.numero, "url": url},
        _number(order.quantite),
        {"text": order.fournisseur},
        {"tag_kind": TAGS.get(order.state, "autre"), "tag_label": order.get_state_display()},
        {"text": due},
    ]


def _reception(reception: Any) -> list[dict[str, Any]]:
    return [
        {"text": reception.lot},
        _number(reception.quantite),
        {"text": jour_court(reception.peremption)},
        {"text": jour_court(reception.recue_le)},
    ]


def _dispensing(dispensing: Dispensation) -> list[dict[str, Any]]:
    ordonnance = dispensing.ordonnance_prescripteur
    context = {"text": dispensing.get_contexte_display()}
    if dispensing.annulee_le:
        day = jour_court(dispensing.annulee_le)
        context = {"text": f"Annulée le {day}", "sub": dispensing.annulation_motif}
    return [
        {"text": jour_court(dispensing.jour)},
        _number(dispensing.quantite),
        {"text": dispensing.lot},
        context,
        {"text": ordonnance, "sub": jour_court(dispensing.ordonnance_date)},
    ]
