"""Alerts for the tests of killed senders. Usage: python -m tests.real.alerts prepare N | send"""

import sys
import time

import django


def prepare(count):
    """One dossier and as many e-mails about it as asked."""
    from django.db import transaction

    from access.states import DemandeAacState
    from engine.models import Outbox
    from engine.outbox import Draft, write
    from tests.factories import medicines, people
    from tests.factories.dossiers import dossier_at

    for factory in (people.EtablissementFactory, people.UserFactory, medicines.SpecialiteFactory):
        factory.reset_sequence(1000)  # others may already live in this database
    with transaction.atomic():
        dossier = dossier_at(DemandeAacState.A_VALIDER_PUI)
        Outbox.objects.all().delete()
        box = f"pui:{dossier.pui_id}"
        drafts = [
            Draft("email", "demande_a_valider", f"test:{n}", recipient=box) for n in range(count)
        ]
        write(dossier, drafts)


def send():
    """What a worker does, without a broker: relay until nothing is left to deliver."""
    from engine.outbox import backlog, relay

    while backlog().exists():
        if relay() == 0:
            time.sleep(0.2)


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "prepare":
        prepare(int(sys.argv[2]))
    else:
        send()
