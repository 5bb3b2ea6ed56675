"""`manage.py import_referentiel SOURCE PATH [--version AAAA-MM] [--json]`: one public file."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from referentiel.services.imports import PARSERS, Rapport, import_referentiel
from referentiel.states import StatutImport

SHOWN_REJECTS = 20


class Command(BaseCommand):
    help = "Importe un fichier public du référentiel : " + ", ".join(PARSERS) + "."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Our --version replaces Django's own."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", help=", ".join(PARSERS))
        parser.add_argument("path", help="un fichier, ou le dossier des fichiers d'une source")
        parser.add_argument("--version", dest="release", default="", help="version, AAAA-MM")
        parser.add_argument(
            "--revenir",
            action="store_true",
            help="revient exprès à une version plus ancienne que la dernière",
        )
        parser.add_argument(
            "--accepter-fermetures",
            action="store_true",
            help="tient pour entier un fichier qui ferme beaucoup de lignes",
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        rapport = self.run_import(
            options["source"],
            Path(options["path"]),
            version=options["release"],
            revenir=options["revenir"],
            accepter_fermetures=options["accepter_fermetures"],
        )
        if options["as_json"]:
            self.stdout.write(json.dumps(rapport.as_json(), ensure_ascii=False))
        else:
            self.show(rapport)
        if not rapport.accepted:
            raise SystemExit(1)

    def run_import(self, source: str, path: Path, **asked: Any) -> Rapport:
        """An unknown source is refused as a bad file is: one sentence, exit 1."""
        if source not in PARSERS:
            message = f"La source « {source} » n'existe pas. Choix : {', '.join(PARSERS)}."
            return Rapport(source, path.name, StatutImport.REFUSE, message)
        return import_referentiel(source, path, by="import_referentiel", **asked)

    def show(self, rapport: Rapport) -> None:
        stream = self.stdout if rapport.accepted else self.stderr
        stream.write(rapport.message)
        for rejet in rapport.rejets[:SHOWN_REJECTS]:
            column = f", colonne {rejet.colonne}" if rejet.colonne else ""
            stream.write(f"  {rejet.fichier}, ligne {rejet.ligne}{column} : {rejet.raison}")
        hidden = len(rapport.rejets) - SHOWN_REJECTS
        if hidden > 0:
            stream.write(f"  … et {hidden} autres lignes.")
