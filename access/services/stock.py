"""Units leave a lot under its lock: to a patient, to the supplier, to destruction."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction

from access.models import Reception, SortieLot
from access.permissions import AccessPermission, has
from access.selectors.stock import Lot, lots_of
from engine import journal
from engine.clocks import now
from engine.errors import Blocked, Forbidden
from engine.steps import Blocker
from referentiel.formats.french import write_number


def locked_lot(pui_id: Any, specialite_id: Any, lot: str) -> Lot | None:
    """A lot of a PUI, nobody else taking from it until this transaction ends."""
    rows = Reception.objects.filter(pui_id=pui_id, specialite_id=specialite_id, lot=lot)
    list(rows.select_for_update().order_by("pk").values_list("pk"))
    return next(iter(lots_of(pui_id, specialite_id=specialite_id, lot=lot)), None)


@transaction.atomic
def send_away(
    *, by: Any, specialite_id: Any, lot: str, nature: str, quantite: Decimal, motif: str
) -> SortieLot:
    """Take units of a lot out of the stock of the person's own PUI, with the reason."""
    if not has(by, AccessPermission.ORDER) or by.affectation.pui_id is None:
        raise Forbidden("Seule la pharmacie qui détient ce lot peut le sortir de son stock.")
    known = locked_lot(by.affectation.pui_id, specialite_id, lot)
    if known is None:
        raise Blocked([Blocker("LOT_INCONNU", f"Le lot {lot} n'a pas été reçu ici.", "lot")])
    if quantite > known.reste:
        reste = write_number(known.reste)
        raise Blocked([Blocker("LOT_INSUFFISANT", f"Il n'en reste que {reste}.", "quantite")])
    sortie = SortieLot(
        pui=by.affectation.pui,
        specialite_id=specialite_id,
        lot=lot,
        nature=nature,
        quantite=quantite,
        motif=motif,
        par=by,
        le=now(),
    )
    sortie.full_clean()
    sortie.save(force_insert=True)
    journal.record(sortie, "create", by=by, label=sortie.get_nature_display(), locked=True)
    return sortie
