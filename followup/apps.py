from importlib import import_module

from django.apps import AppConfig


class FollowupConfig(AppConfig):
    name = "followup"
    verbose_name = "Suivi"

    def ready(self) -> None:
        """Load what the establishment pages read of the region's centres."""
        import_module("followup.selectors")
