"""`manage.py route_list`: every address, its methods, the roles that open it."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from config.routes import routes


class Command(BaseCommand):
    help = "Liste les adresses de Placet, leurs méthodes et les rôles qui les ouvrent."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="une liste JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        found = routes()
        if options["json"]:
            told = [route.told() for route in found]
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
            return
        width = max(len(route.pattern) for route in found)
        for route in found:
            roles = ", ".join(route.roles)
            self.stdout.write(f"{route.pattern:<{width}}  {'/'.join(route.methods):<12}  {roles}")
