"""Old addresses of the official lists that still circulate, led to the public search."""

from __future__ import annotations

from django.db import transaction

from referentiel.models import AncienneAdresse

CONNUES = {
    "referentiel-des-autorisations-dacces-compassionnel": "/referentiel/?cadre=AAC",
    "cpc-en-cours": "/referentiel/?cadre=CPC",
}


@transaction.atomic
def keep_old_addresses() -> int:
    """Write the addresses that people still hold; what a person changed is left alone."""
    known = set(AncienneAdresse.objects.values_list("chemin", flat=True))
    fresh = [
        AncienneAdresse(chemin=chemin, destination=destination)
        for chemin, destination in CONNUES.items()
        if chemin not in known
    ]
    AncienneAdresse.objects.bulk_create(fresh)
    return len(fresh)
