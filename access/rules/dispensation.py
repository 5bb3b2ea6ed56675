"""What a dispensing rests on: the right on its day, the quantity, the lot, the ordonnance."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from access.rules.aac import FaitsAac, cover_blockers, last_covered
from engine.steps import Blocker, blocked_if
from referentiel.formats.french import write_number

FIRST_YEAR = 2000


def dispensing_blockers(f: FaitsAac) -> list[Blocker]:
    """No day up to today can be dispensed: not begun, or stopped from its first day.

    A suspended or ended authorisation still takes the late entry of a day it covered: the day
    typed is judged by `cover_blockers`.
    """
    if last_covered(f.droit, f.jour) is not None:
        return []
    return cover_blockers(f.droit, f.jour)


def cancelling_blockers(f: FaitsAac) -> list[Blocker]:
    """Nothing to cancel before something is dispensed."""
    sentence = "Aucune dispensation n'est à annuler."
    return blocked_if(f.quantite_dispensee == 0, "SANS_DISPENSATION", sentence)


def ordering_blockers(f: FaitsAac) -> list[Blocker]:
    """Nothing is ordered for an authorisation whose last day is over."""
    fin = f.droit.fin
    sentence = f"L'autorisation a pris fin le {fin:%d/%m/%Y}."
    return blocked_if(f.jour > fin, "AAC_EXPIREE", sentence, "titre")


def excess(maximum: Decimal | None, dispensed: Decimal, quantity: Decimal) -> Decimal:
    """Units beyond what the decision authorises; they ask for a comment."""
    if maximum is None:
        return Decimal(0)
    return max(Decimal(0), dispensed + quantity - maximum)


def day_error(day: date, on: date) -> str:
    """A dispensing is noted once done."""
    return "Une dispensation se note le jour même ou après." if day > on else ""


def ordonnance_error(ordonnance: date, day: date) -> str:
    """The ordonnance comes before the dispensing."""
    if ordonnance > day:
        return "L'ordonnance est datée après la dispensation."
    if ordonnance.year < FIRST_YEAR:
        return "Relisez l'année de l'ordonnance."
    return ""


def lot_error(lot: str, peremption: date, left: Decimal, quantity: Decimal, day: date) -> str:
    """A lot gives what is left of it, and never after its expiry."""
    if peremption < day:
        return f"Le lot {lot} est périmé depuis le {peremption:%d/%m/%Y}."
    if quantity > left:
        if left <= 0:
            return f"Il ne reste rien du lot {lot} : choisissez-en un autre."
        reste = write_number(left)
        return f"Il ne reste que {reste} du lot {lot} : prenez moins, ou un autre lot."
    return ""
