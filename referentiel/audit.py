"""Rows whose hand edits are logged with their author (imports have their ImportRun)."""

from auditlog.registry import auditlog


def register_medicines() -> None:
    """Follow the reference rows a gestionnaire edits; bulk writes of imports send nothing."""
    from referentiel.models import Cadre, CodeIndication, Correction, Produit, Specialite

    for model in (Produit, Specialite, Cadre, CodeIndication, Correction):
        if not auditlog.contains(model):
            auditlog.register(model, exclude_fields=["texte_recherche", "champs_saisis"])


def register_people() -> None:
    """Follow accounts, roles, establishments and parameters; never a password."""
    from referentiel.models import (
        Affectation,
        DelegationPui,
        Etablissement,
        Omedit,
        Parametre,
        Pui,
        Service,
        User,
    )

    for model in (
        Affectation,
        DelegationPui,
        Etablissement,
        Omedit,
        Parametre,
        Pui,
        Service,
    ):
        if not auditlog.contains(model):
            auditlog.register(model)
    if not auditlog.contains(User):
        auditlog.register(User, exclude_fields=["password", "last_login"])
