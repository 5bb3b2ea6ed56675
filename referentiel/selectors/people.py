"""What is read of people: their affectations in force, the pharmacists of a PUI."""

from __future__ import annotations

from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import models

from engine.clocks import today
from referentiel.models import Affectation, DelegationPui, Pui, StatutAffectation, User
from referentiel.permissions import PAR_ADMIN, approver_of
from referentiel.roles import Role


def affectations_in_force(user: User) -> list[Affectation]:
    """What a person may act as today, their services included (two queries)."""
    found = Affectation.objects.in_force(today()).filter(user=user).for_display()
    return list(found.prefetch_related("services"))


def affectation_picked(held: list[Affectation], picked: Any = None) -> Affectation | None:
    """The picked one if it still holds; without a pick, the only one there is."""
    if picked:
        return next((each for each in held if str(each.pk) == str(picked)), None)
    return held[0] if len(held) == 1 else None


def pharmacists_of(pui: Pui, on: date) -> models.QuerySet[User]:
    """The pharmacists in place at a PUI on a day, the gérant first."""
    held = Affectation.objects.in_force(on).filter(role=Role.PHARMACIEN, pui=pui)
    return User.objects.filter(affectations__in=held).order_by("-affectations__gerant", "nom")


def may_transmit_for(user: User, pui_id: Any, on: date) -> bool:
    """True for the gérant of the PUI and for a deputy under recorded delegation on that day.

    A delegation holds as long as the one who gave it is the gérant.
    """
    affectation = user.affectation
    if affectation is None or affectation.pui_id != pui_id:
        return False
    if affectation.gerant:
        return True
    gerants = Affectation.objects.in_force(on).filter(
        role=Role.PHARMACIEN, pui_id=pui_id, gerant=True
    )
    given = DelegationPui.objects.in_force(on).filter(pui_id=pui_id, adjoint=user)
    return given.filter(gerant__in=gerants.values("user_id")).exists()


def approvers_of(affectation: Affectation) -> models.QuerySet[User]:
    """The people in place who may approve a role: the administrators, or the PUI's gérant."""
    held = Affectation.objects.in_force(today())
    if approver_of(affectation) == PAR_ADMIN:
        held = held.filter(role=Role.ADMIN)
    else:
        held = held.filter(role=Role.PHARMACIEN, gerant=True, pui=affectation.pui_id)
    return User.objects.filter(affectations__in=held).distinct()


def gerant_overlapping(affectation: Affectation) -> Affectation | None:
    """Another gérant of the same PUI during the days of a role."""
    others = Affectation.objects.filter(
        pui=affectation.pui_id,
        gerant=True,
        statut__in=[StatutAffectation.ACTIVE, StatutAffectation.INVITEE],
        user__is_active=True,
    ).exclude(pk=affectation.pk)
    others = others.exclude(fin__lt=affectation.debut)
    if affectation.fin:
        others = others.filter(debut__lte=affectation.fin)
    return others.for_display().first()


def deputies_of(pui: Pui) -> models.QuerySet[User]:
    """The pharmacists in place at a PUI who are not its gérant."""
    held = Affectation.objects.in_force(today())
    return User.objects.filter(
        affectations__in=held.filter(role=Role.PHARMACIEN, pui=pui, gerant=False)
    ).order_by("nom", "prenom")


def heads_of(etablissement_id: Any) -> models.QuerySet[User]:
    """Who may head a service: the prescribers in place in the establishment."""
    held = Affectation.objects.in_force(today())
    return User.objects.filter(
        affectations__in=held.filter(role=Role.PRESCRIPTEUR, organisation_id=etablissement_id)
    ).order_by("nom", "prenom")


def has_second_factor(user: User) -> bool:
    """Whether the person has activated an authenticator (recovery codes alone are none)."""
    codes = Authenticator.Type.RECOVERY_CODES
    return Authenticator.objects.filter(user=user).exclude(type=codes).exists()
