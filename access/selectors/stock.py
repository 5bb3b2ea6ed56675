"""The stock of a PUI by lot: received less dispensed less sent back, never a stored total."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Min, QuerySet, Sum

from access.models import Dispensation, Reception, SortieLot
from access.permissions import AccessPermission, has
from engine.clocks import today
from referentiel import parametres
from referentiel.folding import fold

ZERO = Decimal(0)
Key = tuple[UUID, str]


@dataclass(frozen=True)
class Lot:
    """What is known of a lot in one pharmacy."""

    specialite_id: UUID
    libelle: str
    ucd: str
    lot: str
    peremption: date
    alerte: date  # from this day on, the lot is shown as « bientôt périmé »
    recu: Decimal
    dispense: Decimal = ZERO
    sorti: Decimal = ZERO

    @property
    def reste(self) -> Decimal:
        return self.recu - self.dispense - self.sorti

    def expired(self, on: date) -> bool:
        return self.peremption < on

    def expires_soon(self, on: date) -> bool:
        """Still usable, not for long."""
        return self.alerte <= on <= self.peremption


def lots_of(pui_id: Any, *, specialite_id: Any = None, lot: str = "") -> list[Lot]:
    """The lots a PUI has received, first expiring first (four queries whatever their number)."""
    notice = timedelta(days=int(parametres.valeur("stock.peremption_proche_jours", today())))
    scope: dict[str, Any] = {"pui_id": pui_id}
    if specialite_id is not None:
        scope["specialite_id"] = specialite_id
    if lot:
        scope["lot"] = lot
    given = _sums(Dispensation.objects.filter(**scope))
    sent = _sums(SortieLot.objects.filter(**scope))
    rows = (
        Reception.objects.filter(**scope)
        .values("specialite_id", "specialite__libelle", "specialite__ucd7", "lot")
        .annotate(recu=Sum("quantite"), expire=Min("peremption"))
        .order_by("expire", "specialite__libelle", "lot")
    )
    return [
        Lot(
            specialite_id=row["specialite_id"],
            libelle=row["specialite__libelle"],
            ucd=row["specialite__ucd7"] or "",
            lot=row["lot"],
            peremption=row["expire"],
            alerte=row["expire"] - notice,
            recu=row["recu"],
            dispense=given.get((row["specialite_id"], row["lot"]), ZERO),
            sorti=sent.get((row["specialite_id"], row["lot"]), ZERO),
        )
        for row in rows
    ]


def _sums(rows: QuerySet[Any]) -> dict[Key, Decimal]:
    grouped = rows.order_by().values("specialite_id", "lot").annotate(total=Sum("quantite"))
    return {(row["specialite_id"], row["lot"]): row["total"] for row in grouped}


def lots_visible_to(user: Any) -> list[Lot]:
    """The lots of the person's own pharmacy, none for anyone else."""
    if not has(user, AccessPermission.PREPARE_ORDER) or user.affectation.pui_id is None:
        return []
    return lots_of(user.affectation.pui_id)


ONGLETS = {
    "disponibles": "En stock",
    "proches": "Bientôt périmés",
    "perimes": "Périmés",
    "epuises": "Épuisés",
}


def stand_of(lot: Lot, on: date) -> str:
    """The one tab a lot is counted in, « bientôt périmés » being also in stock."""
    if lot.reste <= 0:
        return "epuises"
    if lot.expired(on):
        return "perimes"
    return "proches" if lot.expires_soon(on) else "disponibles"


def in_tab(lots: Iterable[Lot], onglet: str, on: date) -> list[Lot]:
    """The lots of one tab."""
    wanted = {"disponibles", "proches"} if onglet == "disponibles" else {onglet}
    return [lot for lot in lots if stand_of(lot, on) in wanted]


def matching(lots: Iterable[Lot], words: str) -> list[Lot]:
    """Those whose number, product or code holds every word."""
    asked = fold(words).split()
    return [
        lot
        for lot in lots
        if all(word in fold(f"{lot.lot} {lot.libelle} {lot.ucd}") for word in asked)
    ]


def usable_lots(pui_id: Any, specialite_id: Any) -> list[Lot]:
    """What can still be given of a medicine, first expiring first."""
    return [lot for lot in lots_of(pui_id, specialite_id=specialite_id) if lot.reste > 0]


def movements_of(user: Any, specialite_id: Any, lot: str) -> dict[str, list[Any]]:
    """All that came and went of one lot in the person's pharmacy."""
    scope = {"specialite_id": specialite_id, "lot": lot}
    received = Reception.objects.visible_to(user).filter(**scope)
    given = Dispensation.objects.visible_to(user).filter(**scope)
    sent = SortieLot.objects.visible_to(user).filter(**scope)
    return {
        "receptions": list(received.select_related("commande", "recue_par")),
        "dispensations": list(given.select_related("titre__service", "par").order_by("-jour")),
        "sorties": list(sent.select_related("par")),
    }
