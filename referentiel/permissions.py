"""Who may do what in the référentiel: one literal table, then the scope of the affectation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, TextChoices

from referentiel.roles import ANSM_ROLES, HAS_ROLES, HOSPITAL_ROLES, Role


class ReferentielPermission(TextChoices):
    """An act on people, establishments or medicines."""

    EDIT_MEDICAMENTS = "EDIT_MEDICAMENTS", "Proposer et publier les fiches du référentiel"
    EDIT_PARAMETRES = "EDIT_PARAMETRES", "Dater une nouvelle valeur d'un paramètre"
    VIEW_PEOPLE = "VIEW_PEOPLE", "Voir les personnes et leurs rôles"
    INVITE_PERSON = "INVITE_PERSON", "Inviter une personne"
    CHANGE_AFFECTATION = "CHANGE_AFFECTATION", "Dater un rôle, y mettre fin, changer ses services"
    APPROVE_GRANT = "APPROVE_GRANT", "Approuver un rôle d'agence, d'administrateur ou de gérant"
    APPROVE_PHARMACIEN = "APPROVE_PHARMACIEN", "Approuver un pharmacien de sa PUI"
    DELEGATE_PUI = "DELEGATE_PUI", "Déléguer la transmission et la révoquer"
    EDIT_ETABLISSEMENT = "EDIT_ETABLISSEMENT", "Tenir les services, la PUI et la facturation"
    VIEW_ORGANISATIONS = "VIEW_ORGANISATIONS", "Voir toutes les organisations"
    ADD_ORGANISATION = "ADD_ORGANISATION", "Ajouter une organisation"
    CLOSE_ACCOUNT = "CLOSE_ACCOUNT", "Fermer ou rouvrir un compte"


P = ReferentielPermission
GRANTS: dict[Role, frozenset[ReferentielPermission]] = {
    Role.GESTIONNAIRE_ANSM: frozenset({P.EDIT_MEDICAMENTS, P.EDIT_PARAMETRES}),
    Role.GESTIONNAIRE_HAS: frozenset({P.EDIT_MEDICAMENTS}),
    # The gérant only: the scope below leaves the other pharmacists out.
    Role.PHARMACIEN: frozenset({P.APPROVE_PHARMACIEN, P.DELEGATE_PUI}),
    Role.ADMIN_ETABLISSEMENT: frozenset(
        {P.VIEW_PEOPLE, P.INVITE_PERSON, P.CHANGE_AFFECTATION, P.EDIT_ETABLISSEMENT}
    ),
    Role.ADMIN: frozenset(
        {
            P.VIEW_PEOPLE,
            P.INVITE_PERSON,
            P.CHANGE_AFFECTATION,
            P.APPROVE_GRANT,
            P.EDIT_ETABLISSEMENT,
            P.VIEW_ORGANISATIONS,
            P.ADD_ORGANISATION,
            P.CLOSE_ACCOUNT,
        }
    ),
}

# The roles a person may give, by the role they act under.
GRANTABLE: dict[Role, frozenset[Role]] = {
    Role.ADMIN_ETABLISSEMENT: frozenset(HOSPITAL_ROLES),
    Role.ADMIN: frozenset(Role),
}

# Roles that a second administrator approves before they give any right.
SECOND_PERSON_ROLES = ANSM_ROLES | HAS_ROLES | {Role.ADMIN, Role.ADMIN_ETABLISSEMENT}

# The roles that exist in each type of organisation (`TypeOrganisation`).
ROLES_OF_TYPE: dict[str, frozenset[Role]] = {
    "ETABLISSEMENT": frozenset(HOSPITAL_ROLES),
    "ANSM": frozenset(ANSM_ROLES),
    "HAS": frozenset(HAS_ROLES),
    "LABORATOIRE": frozenset({Role.LABORATOIRE}),
    "CRPV": frozenset({Role.CRPV}),
    "MINISTERE": frozenset({Role.MINISTERE}),
    "SIGNALANT": frozenset({Role.SIGNALANT}),
    "PLATEFORME": frozenset({Role.ADMIN}),
}


# Who approves a role before it gives any right.
PAR_ADMIN, PAR_GERANT, SANS_APPROBATION = "ADMIN", "GERANT", ""


def approver_of(affectation: Any) -> str:
    """An administrator for sensitive roles and gérants, the gérant for the other pharmacists."""
    if affectation.gerant or affectation.role in SECOND_PERSON_ROLES:
        return PAR_ADMIN
    return PAR_GERANT if affectation.role == Role.PHARMACIEN else SANS_APPROBATION


def is_granted(user: Any, permission: ReferentielPermission) -> bool:
    """Whether the role in force holds the permission, whatever the object."""
    affectation = getattr(user, "affectation", None)
    return affectation is not None and permission in GRANTS.get(affectation.role, frozenset())


def is_gerant(user: Any) -> bool:
    """Whether the person acts as the gérant of a PUI."""
    affectation = getattr(user, "affectation", None)
    return affectation is not None and affectation.gerant


def grantable_roles(user: Any, organisation: Any) -> frozenset[Role]:
    """The roles the person may give in an organisation."""
    affectation = getattr(user, "affectation", None)
    if affectation is None:
        return frozenset()
    given = GRANTABLE.get(affectation.role, frozenset())
    return given & ROLES_OF_TYPE.get(organisation.type, frozenset())


def organisation_id_of(subject: Any) -> Any:
    """The organisation an object of this app belongs to."""
    for name in ("organisation_id", "etablissement_id"):
        if hasattr(subject, name):
            return getattr(subject, name)
    return subject.pui.etablissement_id if hasattr(subject, "pui") else subject.pk


def in_scope(user: Any, subject: Any) -> bool:
    """Everything for the platform; one's establishment; for a gérant, one's pharmacy."""
    affectation = user.affectation
    if affectation.role == Role.ADMIN:
        return True
    if affectation.role == Role.PHARMACIEN:
        pui_id = getattr(subject, "pui_id", subject.pk)
        return affectation.gerant and pui_id is not None and affectation.pui_id == pui_id
    return affectation.organisation_id == organisation_id_of(subject)


@dataclass(frozen=True)
class Check:
    """« This person, this object »: the role holds the permission and its scope the object."""

    permission: ReferentielPermission

    def __call__(self, user: Any, subject: Any) -> bool:
        return is_granted(user, self.permission) and in_scope(user, subject)


def can(permission: ReferentielPermission) -> Check:
    """The check of one permission; services and pages share it."""
    return Check(permission)


def people_scope(user: Any) -> Q | None:
    """The affectations a person manages, as a condition; None when there is none."""
    if is_granted(user, P.VIEW_ORGANISATIONS):
        return Q()
    if is_granted(user, P.VIEW_PEOPLE):
        return Q(organisation_id=user.affectation.organisation_id)
    if is_granted(user, P.APPROVE_PHARMACIEN) and is_gerant(user):
        return Q(role=Role.PHARMACIEN, pui_id=user.affectation.pui_id)
    return None


def organisation_scope(user: Any) -> Q | None:
    """The organisations a person keeps, as a condition; None when there is none."""
    if is_granted(user, P.VIEW_ORGANISATIONS):
        return Q()
    if is_granted(user, P.EDIT_ETABLISSEMENT):
        return Q(pk=user.affectation.organisation_id)
    return None
