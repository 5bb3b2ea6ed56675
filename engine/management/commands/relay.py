"""`manage.py relay`: deliver what the outbox holds; any number may run at once."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from engine.clocks import real_now
from engine.models import Outbox, OutboxStatus
from engine.outbox import relay


class Command(BaseCommand):
    help = "Distribue les envois dus, puis rend la main (--watch : continue sans fin)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="un seul passage")
        parser.add_argument("--watch", action="store_true", help="recommencer sans fin")
        parser.add_argument("--limit", type=int, default=200, help="envois par passage (200)")
        parser.add_argument("--pause", type=float, default=2.0, help="secondes entre deux passages")

    def handle(self, *args: Any, **options: Any) -> None:
        total = relay(options["limit"])
        while not options["once"] and (self.is_due() or options["watch"]):
            if not self.is_due():
                time.sleep(options["pause"])
            total += relay(options["limit"])
        self.stdout.write(f"{total} envoi{'s' if total > 1 else ''} distribué{'s' * (total > 1)}")

    def is_due(self) -> bool:
        """A row handled is sent, dropped, failed or put back for later: this ends."""
        due = Outbox.objects.filter(status=OutboxStatus.PENDING, due_at__lte=real_now())
        return due.exists()
