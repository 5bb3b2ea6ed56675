"""Writes the pages of docs/ that come from the code; --check only compares."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.docs import fichcomp, parametres, permissions, workflows


class Command(BaseCommand):
    """Keep the drawings true: CI runs it with --check."""

    help = "Écrit depuis le code : workflows, permissions, paramètres, positions de FICHCOMP."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare sans écrire")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        """Write each page, or name those that no longer say what the code does."""
        stale = []
        for path, text in self.pages().items():
            if path.exists() and path.read_text(encoding="utf-8") == text:
                continue
            stale.append(str(path.relative_to(settings.BASE_DIR)))
            if not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
        if check and stale:
            raise CommandError("À redessiner avec « make docs » : " + ", ".join(stale))

    def pages(self) -> dict[Path, str]:
        """Where each drawn page lives, and what it says."""
        docs = Path(settings.BASE_DIR) / "docs"
        found = {
            docs / "workflows" / f"{name}.md": workflows.page(name) for name in workflows.MACHINES
        }
        found[docs / "permissions.md"] = permissions.page()
        found[docs / "parametres.md"] = parametres.page()
        found[docs / "formats" / "fichcomp.md"] = fichcomp.page()
        return found
