"""Who may do what on a dossier: a literal table, and the scope that goes with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices

from referentiel.roles import ANSM_ROLES, INTERNE_PUI, Role


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
    PREPARE_ORDER = "PREPARE_ORDER", "Préparer une commande de sa PUI"
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
    # At a pharmacy, besides what any INTERNE is granted: prepares, never sends.
    INTERNE_PUI: frozenset({P.PREPARE_ORDER}),
    Role.PHARMACIEN: frozenset(
        {
            P.VIEW_DOSSIER,
            P.RETURN_DEMANDE_AAC,
            P.TRANSMIT_DEMANDE_AAC,
            P.WITHDRAW_DEMANDE_AAC,
            P.WRITE_MESSAGE,
            P.ADD_PIECE,
            P.SEE_CHANGE,
            P.PREPARE_ORDER,
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
    if affectation is None:
        return False
    return any(permission in GRANTS.get(role, frozenset()) for role in affectation.roles)


def holding(*permissions: AccessPermission) -> frozenset[str]:
    """The roles to which one of the permissions is granted."""
    return frozenset(str(r) for r, granted in GRANTS.items() if granted.intersection(permissions))


# All that an emergency opening allows; whoever must do more is named co-prescriber.
UNDER_OPENING = frozenset({P.VIEW_DOSSIER, P.WRITE_MESSAGE})
# What an INTERNE at a pharmacy does on the dossiers sent there; the request stays its writers'.
AT_PUI = frozenset({P.VIEW_DOSSIER, P.WRITE_MESSAGE, P.ADD_PIECE, P.PREPARE_ORDER})


def in_scope(user: Any, dossier: Any, permission: AccessPermission) -> bool:
    """True when the dossier belongs to what the person's affectation opens for the permission."""
    affectation = user.affectation
    if affectation.role in ANSM_ROLES:
        return dossier.transmitted_at is not None
    if dossier.organisation_id != affectation.organisation_id:
        return False
    sent_here = dossier.sent_at is not None and dossier.pui_id == affectation.pui_id
    if affectation.role == Role.PHARMACIEN or permission == P.PREPARE_ORDER:
        return sent_here
    if affectation.profil == INTERNE_PUI and permission in AT_PUI and sent_here:
        return True
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


@dataclass(frozen=True)
class PuiCheck:
    """« This person, this order »: the role holds the permission and the pharmacy is theirs."""

    permission: AccessPermission

    def __call__(self, user: Any, commande: Any) -> bool:
        return has(user, self.permission) and commande.pui_id == user.affectation.pui_id


def own_pui(permission: AccessPermission) -> PuiCheck:
    """The check of one permission on what belongs to a pharmacy."""
    return PuiCheck(permission)


def system_only(user: Any, dossier: Any) -> bool:
    """The check for what only the software's own actors do (clock, router)."""
    return getattr(user, "is_system", False)
