"""Roles of people: invite, date, end. Who approves is in `approvals`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from engine import clocks, journal
from engine.errors import Conflict, Forbidden
from referentiel import emails
from referentiel.errors import refused
from referentiel.models import (
    Affectation,
    Organisation,
    Pui,
    Service,
    StatutAffectation,
    User,
)
from referentiel.permissions import (
    PAR_ADMIN,
    ReferentielPermission,
    approver_of,
    can,
    grantable_roles,
)
from referentiel.roles import Role
from referentiel.selectors.people import approvers_of
from referentiel.services.delegations import revoke_all

P = ReferentielPermission
S = StatutAffectation
IDENTITY = ("nom", "prenom", "titre", "qualite", "rpps")


def require(permission: ReferentielPermission, user: Any, subject: Any) -> None:
    """403 unless the person holds the permission on the object."""
    if not can(permission)(user, subject):
        raise Forbidden("Votre rôle ne permet pas cet acte ici.")


@transaction.atomic
def invite(
    *,
    by: Any,
    organisation: Organisation,
    email: str,
    role: str,
    debut: date,
    fin: date | None = None,
    identity: Mapping[str, str],
    pui: Pui | None = None,
    services: Iterable[Service] = (),
    gerant: bool = False,
) -> Affectation:
    """Open an account if there is none and give it a dated role, approved by another if need be.

    A prescriber works at once; a pharmacist waits for the PUI's gérant, a sensitive role or a
    gérant for an administrator (separation of duties).
    """
    require(P.INVITE_PERSON, by, organisation)
    if role not in grantable_roles(by, organisation):
        raise Forbidden("Ce rôle ne se donne pas ici.")
    services = list(services)
    _check_places(organisation, role, pui, services, gerant)
    user = _account(email, identity)
    if user.pk == by.pk:
        raise refused("On ne se donne pas un rôle à soi-même.", "email")
    affectation = Affectation(
        user=user,
        role=role,
        organisation=organisation,
        pui=pui,
        gerant=gerant,
        debut=debut,
        fin=fin,
        statut=_first_statut(user, role, gerant),
        invitee_par=by,
        invitee_le=clocks.now(),
    )
    _close_lapsed(affectation)
    _save(affectation)
    affectation.services.set(services)
    journal.record(
        user,
        "inviter",
        by=by,
        label="Invitation",
        to_state=affectation.statut,
        **facts(affectation),
    )
    announce(affectation, but=by)
    return affectation


@transaction.atomic
def resend_invitation(*, by: Any, affectation: Affectation) -> None:
    """Send the invitation again, with a new link; the journal says so."""
    require(P.INVITE_PERSON, by, affectation)
    if affectation.statut != S.INVITEE:
        raise Conflict("Cette invitation n'attend plus de réponse.", state=affectation.statut)
    entry = journal.record(affectation.user, "relancer_invitation", by=by, **facts(affectation))
    emails.write(affectation.user, emails.INVITATION, key=str(entry.pk))


@transaction.atomic
def change_affectation(
    *,
    by: Any,
    affectation: Affectation,
    debut: date,
    fin: date | None,
    services: Iterable[Service] = (),
) -> Affectation:
    """Change the days and the services of a role; a sensitive one is never prolonged alone."""
    held = locked(affectation)
    require(P.CHANGE_AFFECTATION, by, held)
    _not_oneself(by, held)
    if held.statut == S.TERMINEE:
        raise Conflict("Ce rôle est déjà terminé.", state=held.statut)
    services = list(services)
    _check_places(held.organisation, held.role, held.pui, services, held.gerant)
    if _prolongs(held, debut, fin) and approver_of(held) == PAR_ADMIN:
        raise refused(
            "Prolonger ce rôle demande une seconde personne : invitez de nouveau la personne "
            "quand il sera terminé.",
            "fin",
        )
    wanted = {"debut": debut, "fin": fin}
    changed = [name for name, value in wanted.items() if getattr(held, name) != value]
    if {s.pk for s in services} != set(held.services.values_list("pk", flat=True)):
        changed.append("services")
    if not changed:
        return held
    held.debut, held.fin = debut, fin
    _save(held)
    held.services.set(services)
    journal.record(
        held.user, "modifier_role", by=by, label="Dates ou services", **facts(held), champs=changed
    )
    return held


@transaction.atomic
def end_affectation(*, by: Any, affectation: Affectation, motif: str = "") -> Affectation:
    """End a role now, with the delegations it carried: the person's next request lacks it."""
    held = locked(affectation)
    require(P.CHANGE_AFFECTATION, by, held)
    _not_oneself(by, held)
    if held.statut == S.TERMINEE:
        raise Conflict("Ce rôle est déjà terminé.", state=held.statut)
    terminate(held, by=by, action="terminer_role", label="Fin de rôle", motif=motif)
    if held.pui is not None:
        revoke_all(user=held.user, pui=held.pui, by=by)
    return held


def terminate(held: Affectation, *, by: Any, action: str, label: str, motif: str) -> None:
    """Write the end of a role and who ended it."""
    before, held.statut = held.statut, S.TERMINEE
    held.fin = max(held.debut, min(held.fin or clocks.today(), clocks.today()))
    _save(held)
    journal.record(
        held.user,
        action,
        by=by,
        label=label,
        from_state=before,
        to_state=held.statut,
        **facts(held),
        motif=motif,
    )


def announce(affectation: Affectation, *, but: Any) -> None:
    """Tell by mail who must act next: the approvers, else the person."""
    if affectation.statut == S.A_APPROUVER:
        for person in approvers_of(affectation):
            if person.pk not in (but.pk, affectation.user_id):
                key = f"{affectation.pk}:{person.pk}"
                emails.write(person, emails.A_APPROUVER, key=key, affectation=affectation)
        return
    name = emails.INVITATION if affectation.statut == S.INVITEE else emails.ROLE
    emails.write(affectation.user, name, key=str(affectation.pk))


def statut_once_approved(user: User) -> StatutAffectation:
    """A role begins when its person has a password; until then the invitation waits."""
    return S.ACTIVE if user.has_usable_password() else S.INVITEE


def locked(affectation: Affectation) -> Affectation:
    """The row as it is now, held until the end of the transaction."""
    rows = Affectation.objects.select_related("user", "organisation", "pui")
    return rows.select_for_update(of=("self",)).get(pk=affectation.pk)


def facts(affectation: Affectation) -> dict[str, Any]:
    """What the journal keeps of a role."""
    return {
        "affectation": str(affectation.pk),
        "role": affectation.role,
        "organisation": str(affectation.organisation_id),
        "gerant": affectation.gerant,
        "debut": affectation.debut.isoformat(),
        "fin": affectation.fin.isoformat() if affectation.fin else "",
    }


def _first_statut(user: User, role: str, gerant: bool) -> StatutAffectation:
    probe = Affectation(role=role, gerant=gerant)
    return S.A_APPROUVER if approver_of(probe) else statut_once_approved(user)


def _account(email: str, identity: Mapping[str, str]) -> User:
    """The account of an address; a known one keeps the identity it has."""
    known = User.objects.filter(email__iexact=email).first()
    if known is not None:
        if not known.is_active:
            raise refused("Ce compte est fermé : demandez à la plateforme de le rouvrir.", "email")
        return known
    try:
        return User.objects.create_user(email, **{k: identity.get(k, "") for k in IDENTITY})
    except ValidationError as error:
        raise refused(" ".join(error.messages), "email") from error


def _check_places(
    organisation: Organisation,
    role: str,
    pui: Pui | None,
    services: list[Service],
    gerant: bool,
) -> None:
    """A role has the places it needs, all in its own establishment."""
    houses = {service.etablissement_id for service in services}
    if pui is not None:
        houses.add(pui.etablissement_id)
    if houses - {organisation.pk}:
        raise refused("Ce service ou cette pharmacie n'est pas de l'établissement.", "services")
    if role == Role.PHARMACIEN and pui is None:
        raise refused("Choisissez la pharmacie (PUI) de ce pharmacien.", "pui")
    if gerant and role != Role.PHARMACIEN:
        raise refused("Seul un pharmacien est gérant.", "gerant")
    if role == Role.PRESCRIPTEUR and not services:
        raise refused("Choisissez au moins un service : il délimite les dossiers vus.", "services")
    if role == Role.INTERNE and not services and pui is None:
        raise refused("Choisissez un service ou une pharmacie.", "services")
    if role == Role.INTERNE and services and pui is not None:
        raise refused("Choisissez des services ou une pharmacie, pas les deux.", "services")


def _close_lapsed(affectation: Affectation) -> None:
    """The same role, ended by its date, leaves the place to the new one."""
    Affectation.objects.lapsed(clocks.today()).filter(
        user=affectation.user, role=affectation.role, organisation=affectation.organisation
    ).update(statut=S.TERMINEE)


def _save(affectation: Affectation) -> None:
    """Save a role whose constraints hold; else say which one does not, in French."""
    try:
        affectation.validate_constraints()
        with transaction.atomic():
            affectation.save()
    except ValidationError as error:
        raise refused(" ".join(error.messages)) from error
    except IntegrityError as error:
        raise Conflict("Cette personne vient de recevoir ce rôle.") from error


def _not_oneself(by: Any, affectation: Affectation) -> None:
    if affectation.user_id == by.pk:
        raise Forbidden("Une autre personne change votre rôle ou y met fin.")


def _prolongs(affectation: Affectation, debut: date, fin: date | None) -> bool:
    later = affectation.fin is not None and (fin is None or fin > affectation.fin)
    return later or debut < affectation.debut
