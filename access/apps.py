"""The AAC, AAP and CPC dossiers, from draft to decision, order and dispensing."""

from importlib import import_module

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "access"
    verbose_name = "Accès dérogatoire"

    def ready(self) -> None:
        """Load the services that steps call by name and the handlers the outbox calls by kind."""
        for module in (
            "turns",
            "sending",
            "instruction",
            "decisions",
            "commandes",
            "dispensation",
            "clock",
            "touches",
        ):
            import_module(f"access.services.{module}")
        for module in ("documents.catalogue", "emails", "selectors.apercu_parametres"):
            import_module(f"access.{module}")
