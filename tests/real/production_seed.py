"""People of a hospital and of the agency, each with an API token, on a production wiring.

Usage: python -m tests.real.production_seed BASE_URL OUT.json
"""

import json
import sys
from pathlib import Path

import django


def main():
    """Write the file that docs/api_aac.py reads."""
    django.setup()
    from django.db import transaction

    from tests.factories.dossiers import monde
    from tests.factories.jetons import token

    with transaction.atomic():
        m = monde()
        people = {
            "PRESCRIPTEUR": m.prescripteur,
            "PHARMACIEN": m.pharmacien,
            "EVALUATEUR_ANSM": m.evaluateur,
            "DECIDEUR_ANSM": m.decideur,
            "FACTURATION": m.hopital.facturation(),
        }
        found = {
            "base_url": sys.argv[1],
            "entetes": {"X-Forwarded-Proto": "https"},
            "jetons": {role: token(person) for role, person in people.items()},
            "produit": m.medicament.produit.nom,
        }
    Path(sys.argv[2]).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
