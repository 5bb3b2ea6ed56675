"""Who may do what on a dossier: a literal table, and the scope that goes with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices

from referentiel.roles import ANSM_ROLES, Role


class AccessPermission(TextChoices):
    """An act on a dossier of access."""

    VIEW_DOSSIER = "VIEW_DOSSIER", "Lire un dossier"
    WRITE_DEMANDE_AAC = "WRITE_DEMANDE_AAC", "Rédiger une demande d'AAC"
    SUBMIT_DEMANDE_AAC = "SUBMIT_DEMANDE_AAC", "Envoyer une demande à la PUI"
    RETURN_DEMANDE_AAC = "RETURN_DEMANDE_AAC", "Retourner une demande au prescripteur"
    TRANSMIT_DEMANDE_AAC = "TRANSMIT_DEMANDE_AAC", "Transmettre une demande à l'ANSM"
    WITHDRAW_DEMANDE_AAC = "WITHDRAW_DEMANDE_AAC", "Retirer une demande"
    ANSWER_COMPLEMENT = "ANSWER_COMPLEMENT", "Répondre à un complément"
    REVIEW_DEMANDE_AAC = "REVIEW_DEMANDE_AAC", "Instruire une demande d'AAC"
    DECIDE_DEMANDE_AAC = "DECIDE_DEMANDE_AAC", "Décider d'une demande d'AAC"
    CLOSE_DEMANDE_AAC = "CLOSE_DEMANDE_AAC", "Classer une demande sans suite"
    WRITE_MESSAGE = "WRITE_MESSAGE", "Écrire un message"
    ADD_PIECE = "ADD_PIECE", "Joindre une pièce"
    SEE_CHANGE = "SEE_CHANGE", "Répondre à une alerte du référentiel"
    ORDER = "ORDER", "Commander"
    DISPENSE = "DISPENSE", "Dispenser"
    OPEN_IN_EMERGENCY = "OPEN_IN_EMERGENCY", "Ouvrir un dossier en urgence"


P = AccessPermission
GRANTS: dict[str, frozenset[AccessPermission]] = {
    Role.PRESCRIPTEUR: frozenset(
        {
            P.VIEW_DOSSIER,
            P.WRITE_DEMANDE_AAC,
            P.SUBMIT_DEMANDE_AAC,
            P.WITHDRAW_DEMANDE_AAC,
            P.ANSWER_COMPLEMENT,
            P.WRITE_MESSAGE,
            P.ADD_PIECE,
            P.SEE_CHANGE,
            P.OPEN_IN_EMERGENCY,
        }
    ),
    Role.INTERNE: frozenset({P.VIEW_DOSSIER, P.WRITE_DEMANDE_AAC, P.WRITE_MESSAGE, P.ADD_PIECE}),
    Role.PHARMACIEN: frozenset(
        {
            P.VIEW_DOSSIER,
            P.RETURN_DEMANDE_AAC,
            P.TRANSMIT_DEMANDE_AAC,
            P.WITHDRAW_DEMANDE_AAC,
            P.WRITE_MESSAGE,
            P.ADD_PIECE,
            P.SEE_CHANGE,
            P.ORDER,
            P.DISPENSE,
        }
    ),
    Role.EVALUATEUR_ANSM: frozenset(
        {P.VIEW_DOSSIER, P.REVIEW_DEMANDE_AAC, P.CLOSE_DEMANDE_AAC, P.WRITE_MESSAGE}
    ),
    Role.DECIDEUR_ANSM: frozenset(
        {
            P.VIEW_DOSSIER,
            P.REVIEW_DEMANDE_AAC,
            P.DECIDE_DEMANDE_AAC,
            P.CLOSE_DEMANDE_AAC,
            P.WRITE_MESSAGE,
        }
    ),
}


def has(user: Any, permission: AccessPermission) -> bool:
    """True when the role the person acts under holds the permission, whatever the dossier."""
    affectation = getattr(user, "affectation", None)
    return affectation is not None and permission in GRANTS.get(affectation.role, frozenset())


def holding(*permissions: AccessPermission) -> frozenset[str]:
    """The roles to which one of the permissions is granted."""
    return frozenset(str(r) for r, granted in GRANTS.items() if granted.intersection(permissions))


# All that an emergency opening allows; whoever must do more is named co-prescriber.
UNDER_OPENING = frozenset({P.VIEW_DOSSIER, P.WRITE_MESSAGE})


def in_scope(user: Any, dossier: Any, permission: AccessPermission) -> bool:
    """True when the dossier belongs to what the person's affectation opens for the permission."""
    affectation = user.affectation
    if affectation.role in ANSM_ROLES:
        return dossier.transmitted_at is not None
    if dossier.organisation_id != affectation.organisation_id:
        return False
    if affectation.role == Role.PHARMACIEN:
        return dossier.sent_at is not None and dossier.pui_id == affectation.pui_id
    if affectation.role in (Role.PRESCRIPTEUR, Role.INTERNE):
        return (
            user.pk in (dossier.prescripteur_id, dossier.created_by_id)
            or dossier.service_id in affectation.service_ids
            or dossier.is_shared_with(user, opened=permission in UNDER_OPENING)
        )
    return False


@dataclass(frozen=True)
class Check:
    """« This person, this dossier »: the role holds the permission and its scope the dossier."""

    permission: AccessPermission

    def __call__(self, user: Any, dossier: Any) -> bool:
        return has(user, self.permission) and in_scope(user, dossier, self.permission)


def can(permission: AccessPermission) -> Check:
    """The check of one permission; steps and pages share it."""
    return Check(permission)


def system_only(user: Any, dossier: Any) -> bool:
    """The check for what only the software's own actors do (clock, router)."""
    return getattr(user, "is_system", False)
