"""The gérant's delegation to a deputy: dated, revocable, both names kept (CSP, R. 5121-74)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from engine import clocks, journal
from engine.errors import Conflict, Forbidden
from referentiel.errors import refused
from referentiel.models import DelegationPui, Pui, User
from referentiel.permissions import ReferentielPermission, can
from referentiel.selectors.people import deputies_of

check = can(ReferentielPermission.DELEGATE_PUI)


@transaction.atomic
def delegate(*, by: Any, adjoint: User, debut: date, fin: date | None = None) -> DelegationPui:
    """The gérant lets a deputy of the same PUI transmit in their name between two days."""
    pui = getattr(by.affectation, "pui", None)
    if pui is None or not check(by, pui):
        raise Forbidden("Seul le pharmacien gérant délègue.")
    Pui.objects.select_for_update().get(pk=pui.pk)
    if not deputies_of(pui).filter(pk=adjoint.pk).exists():
        raise refused("Cette personne n'est pas pharmacien de votre PUI.", "adjoint")
    if debut < clocks.today():
        raise refused("Une délégation ne commence pas dans le passé.", "debut")
    if _overlapping(pui, adjoint, debut, fin):
        raise refused("Cette personne a déjà une délégation à ces dates.", "debut")
    delegation = DelegationPui(pui=pui, gerant=by, adjoint=adjoint, debut=debut, fin=fin)
    try:
        delegation.validate_constraints()
    except ValidationError as error:
        raise refused(" ".join(error.messages), "fin") from error
    delegation.save()
    journal.record(adjoint, "deleguer", by=by, label="Délégation", **facts(delegation))
    return delegation


@transaction.atomic
def revoke(*, by: Any, delegation: DelegationPui) -> DelegationPui:
    """The gérant takes the delegation back; the deputy's next transmission is refused."""
    held = DelegationPui.objects.select_for_update().get(pk=delegation.pk)
    if not check(by, held):
        raise Forbidden("Seul le pharmacien gérant révoque une délégation.")
    if held.revoquee_le or (held.fin and held.fin < clocks.today()):
        raise Conflict("Cette délégation est déjà finie.")
    write_revocation(held, by=by)
    return held


def revoke_all(*, user: User, pui: Pui, by: Any) -> None:
    """Who leaves a PUI neither gives nor holds a delegation there any more."""
    rows = DelegationPui.objects.filter(pui=pui, revoquee_le=None).exclude(fin__lt=clocks.today())
    for delegation in rows.filter(Q(adjoint=user) | Q(gerant=user)):
        write_revocation(delegation, by=by)


def write_revocation(delegation: DelegationPui, *, by: Any) -> None:
    """Write the end of a delegation and who ended it."""
    delegation.revoquee_le = clocks.now()
    delegation.fin = max(delegation.debut, clocks.today())
    delegation.save()
    journal.record(
        delegation.adjoint, "revoquer", by=by, label="Délégation révoquée", **facts(delegation)
    )


def facts(delegation: DelegationPui) -> dict[str, Any]:
    """What the journal keeps of a delegation."""
    return {
        "delegation": str(delegation.pk),
        "pui": str(delegation.pui_id),
        "organisation": str(delegation.pui.etablissement_id),
        "gerant": delegation.gerant.full_name,
        "adjoint": delegation.adjoint.full_name,
        "debut": delegation.debut.isoformat(),
        "fin": delegation.fin.isoformat() if delegation.fin else "",
    }


def _overlapping(pui: Pui, adjoint: User, debut: date, fin: date | None) -> bool:
    rows = DelegationPui.objects.filter(pui=pui, adjoint=adjoint, revoquee_le=None)
    rows = rows.exclude(fin__lt=debut)
    return (rows.filter(debut__lte=fin) if fin else rows).exists()
