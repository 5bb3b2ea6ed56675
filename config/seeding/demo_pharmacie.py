"""After a grant, in the demonstration: orders, stays, prices and the month's bill."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from billing.services.preparation import prepare_month
from billing.services.prix import record_price
from billing.services.sejours import correct_stay
from config.seeding import acts
from config.seeding.acts import Monde
from config.seeding.story import Story, on
from engine.clocks import local, today
from referentiel.models import Cadre
from referentiel.roles import Role

_stays = count(1)


def stay_number() -> str:
    return f"26{next(_stays):07d}"


# --- Stories that stop on the way ---------------------------------------------------------


def ordered(m: Monde, aac: Any, ago: int) -> Story:
    """The order is sent, the supplier has given a date."""
    yield on(ago, 16)
    commande = acts.order(m, aac)
    yield on(max(ago - 1, 0), 11)
    acts.confirm(m, commande)


def partly_received(m: Monde, aac: Any, ago: int) -> Story:
    yield on(ago, 16)
    commande = acts.order(m, aac)
    yield on(ago - 2, 11)
    acts.receive(m, commande, quantite="40", lot="DEMO-P1", expire=60)


def dispensed(m: Monde, aac: Any, ago: int, *, contexte: str = "SEJOUR") -> Story:
    """Received and given once; for a stay, nobody has typed the administrations yet."""
    yield on(ago, 16)
    commande = acts.order(m, aac)
    yield on(ago - 3, 11)
    lot = f"DEMO-{aac.numero[-4:]}"
    acts.receive(m, commande, lot=lot)
    yield on(ago - 4, 10)
    acts.dispense(m, aac, lot, contexte=contexte, quantite="15")


def retroceded(m: Monde, aac: Any, ago: int) -> Story:
    yield from dispensed(m, aac, ago, contexte="RETROCESSION")


def stayed(m: Monde, aac: Any, ago: int, *, first: int, last: int, out: int | None) -> Story:
    """Given during a stay: `first` and `last` are the days of the administrations, `out` of the
    discharge (None: the patient is still there)."""
    yield on(ago, 16)
    commande = acts.order(m, aac)
    yield on(max(ago - 3, first + 1), 11)
    lot = f"DEMO-{aac.numero[-4:]}"
    acts.receive(m, commande, lot=lot)
    yield on(first, 10)
    given = acts.dispense(m, aac, lot)
    entree = local(on(first, 8)).date()
    number = stay_number()
    for day in range(first, last - 1, -1):
        yield on(day, 18)
        acts.administer(m, given, number, entree=entree, sortie=None, jour=today(), quantite="2.5")
    if out is not None:
        yield on(out, 15)
        sejour = given.administrations.first().sejour
        by = m.hopital[Role.FACTURATION]
        correct_stay(sejour=sejour, entree=entree, sortie=today(), by=by)


def staying(first: int, last: int, out: int | None) -> Callable[[Monde, Any, int], Story]:
    """What follows a grant: a stay on these days."""
    return lambda m, aac, ago: stayed(m, aac, ago, first=first, last=last, out=out)


# --- Billing ------------------------------------------------------------------------------


def priced(m: Monde, cadres: list[Cadre], prices: list[str], ago: int) -> Story:
    """Purchase prices with their source; the last medicine has none: its lines are blocked."""
    yield on(ago, 9)
    for cadre, price in zip(cadres, prices, strict=False):
        for specialite in cadre.produit.specialites.all():
            record_price(
                etablissement=m.hopital.site,
                specialite=specialite,
                prix_unitaire_ttc=Decimal(price),
                source="Facture fictive, marché de démonstration",
                debut=date(today().year, 1, 1),
                by=m.hopital[Role.FACTURATION],
            )


def prepared(m: Monde) -> Story:
    """The last two months are checked, so that their page has lines ready and lines blocked."""
    yield on(0, 23, 59)
    last = today().replace(day=1) - timedelta(days=1)
    for day in (last, today()):
        prepare_month(
            etablissement=m.hopital.site,
            annee=day.year,
            mois=day.month,
            by=m.hopital[Role.FACTURATION],
        )
