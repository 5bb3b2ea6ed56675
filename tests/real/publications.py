"""Gestionnaires who publish the same proposals at once, then clocks that apply the same ones.

Usage: python -m tests.real.publications PROPOSALS PROCESSES
"""

import json
import sys
from collections import Counter
from datetime import timedelta

import django

ACTS = ("publish", "apply_due")


def prepare(proposals, processes):
    """One person proposes; as many others may publish. Half is left validated and due today."""
    from django.db import transaction

    from engine.clocks import today
    from referentiel.models import Publication
    from referentiel.services.publications import propose, publish
    from referentiel.states import NaturePublication
    from tests.factories.medicines import medicament
    from tests.factories.people import gestionnaire

    def proposed(number, effet_le):
        return propose(
            nature=NaturePublication.PRODUIT,
            subject=medicament(ucd7=f"{9_400_000 + number}").produit,
            values={"dci": f"substance relue {number}"},
            effet_le=effet_le,
            motif="Course",
            by=author,
        )

    with transaction.atomic():
        author = gestionnaire()
        others = [gestionnaire() for _ in range(processes)]
        raced = [proposed(number, today()) for number in range(proposals)]
        tomorrow = today() + timedelta(days=1)
        due = [proposed(proposals + number, tomorrow) for number in range(proposals)]
        for publication in due:
            publish(publication, by=others[0])
        Publication.objects.filter(pk__in=[p.pk for p in due]).update(effet_le=today())
    ids = {"publish": [str(p.pk) for p in raced], "apply_due": [str(p.pk) for p in due]}
    return ids, [str(other.affectation.pk) for other in others]


def race(affectation_id, ids, barrier, queue):
    """One process: publish each proposal, then apply all that is due, together at the barrier."""
    from engine.clocks import today
    from engine.errors import StepError
    from referentiel.models import Affectation, Publication
    from referentiel.services.publications import apply_due, publish
    from tests.real.race import no_relay

    no_relay()
    affectation = Affectation.objects.for_display().get(pk=affectation_id)
    by = affectation.user.acting(affectation)
    told = []
    for pk in ids:
        held = Publication.objects.get(pk=pk)
        barrier.wait(timeout=120)
        told.append(("publish", attempt(lambda held=held: publish(held, by=by), StepError)))
    barrier.wait(timeout=120)
    try:
        told.append(("apply_due", apply_due(today())))
    except Exception as error:
        print(f"apply_due: {error!r}", file=sys.stderr)
        told.append(("apply_due", "error"))
    queue.put(told)


def attempt(act, refusal):
    """200, the status of a refusal, or 500 for what nobody foresaw."""
    try:
        act()
    except refusal as error:
        return error.status
    except Exception as error:
        print(f"publish: {error!r}", file=sys.stderr)
        return 500
    return 200


def outcome(ids):
    """What the race of some proposals left behind."""
    from engine.models import Entry
    from referentiel.models import Changement, Produit, Publication

    rows = Publication.objects.filter(pk__in=ids)
    produits = [row.produit_id for row in rows]
    entries = Entry.objects.filter(subject_id__in=ids).values_list("action", flat=True)
    return {
        "statuts": sorted(Counter(rows.values_list("statut", flat=True)).items()),
        "entries": sorted(Counter(entries).items()),
        "changements": Changement.objects.filter(produit__in=produits).count(),
        "written": Produit.objects.filter(
            pk__in=produits, dci__startswith="substance relue"
        ).count(),
    }


def main():
    """Prepare, race, count."""
    django.setup()
    from engine.journal import flaws
    from tests.real.race import no_relay
    from tests.real.together import together

    no_relay()
    proposals, processes = int(sys.argv[1]), int(sys.argv[2])
    ids, affectations = prepare(proposals, processes)
    told = together(race, [(affectation, ids["publish"]) for affectation in affectations])
    result = {act: outcome(ids[act]) for act in ACTS}
    statuses = Counter(status for act, status in told if act == "publish")
    result["publish"]["statuses"] = sorted(statuses.items())
    result["apply_due"]["applied"] = sum(count for act, count in told if act == "apply_due")
    result["flaws"] = sum(1 for _ in flaws())
    print(json.dumps(result))


if __name__ == "__main__":
    main()
