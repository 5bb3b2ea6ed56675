"""`manage.py checker_seed`: hospitals, accounts with their keys, dossiers with canaries."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.seeding.checkers import STATES, seed
from config.seeding.guard import refuse_real_use


class Command(BaseCommand):
    help = "Prépare des organisations d'essai et écrit leurs accès dans un fichier JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--orgs", type=int, default=2, help="nombre d'hôpitaux (1 à 50)")
        parser.add_argument(
            "--dossiers", type=int, default=len(STATES), help="dossiers par hôpital"
        )
        parser.add_argument("--out", required=True, help="fichier JSON à écrire")

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_real_use()
        if not 1 <= options["orgs"] <= 50 or not 0 <= options["dossiers"] <= 2000:
            raise CommandError("De 1 à 50 hôpitaux, de 0 à 2 000 dossiers chacun.")
        out = Path(options["out"])
        if not out.parent.is_dir():
            raise CommandError(f"Le dossier {out.parent} n'existe pas.")
        made = seed(options["orgs"], options["dossiers"])
        out.touch(mode=0o600)
        out.write_text(json.dumps(made, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        count = sum(len(org["comptes"]) for org in made["organisations"])
        self.stdout.write(f"{options['orgs']} hôpitaux, {count} comptes : {out}")
