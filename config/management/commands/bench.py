"""`manage.py bench`: imports and public pages at full size; exit 1 when a limit is passed."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.test import override_settings

from config.bench import imports, pages
from config.bench.ratios import Ratio
from config.bench.rows import Size, atih_rows, typed_queries, write_files
from config.bench.scratch import refuse_dossiers, scratch

FULL, TENTH = Size(16_000, 3_000), Size(1_600, 300)


class Command(BaseCommand):
    help = "Mesure imports et pages publiques à pleine taille, dans une base à part."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--specialites", type=int, default=FULL.specialites)
        parser.add_argument("--cadres", type=int, default=FULL.cadres)
        parser.add_argument(
            "--ici", action="store_true",
            help="mesure dans la base du câblage, si elle ne contient aucun dossier",
        )  # fmt: skip
        parser.add_argument(
            "--sans-limite", action="store_true", help="imprime sans juger (code de sortie 0)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each ratio with its two terms and its limit."""
        size = Size(options["specialites"], options["cadres"])
        tenth = Size(max(1, size.specialites // 10), max(1, size.cadres // 10))
        quiet = {"ALLOWED_HOSTS": ["*"], "DEBUG": False}
        with TemporaryDirectory() as folder, override_settings(**quiet):
            found = self.measured(Path(folder), tenth, size, here=options["ici"])
        over = [ratio for ratio in found if not ratio.holds]
        if over and not options["sans_limite"]:
            self.stderr.write(f"{len(over)} rapport(s) au-delà de la limite.")
            sys.exit(1)

    def measured(self, folder: Path, tenth: Size, size: Size, *, here: bool) -> list[Ratio]:
        """The small size first, then the full one: each in a database of its own."""
        self.stdout.write(f"Base : {connection.vendor}")
        queries = typed_queries(list(atih_rows(tenth)))
        small, _ = self.one(folder / "dixieme", tenth, queries, here=here)
        large, ratios = self.one(folder / "plein", size, queries, here=here)
        ratios += [
            Ratio("Recherche, 95e centile / page vide", large.search, large.empty, 3),
            Ratio("Fiche, 95e centile / page vide", large.sheet, large.empty, 4),
            self.apart("Recherche", large.search / large.empty, small.search / small.empty),
            self.apart("Fiche", large.sheet / large.empty, small.sheet / small.empty),
        ]
        for ratio in ratios:
            self.stdout.write(ratio.line)
        return ratios

    @staticmethod
    def apart(name: str, full: float, tenth: float) -> Ratio:
        """How far apart the ratios to the empty page stand at the two sizes."""
        return Ratio(f"{name} / page vide, pleine taille / un dixième", full, tenth, 1.5, unit=" ×")

    def one(
        self, folder: Path, size: Size, queries: list[str], *, here: bool
    ) -> tuple[pages.PageTimes, list[Ratio]]:
        """Import a size, then read it."""
        self.stdout.write(f"{size.specialites} spécialités, {size.cadres} cadres…")
        files = write_files(folder, size)
        if here:
            refuse_dossiers()
            return self.read(files, queries)
        with scratch(folder):
            return self.read(files, queries)

    def read(self, files: Any, queries: list[str]) -> tuple[pages.PageTimes, list[Ratio]]:
        ratios = imports.measure(files)
        return pages.measure(queries), ratios
