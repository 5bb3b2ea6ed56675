"""`manage.py demo`: everything in one process, on an embedded database."""

import fcntl
import os
import signal
import socket
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.core.servers.basehttp import get_internal_wsgi_application, run
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config.celery import app as celery_app
from config.demo import demo_accounts, removable_paths, remove, snapshot_loaded
from config.embedded import EmbeddedWorker


class Command(BaseCommand):
    help = "Sert la démonstration : base embarquée, worker et calendrier dans un seul processus."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reset", action="store_true", help="repartir d'une base neuve")
        parser.add_argument("--host", default=settings.PLACET_DEMO_HOST)
        parser.add_argument("--port", default=settings.PLACET_DEMO_PORT)
        parser.add_argument("--prepare-only", action="store_true", help="préparer sans servir")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.PLACET_DEMO or connection.vendor != "sqlite":
            raise CommandError("La démonstration utilise seulement sa base embarquée (SQLite).")
        host, port = options["host"], self.read_port(options["port"])
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        with self.only_one():
            if not options["prepare_only"]:
                self.check_port_free(host, port)
            if options["reset"]:
                self.say("Remise à zéro de la base embarquée")
                remove(removable_paths())
            self.prepare()
            if not options["prepare_only"]:
                self.serve(host, port)

    def say(self, text: str) -> None:
        self.stdout.write(f"• {text}")
        self.stdout.flush()

    def read_port(self, text: str) -> int:
        if not str(text).isdigit() or not 0 < int(text) < 65536:
            raise CommandError(f"PORT : « {text} » n'est pas un numéro de port (1 à 65535).")
        return int(text)

    @contextmanager
    def only_one(self) -> Iterator[None]:
        """One demonstration at a time on one embedded database (freed with the process)."""
        with Path(settings.VAR_DIR, "demo.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise CommandError(
                    "Une démonstration tourne déjà sur cette base : l'arrêter d'abord (Ctrl+C)."
                ) from None
            yield

    def check_port_free(self, host: str, port: int) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise CommandError(
                    f"Le port {port} n'est pas disponible sur {host} ({error.strerror}) ; "
                    "en choisir un autre : PORT=8001 make demo."
                ) from None

    def prepare(self) -> None:
        """Bring the database up to date; each step is skipped when already done."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.say("Création ou mise à jour de la base embarquée")
            call_command("migrate", interactive=False, verbosity=0)
        self.check()
        commands = get_commands()
        if "load_snapshot" in commands and not snapshot_loaded():
            self.say("Chargement du référentiel livré (une minute environ)")
            call_command("load_snapshot", stdout=self.stdout)
        if "seed_demo" in commands:
            if not demo_accounts():
                self.say("Création des personnes et des dossiers inventés")
            call_command("seed_demo", stdout=self.stdout)

    def serve(self, host: str, port: int) -> None:
        if not os.environ.get("PLACET_BASE_URL"):
            # Links of mails and codes on decisions lead to the port really served.
            settings.PLACET_BASE_URL = f"http://{host}:{port}"
        worker = EmbeddedWorker(celery_app)
        worker.start()
        # Not through SIGINT, which a process started in the background ignores.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        self.print_accounts()
        self.stdout.write(f"\nPlacet : http://{host}:{port}/   (Ctrl+C pour arrêter)\n")
        self.stdout.flush()
        try:
            with suppress(KeyboardInterrupt):
                run(host, port, get_internal_wsgi_application(), threading=True)
        finally:
            self.say("Arrêt")
            worker.stop()

    def print_accounts(self) -> None:
        accounts = demo_accounts()
        if not accounts:
            return
        self.stdout.write(
            "\nComptes de démonstration (bandeau en haut de chaque page, "
            f"ou mot de passe « {settings.PLACET_DEMO_PASSWORD} ») :\n"
        )
        width = max(len(account.email) for account in accounts)
        for account in accounts:
            self.stdout.write(f"  {account.email:<{width}}  {account.label}\n")
