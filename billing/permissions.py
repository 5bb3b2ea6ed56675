"""Who may do what in billing: one literal table, then the scope of the establishment."""

from typing import Any

from django.db.models import TextChoices

from referentiel.roles import Role


class BillingPermission(TextChoices):
    VIEW_MOIS = "VIEW_MOIS", "Voir les mois de facturation et leurs lignes"
    PREPARE_MOIS = "PREPARE_MOIS", "Contrôler un mois"
    EXPORT_MOIS = "EXPORT_MOIS", "Exporter et télécharger un mois"
    VIEW_SEJOURS = "VIEW_SEJOURS", "Voir les séjours et les administrations"
    RECORD_SEJOURS = "RECORD_SEJOURS", "Saisir des séjours et des administrations"
    VIEW_PRIX = "VIEW_PRIX", "Voir les prix d'achat"
    RECORD_PRIX = "RECORD_PRIX", "Saisir un prix d'achat"


GRANTS: dict[Role, frozenset[BillingPermission]] = {
    Role.FACTURATION: frozenset(BillingPermission),
    Role.PHARMACIEN: frozenset({BillingPermission.VIEW_PRIX, BillingPermission.RECORD_PRIX}),
}


def is_granted(user: Any, permission: BillingPermission) -> bool:
    """Whether the role in force holds the permission, whatever the object."""
    affectation = getattr(user, "affectation", None)
    return affectation is not None and permission in GRANTS.get(affectation.role, frozenset())


def holding(permission: BillingPermission) -> frozenset[str]:
    """The roles to which a permission is granted."""
    return frozenset(str(role) for role, granted in GRANTS.items() if permission in granted)
