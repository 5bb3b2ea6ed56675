"""The second person: approve or refuse a role somebody else has given."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from engine import clocks, journal
from engine.errors import Conflict, Forbidden
from referentiel.errors import refused
from referentiel.models import Affectation, Pui, StatutAffectation
from referentiel.permissions import (
    PAR_ADMIN,
    PAR_GERANT,
    ReferentielPermission,
    approver_of,
    can,
)
from referentiel.selectors.people import gerant_overlapping
from referentiel.services.people import (
    announce,
    facts,
    locked,
    statut_once_approved,
    terminate,
)

P = ReferentielPermission
PERMISSION_OF = {PAR_ADMIN: P.APPROVE_GRANT, PAR_GERANT: P.APPROVE_PHARMACIEN}


@transaction.atomic
def approve(*, by: Any, affectation: Affectation) -> Affectation:
    """A second person approves: the role begins, or waits for the invited person's password."""
    held = _waiting(by, affectation)
    if held.gerant and held.pui is not None:
        _one_gerant(held, held.pui)
    held.statut = statut_once_approved(held.user)
    held.approuvee_par, held.approuvee_le = by, clocks.now()
    held.save()
    journal.record(
        held.user,
        "approuver_role",
        by=by,
        label="Rôle approuvé",
        from_state=StatutAffectation.A_APPROUVER,
        to_state=held.statut,
        **facts(held),
        invitee_par=str(held.invitee_par_id or ""),
    )
    announce(held, but=by)
    return held


@transaction.atomic
def reject(*, by: Any, affectation: Affectation, motif: str) -> Affectation:
    """A second person refuses the role, and says why."""
    held = _waiting(by, affectation)
    if not motif.strip():
        raise refused("Dites pourquoi ce rôle est refusé.", "motif")
    terminate(held, by=by, action="refuser_role", label="Rôle refusé", motif=motif)
    return held


def may_approve(user: Any, affectation: Affectation) -> bool:
    """Whether the person is the second one for this role."""
    permission = PERMISSION_OF.get(approver_of(affectation))
    strangers = user.pk not in (affectation.user_id, affectation.invitee_par_id)
    return permission is not None and strangers and can(permission)(user, affectation)


def _waiting(by: Any, affectation: Affectation) -> Affectation:
    held = locked(affectation)
    if by.pk in (held.user_id, held.invitee_par_id):
        raise Forbidden("Une autre personne que celle qui a invité approuve ce rôle.")
    if not may_approve(by, held):
        raise Forbidden("Ce rôle n'est pas approuvé par vous.")
    if held.statut != StatutAffectation.A_APPROUVER:
        raise Conflict("Ce rôle n'attend plus d'approbation.", state=held.statut)
    return held


def _one_gerant(affectation: Affectation, pui: Pui) -> None:
    """A PUI has one gérant at a time; the row of the PUI is held while we look."""
    Pui.objects.select_for_update().get(pk=pui.pk)
    other = gerant_overlapping(affectation)
    if other is not None:
        raise refused(
            f"{other.user.full_name} est gérant de cette pharmacie à ces dates : "
            "mettez fin à son rôle d'abord."
        )
