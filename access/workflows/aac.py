"""The authorisation itself: it begins and ends by the clock (CSP, R. 5121-74-3)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from access.permissions import AccessPermission, can, system_only
from access.rules import aac as rules
from access.rules import dispensation
from access.states import AacState as S
from engine.outbox import email
from engine.steps import step
from referentiel.roles import Role


class AacWorkflow:
    """The steps of an authorisation."""

    @step(
        source=S.A_VENIR,
        target=S.ACTIVE,
        label="Commencer",
        permission=system_only,
        blockers=[rules.begin_blockers],
        then=["access.refresh_expiry"],
    )
    def begin(self, *, by: Any, at: datetime) -> None:
        """The first day has come."""

    @step(
        source=S.ACTIVE,
        target=S.EXPIREE,
        label="Expirer",
        permission=system_only,
        blockers=[rules.expiry_blockers],
        then=["access.close_turn"],
        effects=[email("aac_expiree", to=(Role.PRESCRIPTEUR, Role.PHARMACIEN))],
    )
    def expire(self, *, by: Any, at: datetime) -> None:
        """The last day is over, 23:59 in Paris: dispensing is blocked."""

    @step(
        source=[S.A_VENIR, S.ACTIVE],
        target=None,
        label="Commander",
        permission=can(AccessPermission.PREPARE_ORDER),
        blockers=[dispensation.ordering_blockers],
        form="access.forms.pharmacie.CommandeForm",
        then=["access.open_order"],
    )
    def order(self, *, by: Any, at: datetime, **data: Any) -> None:
        """The PUI prepares an order on the strength of the authorisation."""

    @step(
        source=list(S),
        target=None,
        label="Dispenser",
        permission=can(AccessPermission.DISPENSE),
        blockers=[dispensation.dispensing_blockers],
        form="access.forms.dispensation.DispensationForm",
        then=["access.record_dispensation"],
    )
    def dispense(self, *, by: Any, at: datetime, **data: Any) -> None:
        """The PUI gives units to the patient; the right is judged on that day (R. 5121-74-3)."""

    @step(
        source=list(S),
        target=None,
        label="Annuler une dispensation",
        permission=can(AccessPermission.DISPENSE),
        blockers=[dispensation.cancelling_blockers],
        form="access.forms.dispensation.AnnulationForm",
        then=["access.cancel_dispensation", "billing.take_out_dispensation"],
        danger=True,
        consequence=(
            "Les unités reviennent au lot et à la quantité autorisée ; leurs administrations et "
            "leur ligne de facturation sont retirées. La dispensation reste lisible, annulée."
        ),
    )
    def cancel_dispensing(self, *, by: Any, at: datetime, **data: Any) -> None:
        """The PUI takes back a dispensing noted by mistake, with the reason."""
