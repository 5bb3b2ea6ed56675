"""`manage.py audit_verify`: the journal holds, and every state is the one it tells."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from engine.folding import divergences
from engine.journal import flaws
from engine.models import Entry


class Command(BaseCommand):
    help = "Vérifie le journal ; s'arrête (code 1) en nommant le premier acte fautif."

    def handle(self, *args: Any, **options: Any) -> None:
        flaw = next(iter(flaws()), None)
        if flaw is not None:
            raise CommandError(f"Journal altéré : {flaw.entry} : {flaw.reason}")
        divergence = next(iter(divergences()), None)
        if divergence is not None:
            raise CommandError(f"État et journal divergent : {divergence}")
        count = Entry.objects.count()
        subjects = Entry.objects.order_by().values("subject_type", "subject_id").distinct().count()
        self.stdout.write(f"Journal intact : {count} actes, {subjects} dossiers et objets.")
