"""The composition root is an app so that its commands and checks are found."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Placet"

    def ready(self) -> None:
        from config import billed, checks  # noqa: F401  (what they register)
