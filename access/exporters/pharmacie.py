"""The lists of the pharmacy as CSV: what is shown, every cell harmless to a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from access.models import Commande
from access.selectors.commandes import for_whom
from access.selectors.stock import Lot
from referentiel.formats.csv_francais import csv_lines

ORDERS = [
    "Commande", "Pour", "Produit", "UCD", "Quantité", "Fournisseur", "État", "Livraison prévue",
]  # fmt: skip
LOTS = ["Lot", "Produit", "UCD", "Péremption", "Reçu", "Dispensé", "Sorti", "Reste"]


def orders_csv(orders: Iterable[Commande]) -> bytes:
    """The orders of a tab."""
    return _csv(
        ORDERS,
        (
            [
                order.numero,
                for_whom(order),
                order.specialite.libelle,
                order.specialite.ucd7 or "",
                _number(order.quantite),
                order.fournisseur,
                order.get_state_display(),
                f"{order.livraison_prevue:%d/%m/%Y}" if order.livraison_prevue else "",
            ]
            for order in orders
        ),
    )


def lots_csv(lots: Iterable[Lot]) -> bytes:
    """The lots of a tab."""
    return _csv(
        LOTS,
        (
            [
                lot.lot,
                lot.libelle,
                lot.ucd,
                f"{lot.peremption:%d/%m/%Y}",
                *(_number(n) for n in (lot.recu, lot.dispense, lot.sorti, lot.reste)),
            ]
            for lot in lots
        ),
    )


def _number(quantity: Any) -> str:
    """« 2,5 », as a French spreadsheet reads it."""
    return f"{quantity.normalize():f}".replace(".", ",")


def _csv(headings: list[str], lines: Iterable[list[str]]) -> bytes:
    return "".join(csv_lines(headings, lines)).encode()
