"""Processes that export the same month at once, half of them with its lines at 0 €.

Usage: python -m tests.real.exports FOLDER PROCESSES ROUNDS
"""

import json
import sys
from collections import Counter
from io import StringIO
from pathlib import Path

import django

from tests.real.together import together

FINESS = "990000002"


def prepare():
    """The worked month, one of its three medicines given free of charge."""
    from django.db import transaction

    from billing.models import Prix
    from tests.billing import builders

    with transaction.atomic():
        builders.make_worked_month(builders.make_etablissement(finess=FINESS))
        Prix.objects.filter(specialite__ucd7="9321007").update(prix_unitaire_ttc=0)


def race(folder, rank, rounds, barrier, queue):
    """One process: export again and again, and count what its own file holds."""
    from django.core.management import call_command

    zero = ["--inclure-zero"] if rank % 2 else []
    output = Path(folder) / f"{rank}.txt"
    asked = f"--finess={FINESS} --annee=2025 --mois=3 --output={output} --json".split()
    results = []
    for _ in range(rounds):
        out = StringIO()
        barrier.wait(timeout=120)
        try:
            call_command("export_fichcomp", *asked, *zero, stdout=out)
            written = len(output.read_bytes().splitlines())
            prepared = json.loads(out.getvalue())["lignes"]["prete"]
            results.append(f"{rank % 2}: {prepared} prêtes, {written} écrites")
        except (Exception, SystemExit) as error:
            results.append(f"{rank % 2}: {error!r} {out.getvalue()[-300:]}")
    queue.put(results)


def main():
    """Prepare, race, count."""
    django.setup()
    folder, processes, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    prepare()
    told = together(race, [(folder, rank, rounds) for rank in range(processes)])
    print(json.dumps(sorted(Counter(told).items())))


if __name__ == "__main__":
    main()
