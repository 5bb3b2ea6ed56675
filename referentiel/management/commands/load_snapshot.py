"""`manage.py load_snapshot`: the public data shipped with Placet, through its own importers."""

from typing import Any

from django.core.management.base import BaseCommand

from referentiel.importers.refusals import ImportRefuse
from referentiel.services.snapshot import load_snapshot


class Command(BaseCommand):
    help = "Charge les données publiques livrées avec Placet ; sans effet si elles le sont déjà."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rapports = load_snapshot(self.stdout.write)
        except ImportRefuse as refusal:
            self.stderr.write(refusal.message)
            raise SystemExit(1) from None
        if not all(rapport.accepted for rapport in rapports):
            raise SystemExit(1)
