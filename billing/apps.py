from importlib import import_module

from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "billing"
    verbose_name = "Facturation"

    def ready(self) -> None:
        """Load the services that steps of a dossier call by name."""
        import_module("billing.services.annulations")
