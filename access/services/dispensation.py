"""A dispensing is written with its proof (lot, ordonnance, indication code), or taken back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from access.models import Aac, Dispensation, Dossier
from access.rules.dispensation import lot_error
from access.services.stock import locked_lot
from engine.errors import Blocked, Conflict
from engine.steps import Blocker, after_step


@after_step("access.record_dispensation")
def record_dispensation(
    dossier: Aac,
    *,
    by: Any,
    at: datetime,
    jour: date,
    lot: str,
    quantite: Decimal,
    **fields: Any,
) -> Dispensation:
    """Units go from a lot to the patient; of two people taking the last ones, one is told."""
    known = locked_lot(dossier.pui_id, dossier.specialite_id, lot)
    if known is None:
        raise Blocked([Blocker("LOT_INCONNU", f"Le lot {lot} n'a pas été reçu ici.", "lot")])
    error = lot_error(lot, known.peremption, known.reste, quantite, jour)
    if error:
        raise Blocked([Blocker("LOT_INSUFFISANT", error, "lot")])
    dispensation = Dispensation(
        titre=dossier,
        patient=dossier.patient,
        etablissement_id=dossier.organisation_id,
        pui=dossier.pui,
        specialite=dossier.specialite,
        code_indication=dossier.code_indication,
        lot=lot,
        peremption=known.peremption,
        quantite=quantite,
        jour=jour,
        par=by,
        le=at,
        **fields,
    )
    # The code is what the request was granted for; a product without one yet is only unbillable.
    dispensation.full_clean(exclude={"code_indication"} if not dossier.code_indication_id else None)
    dispensation.save(force_insert=True)
    Dossier.objects.filter(pk=dossier.pk).update(tour="", tour_nom="", tour_depuis=at)
    return dispensation


@after_step("access.cancel_dispensation")
def cancel_dispensation(
    dossier: Aac, *, by: Any, at: datetime, dispensation: Dispensation, motif: str, **_: Any
) -> None:
    """Take back a dispensing, under its lock: nobody records its units meanwhile."""
    held = Dispensation.objects.select_for_update().filter(pk=dispensation.pk).first()
    if held is None:
        raise Conflict("Cette dispensation vient d'être annulée.", state=dossier.state)
    held.annulee_le, held.annulee_par, held.annulation_motif = at, by, motif
    held.save(update_fields=["annulee_le", "annulee_par", "annulation_motif"])
