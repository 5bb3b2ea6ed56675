"""The engine makes every workflow safe; it knows no medicine and no hospital."""

from django.apps import AppConfig


class EngineConfig(AppConfig):
    name = "engine"
    verbose_name = "Moteur"
