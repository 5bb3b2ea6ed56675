"""Processes that dispense the last units of the same lots, each for a patient of its own.

Usage: python -m tests.real.lots LOTS PROCESSES
"""

import json
import sys
from collections import Counter

import django

from tests.real.together import together


def prepare(lots, processes):
    """One authorisation per process, and lots of three units in the same pharmacy."""
    from django.db import transaction

    from access.states import AacState
    from tests.factories.dossiers import dossier_at, monde
    from tests.factories.pharmacie import lot_inputs, order_of, step

    with transaction.atomic():
        m = monde()
        found = [dossier_at(AacState.ACTIVE, m) for _ in range(processes)]
        order = step(order_of(found[0]), "send", m.pharmacien)
        for number in range(lots):
            step(order, "receive_part", m.pharmacien, **lot_inputs(f"LOT{number}", "3"))
    return [str(aac.pk) for aac in found], str(m.pharmacien.affectation.pk)


def race(pk, lots, affectation_id, barrier, queue):
    """One process: take two units of each lot, all together at the barrier."""
    from access.models import Aac
    from engine.errors import StepError
    from engine.steps import perform
    from referentiel.models import Affectation
    from tests.factories.pharmacie import dispensing

    affectation = Affectation.objects.for_display().get(pk=affectation_id)
    by = affectation.user.acting(affectation)
    results = []
    for number in range(lots):
        aac = Aac.objects.get(pk=pk)
        barrier.wait(timeout=120)
        try:
            perform(aac, "dispense", by=by, version=aac.version, **dispensing(f"LOT{number}"))
        except StepError as error:
            results.append((number, error.status))
        else:
            results.append((number, 200))
    queue.put(results)


def main():
    """Prepare, race, count."""
    django.setup()
    lots, processes = int(sys.argv[1]), int(sys.argv[2])
    ids, affectation_id = prepare(lots, processes)
    tries = together(race, [(pk, lots, affectation_id) for pk in ids])
    from access.selectors.stock import lots_of
    from referentiel.models import Pui

    winners = Counter(number for number, status in tries if status == 200)
    left = [lot for pui in Pui.objects.all() for lot in lots_of(pui.pk)]
    print(
        json.dumps(
            {
                "winners": sorted(Counter(winners.values()).items()),
                "statuses": sorted(Counter(status for _, status in tries).items()),
                "left": sorted({int(lot.reste) for lot in left}),
            }
        )
    )


if __name__ == "__main__":
    main()
