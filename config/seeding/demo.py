"""The whole demonstration: people, products, dossiers, in one transaction."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from access.services.chiffres import recompute
from config.seeding import demo_people, demo_stories
from config.seeding.acts import Monde
from config.seeding.products import exemplium
from config.seeding.publications import seed_publications
from config.seeding.story import tell
from engine import outbox
from engine.models import Outbox, OutboxStatus
from referentiel.demo import seed_criteria
from referentiel.demo_fiches import seed_sheets
from referentiel.roles import Role

Say = Callable[[str], object]
RENDERED = 4


def seed(say: Say) -> bool:
    """Make the demonstration once; False when it is already there."""
    if demo_people.already_there():
        return False
    with transaction.atomic():
        say("Organisations et comptes inventés")
        scene = demo_people.build()
        say("Produits de démonstration et critères fictifs")
        cadres = seed_criteria(by=scene.ansm[Role.GESTIONNAIRE_ANSM])
        seed_sheets(by=scene.ansm[Role.GESTIONNAIRE_ANSM])
        if len(cadres) < 3:
            cadres = [exemplium(by=scene.ansm[Role.GESTIONNAIRE_ANSM])]
        seed_publications(
            cadres[0].produit,
            by=scene.ansm[Role.GESTIONNAIRE_ANSM],
            relecteur=scene.ansm[demo_people.RELECTEUR],
        )
        say("Dossiers inventés, de la demande à la facturation")
        chu, clinique, nord = (
            Monde(hospital, scene.ansm) for hospital in (scene.chu, scene.clinique, scene.nord)
        )
        done = tell(demo_stories.stories(chu, clinique, nord, cadres))
        say(f"{done} actes faits par les services")
        recompute()
    return True


def render_first_documents(say: Say) -> None:
    """Build the newest decisions now, so that a first visit finds their PDF; the rest follows."""
    rows = Outbox.objects.filter(kind="document", status=OutboxStatus.PENDING)
    chosen = rows.filter(name="decision_aac").order_by("-created_at")[:RENDERED]
    count = sum(outbox.deliver(pk) for pk in list(chosen.values_list("pk", flat=True)))
    say(f"{count} décisions en PDF ; les autres documents sont préparés ensuite")
