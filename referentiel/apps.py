from importlib import import_module

from django.apps import AppConfig


class ReferentielConfig(AppConfig):
    name = "referentiel"
    verbose_name = "Référentiel"

    def ready(self) -> None:
        """Follow hand edits; load the handlers of mails and jobs, the forms of proposals."""
        from referentiel import emails, emails_suivi  # noqa: F401  (register outbox handlers)
        from referentiel.audit import register_medicines, register_people

        import_module("referentiel.forms.publications")
        import_module("referentiel.services.revue_application")
        import_module("referentiel.services.revue_lecture")
        register_medicines()
        register_people()
