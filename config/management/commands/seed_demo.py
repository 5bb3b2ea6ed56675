"""`manage.py seed_demo`: invented people and dossiers, made once through the services."""

import time
from typing import Any

from django.core.management.base import BaseCommand

from config.demo import demo_accounts
from config.seeding.demo import render_first_documents, seed
from config.seeding.guard import refuse_real_use


class Command(BaseCommand):
    help = "Crée les personnes et les dossiers inventés de la démonstration ; une seule fois."

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_real_use()
        started = time.monotonic()
        if not seed(self.say):
            return
        render_first_documents(self.say)
        seconds = round(time.monotonic() - started)
        self.say(f"{len(demo_accounts())} comptes de démonstration, {seconds} s")

    def say(self, text: str) -> None:
        self.stdout.write(f"  {text}")
        self.stdout.flush()
