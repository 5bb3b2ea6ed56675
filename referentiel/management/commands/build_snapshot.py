"""`manage.py build_snapshot FOLDER`: rebuild the shipped data from original public files."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from referentiel.importers.refusals import ImportRefuse
from referentiel.services.snapshot import make_snapshot


class Command(BaseCommand):
    help = "Reconstruit l'instantané livré depuis un dossier de fichiers publics d'origine."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", help="dossier des fichiers d'origine (cherchés en dessous)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            make_snapshot(Path(options["folder"]), self.stdout.write)
        except ImportRefuse as refusal:
            self.stderr.write(refusal.message)
            raise SystemExit(1) from None
