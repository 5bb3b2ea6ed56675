"""Many processes do the same step on the same dossiers at the same instant; prints who won.

Usage: python -m tests.real.race PROCESSES STEP:DOSSIERS…
"""

import json
import sys
from collections import Counter

import django

from tests.real.together import together

MOVES = {
    "grant": ("EN_INSTRUCTION", "decideur"),
    "submit": ("BROUILLON", "prescripteur"),
    "transmit": ("A_VALIDER_PUI", "pharmacien"),
    "return_to_prescripteur": ("A_VALIDER_PUI", "pharmacien"),
    "start_review": ("TRANSMISE_ANSM", "evaluateur"),
    "ask_complement": ("EN_INSTRUCTION", "evaluateur"),
    "refuse": ("EN_INSTRUCTION", "decideur"),
    "withdraw": ("A_VALIDER_PUI", "prescripteur"),
    "propose": ("EN_INSTRUCTION", "evaluateur"),
    "grant_or_refuse": ("EN_INSTRUCTION", "decideur"),
}
# Half of the processes try the one, half the other, on the same dossier.
RIVALS = {"grant_or_refuse": ("grant", "refuse")}


def acts_of(step):
    """The steps that race under one name."""
    return RIVALS.get(step, (step,))


def no_relay():
    """A step rings the doorbell and nobody answers: racers race, they deliver nothing."""
    from celery import current_app

    current_app.conf.task_always_eager = False


def prepare(wanted):
    """For each step, the dossiers at the state before it and the affectation that may do it."""
    from django.db import transaction

    from tests.factories.dossiers import many_at, monde, walk

    heats = []
    with transaction.atomic():
        m = monde()
        for step, count in wanted.items():
            state, person = MOVES[step]
            found = many_at(state, m, count)
            if "refuse" in acts_of(step):
                found = [walk(dossier, m, "contact") for dossier in found]
            ids = [(str(dossier.pk), dossier.version) for dossier in found]
            heats.append((step, ids, str(getattr(m, person).affectation.pk)))
    return heats


def race(heats, rank, barrier, queue):
    """One process: try each step on each of its dossiers, all together at the barrier.

    An error that is not a refusal counts as 500 and the race goes on, so that it is seen.
    """
    no_relay()
    from access.models import DemandeAac
    from engine.errors import StepError
    from engine.steps import perform
    from referentiel.models import Affectation
    from tests.access.test_matrix import inputs

    results = []
    for step, ids, affectation_id in heats:
        affectation = Affectation.objects.for_display().get(pk=affectation_id)
        by = affectation.user.acting(affectation)
        acts = acts_of(step)
        act = acts[rank % len(acts)]
        for pk, version in ids:
            dossier = DemandeAac.objects.get(pk=pk)
            data = inputs(act, dossier)
            status = 200
            barrier.wait(timeout=120)
            try:
                perform(dossier, act, by=by, version=version, **data)
            except StepError as error:
                status = error.status
            except Exception as error:
                print(f"{act}: {error!r}", file=sys.stderr)
                status = 500
            results.append((step, pk, status))
    queue.put(results)


def outcome(step, ids, tries):
    """What the race of one step left behind."""
    from access.models import Aac, Decision
    from engine.models import Entry

    mine = [(pk, status) for name, pk, status in tries if name == step]
    winners = Counter(pk for pk, status in mine if status == 200)
    raced = [pk for pk, _ in ids]
    return {
        "winners": sorted(Counter(winners[pk] for pk in raced).items()),
        "statuses": sorted(Counter(status for _, status in mine).items()),
        "entries": _count(Entry.objects.filter(action__in=acts_of(step)), "subject_id", raced),
        "granted": _count(Entry.objects.filter(action="grant"), "subject_id", raced),
        "decisions": _count(Decision.objects, "dossier_id", raced),
        "aac": _count(Aac.objects, "parent_id", raced),
    }


def _count(rows, column, ids):
    """How many rows belong to these, asked by five hundred."""
    slices = (ids[start : start + 500] for start in range(0, len(ids), 500))
    return sum(rows.filter(**{f"{column}__in": some}).count() for some in slices)


def main():
    """Prepare, race, count."""
    django.setup()
    no_relay()
    processes = int(sys.argv[1])
    wanted = {step: int(count) for step, count in (word.split(":") for word in sys.argv[2:])}
    heats = prepare(wanted)
    tries = together(race, [(heats, rank) for rank in range(processes)])
    from engine.journal import flaws

    result = {step: outcome(step, ids, tries) for step, ids, _ in heats}
    result["flaws"] = sum(1 for _ in flaws())
    print(json.dumps(result))


if __name__ == "__main__":
    main()
