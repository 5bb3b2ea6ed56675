"""Open the first administrators of the platform: the operator's shell is the second person."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from engine.errors import StepError
from referentiel.services.accounts import open_first_admin


class Command(BaseCommand):
    help = "Invite un des deux premiers administrateurs ; les suivants s'invitent dans Placet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("nom")
        parser.add_argument("--prenom", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user = open_first_admin(
                email=options["email"], nom=options["nom"], prenom=options["prenom"]
            )
        except StepError as error:
            raise CommandError(error.message) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"Une invitation part à {user.email}, valable sept jours.")
