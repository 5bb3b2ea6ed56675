"""Processes that record the same new stays at once, each with a dispensing of its own.

Usage: python -m tests.real.sejours STAYS PROCESSES
"""

import json
import sys
from collections import Counter
from datetime import date

import django

from tests.real.together import together


def prepare(processes):
    """One dispensing per process, all of one patient of one hospital."""
    from django.db import transaction

    from tests.billing import builders

    with transaction.atomic():
        hospital = builders.make_etablissement()
        indocin, patient = builders.make_specialite(), builders.make_patient(hospital)
        aac = builders.make_aac(hospital, patient)
        given = [
            builders.make_dispensation(hospital, indocin, patient=patient, aac=aac, quantite="100")
            for _ in range(processes)
        ]
        return [str(one.pk) for one in given], str(builders.make_user(hospital).affectation.pk)


def race(pk, stays, affectation_id, barrier, queue):
    """One process: one unit on each new stay, all together at the barrier."""
    from access.models import Dispensation
    from billing.services.sejours import record_administration
    from engine.errors import StepError
    from referentiel.models import Affectation

    affectation = Affectation.objects.for_display().get(pk=affectation_id)
    by = affectation.user.acting(affectation)
    dates = {"entree": date(2025, 3, 10), "sortie": date(2025, 3, 20), "jour": date(2025, 3, 15)}
    results = []
    for number in range(stays):
        dispensation = Dispensation.objects.get(pk=pk)
        barrier.wait(timeout=120)
        try:
            record_administration(
                dispensation=dispensation, numero_sejour=f"S{number}", quantite=1, by=by, **dates
            )
        except StepError as error:
            results.append(error.message)
        except Exception as error:
            results.append(repr(error))
        else:
            results.append("recorded")
    queue.put(results)


def main():
    """Prepare, race, count."""
    django.setup()
    stays, processes = int(sys.argv[1]), int(sys.argv[2])
    ids, affectation_id = prepare(processes)
    told = together(race, [(pk, stays, affectation_id) for pk in ids])
    from billing.models import Sejour

    print(json.dumps({"told": Counter(told), "stays": Sejour.objects.count()}))


if __name__ == "__main__":
    main()
