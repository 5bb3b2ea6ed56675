"""Accounts: the password a person chooses, the account the platform closes or opens again."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from engine import clocks, journal
from engine.actors import SystemActor
from engine.errors import Conflict
from referentiel import emails
from referentiel.errors import refused
from referentiel.invitations import invited_by
from referentiel.models import Affectation, Organisation, TypeOrganisation, User
from referentiel.models import StatutAffectation as S
from referentiel.permissions import ReferentielPermission
from referentiel.roles import Role
from referentiel.services.people import facts, require

P = ReferentielPermission
OPERATOR = SystemActor("Exploitant de Placet")
FIRST_ADMINS = 2  # one gives a role, the other approves it


@transaction.atomic
def accept_invitation(*, user: User) -> None:
    """The person has chosen a password: the roles that waited only for it begin."""
    held = Affectation.objects.select_for_update().filter(user=user, statut=S.INVITEE)
    for affectation in held:
        affectation.statut = S.ACTIVE
        affectation.save()
        journal.record(
            user,
            "accepter_invitation",
            by=user,
            from_state=S.INVITEE,
            to_state=S.ACTIVE,
            **facts(affectation),
        )


@transaction.atomic
def redeem_invitation(*, token: str, password: str) -> User | None:
    """Choose the first password from an invitation's link; None when it has just been used."""
    user = invited_by(token)
    if user is None:
        return None
    held = User.objects.select_for_update().get(pk=user.pk)
    if invited_by(token) is None:
        return None
    choose_password(user=held, password=password)
    return held


@transaction.atomic
def choose_password(*, user: User, password: str) -> None:
    """Set the first or a new password; a waiting invitation is accepted by it."""
    user.set_password(password)
    user.save(update_fields=["password"])
    accept_invitation(user=user)


@transaction.atomic
def set_account_open(*, by: Any, user: User, is_open: bool) -> User:
    """Close an account (its next request is refused) or open it again."""
    require(P.CLOSE_ACCOUNT, by, by.affectation)
    if user.pk == by.pk:
        raise refused("On ne ferme pas son propre compte.")
    held = User.objects.select_for_update().get(pk=user.pk)
    if held.is_active == is_open:
        raise Conflict("Ce compte est déjà dans cet état.")
    held.is_active = is_open
    held.save(update_fields=["is_active"])
    action, label = ("rouvrir_compte", "Compte rouvert") if is_open else ("fermer_compte", "Fermé")
    journal.record(held, action, by=by, label=label)
    return held


@transaction.atomic
def open_first_admin(*, email: str, nom: str, prenom: str = "") -> User:
    """Invite one of the first two administrators, from the operator's shell, then never again."""
    platform = Organisation.objects.select_for_update().filter(type=TypeOrganisation.PLATEFORME)
    organisation = platform.first() or Organisation.objects.create(
        type=TypeOrganisation.PLATEFORME, nom="Plateforme Placet"
    )
    running = Affectation.objects.filter(role=Role.ADMIN).exclude(statut=S.TERMINEE)
    if running.count() >= FIRST_ADMINS:
        raise Conflict("Deux administrateurs existent : les suivants s'invitent dans Placet.")
    if User.objects.filter(email__iexact=email).exists():
        raise Conflict("Cette adresse a déjà un compte.")
    user = User.objects.create_user(email, nom=nom, prenom=prenom)
    held = Affectation.objects.create(
        user=user,
        role=Role.ADMIN,
        organisation=organisation,
        debut=clocks.today(),
        statut=S.INVITEE,
        invitee_le=clocks.now(),
    )
    journal.record(user, "inviter", by=OPERATOR, to_state=held.statut, **facts(held))
    emails.write(user, emails.INVITATION, key=str(held.pk))
    return user
