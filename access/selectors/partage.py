"""With whom a dossier is or may be shared."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from engine.clocks import today
from referentiel.models import Affectation, User
from referentiel.roles import Role


def colleagues(dossier: Any) -> QuerySet[User]:
    """Those who prescribe in the same establishment and are not already on the dossier."""
    prescribing = Q(role=Role.PRESCRIPTEUR) | Q(role=Role.INTERNE, pui=None)
    held = Affectation.objects.in_force(today()).filter(
        prescribing, organisation_id=dossier.organisation_id
    )
    found = User.objects.filter(pk__in=held.values("user_id")).exclude(pk=dossier.prescripteur_id)
    return found.exclude(pk__in=shared_with(dossier).values("pk")).order_by("nom", "prenom")


def shared_with(dossier: Any) -> QuerySet[User]:
    """Its co-prescribers."""
    return dossier.coprescripteurs.order_by("nom", "prenom")
