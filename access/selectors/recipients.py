"""Who is written to about a dossier: people and shared boxes by id, read again at sending."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from access.models import Dossier
from engine.clocks import today
from referentiel.models import Affectation, Pui, User
from referentiel.roles import HOSPITAL_ROLES, Role
from referentiel.selectors.people import affectations_in_force, pharmacists_of

CHEF = "CHEF_DE_SERVICE"  # not a role: the person who heads the dossier's service


@dataclass(frozen=True)
class Recipient:
    """One address: a person's, or the shared box of a PUI."""

    address: str
    label: str
    user: User | None = None
    pui: Pui | None = None


def recipients(dossier: Any, roles: Iterable[str]) -> list[str]:
    """`user:<id>` and `pui:<id>` for each holder of the roles on the dossier, each once."""
    found: list[str] = []
    for role in roles:
        found += _finders[role](dossier)
    return list(dict.fromkeys(found))


def _prescripteurs(dossier: Any) -> list[str]:
    """The prescriber, and who wrote the request if they still work there."""
    ids = [dossier.prescripteur_id] if dossier.prescripteur_id else []
    writer = dossier.created_by_id
    if writer and writer not in ids and _works_at(writer, dossier.organisation_id):
        ids.append(writer)
    return [f"user:{pk}" for pk in ids]


def _works_at(user_id: UUID, organisation_id: UUID) -> bool:
    held = Affectation.objects.in_force(today())
    return held.filter(
        user_id=user_id, organisation_id=organisation_id, role__in=HOSPITAL_ROLES
    ).exists()


def _pharmacie(dossier: Any) -> list[str]:
    """The PUI's shared box and its gérant; without either, its pharmacists."""
    pui = dossier.pui
    if pui is None:
        return []
    box = [f"pui:{pui.pk}"] if pui.email else []
    held = Affectation.objects.in_force(today()).filter(role=Role.PHARMACIEN, pui=pui)
    gerants = [f"user:{pk}" for pk in held.filter(gerant=True).values_list("user_id", flat=True)]
    return box + gerants or [f"user:{u.pk}" for u in pharmacists_of(pui, today())]


def _evaluateur(dossier: Any) -> list[str]:
    detail = getattr(dossier, "detail_aac", None)
    return [f"user:{detail.evaluateur_id}"] if detail and detail.evaluateur_id else []


def _decideurs(dossier: Any) -> list[str]:
    """Every decider of the agency: no request is one person's until it is signed."""
    held = Affectation.objects.in_force(today()).filter(role=Role.DECIDEUR_ANSM)
    return [f"user:{pk}" for pk in held.order_by("user_id").values_list("user_id", flat=True)]


def _chef(dossier: Any) -> list[str]:
    service = dossier.service
    return [f"user:{service.chef_id}"] if service and service.chef_id else []


_finders = {
    Role.PRESCRIPTEUR: _prescripteurs,
    Role.PHARMACIEN: _pharmacie,
    Role.EVALUATEUR_ANSM: _evaluateur,
    Role.DECIDEUR_ANSM: _decideurs,
    CHEF: _chef,
}


def recipient_of(name: str) -> Recipient | None:
    """The address behind `user:<id>` or `pui:<id>`, None when it no longer receives."""
    kind, _, pk = name.partition(":")
    if kind == "pui":
        pui = Pui.objects.filter(pk=pk, active=True).exclude(email="").first()
        return Recipient(pui.email, pui.nom, pui=pui) if pui else None
    user = User.objects.filter(pk=pk, is_active=True).first()
    return Recipient(user.email, user.full_name, user=user) if user else None


def may_still_receive(recipient: Recipient, dossier: Dossier) -> bool:
    """True while the dossier is theirs to read, under one of the affectations in force."""
    if recipient.pui is not None:
        return dossier.pui_id == recipient.pui.pk and dossier.sent_at is not None
    user = recipient.user
    if user is None:
        return False
    before = user.affectation
    try:
        for affectation in affectations_in_force(user):
            acting = user.acting(affectation)
            if Dossier.objects.visible_to(acting).filter(pk=dossier.pk).exists():
                return True
    finally:
        user.affectation = before
    return False


def works_for(user: User, pui: Pui) -> bool:
    """True while the person is a pharmacist of the PUI."""
    held = Affectation.objects.in_force(today())
    return held.filter(user=user, role=Role.PHARMACIEN, pui=pui).exists()
