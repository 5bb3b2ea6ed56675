"""When an order may leave the pharmacy, and what a delivery must say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from access.states import SANS_ACCORD, AacState, DemandeAacState, Kind
from engine.steps import Blocker
from referentiel.formats.french import write_within

# A year typed wrong is the usual mistake.
LIVRAISON_PLAUSIBLE = timedelta(days=2 * 366)


@dataclass(frozen=True)
class FaitsCommande:
    """What the rules of an order know."""

    pour_stock: bool
    stock_permis: bool
    titre_kind: str = ""
    titre_state: str = ""
    fournisseur: str = ""


def sending_blockers(f: FaitsCommande) -> list[Blocker]:
    """An order leaves with its supplier named, once the right it rests on exists."""
    found = _right_blockers(f)
    if not f.fournisseur.strip():
        found.append(
            Blocker("SANS_FOURNISSEUR", "Le fournisseur n'est pas encore nommé.", "fournisseur")
        )
    return found


def _right_blockers(f: FaitsCommande) -> list[Blocker]:
    """For a patient, the authorisation is granted and not ended; for stock, it is permitted."""
    if f.pour_stock:
        return [] if f.stock_permis else [stock_blocker()]
    if f.titre_kind != Kind.AAC:
        return [_not_granted(f.titre_state)]
    if f.titre_state not in (AacState.ACTIVE, AacState.A_VENIR):
        label = write_within(AacState(f.titre_state).label)
        return [Blocker("AUTORISATION_TERMINEE", f"L'autorisation est {label}.", "titre")]
    return []


def stock_blocker() -> Blocker:
    """Stock ahead of a patient needs both the product and the pharmacy to permit it."""
    return Blocker(
        "STOCK_NON_PERMIS",
        "La commande pour stock n'est pas permise pour ce produit dans cette pharmacie.",
    )


def _not_granted(state: str) -> Blocker:
    if state in SANS_ACCORD:
        label = write_within(DemandeAacState(state).label)
        return Blocker(
            "DEMANDE_TERMINEE", f"La demande est {label} : annulez la commande.", "titre"
        )
    return Blocker(
        "SANS_AUTORISATION",
        "L'autorisation n'est pas encore accordée : la commande partira ensuite.",
        "titre",
    )


def peremption_error(peremption: date, on: date) -> str:
    """An expired lot is not received."""
    if peremption < on:
        return f"Ce lot est périmé depuis le {peremption:%d/%m/%Y} : il ne peut pas être reçu."
    return ""


def livraison_error(day: date, on: date) -> str:
    """A delivery is expected today or later, not in ten years."""
    if day < on:
        return "La livraison prévue est un jour à venir."
    if day - on > LIVRAISON_PLAUSIBLE:
        return "Relisez l'année : cette livraison est trop lointaine."
    return ""


def surplus(expected: Decimal, received: Decimal, quantity: Decimal) -> Decimal:
    """Units beyond what was ordered; a surplus is received with a comment."""
    return max(Decimal(0), received + quantity - expected)
