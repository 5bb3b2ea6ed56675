"""What may be found, and what was opened, outside one's own services."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from access.models import Dossier, OuvertureUrgence
from access.querysets import DossierQuerySet
from engine.clocks import now, today
from referentiel import parametres
from referentiel.models import Service


def closed_dossiers(ipp: str, user: Any) -> DossierQuerySet:
    """The dossiers of a patient of the same establishment that the person cannot read."""
    seen = Dossier.objects.visible_to(user).values("pk")
    found = Dossier.objects.filter(
        organisation_id=user.affectation.organisation_id, patient__ipp=ipp.strip()
    )
    return found.exclude(service=None).exclude(pk__in=seen)


def services_holding(ipp: str, user: Any) -> list[Service]:
    """All that is said before a reason is given: « un dossier existe dans le service X »."""
    keys = closed_dossiers(ipp, user).values("service_id")
    return list(Service.objects.filter(pk__in=keys).order_by("nom"))


def readable_dossiers(ipp: str, user: Any) -> list[Dossier]:
    """Those of the patient the person already reads: no emergency is needed."""
    found = Dossier.objects.visible_to(user).filter(patient__ipp=ipp.strip())
    return list(found.order_by("-touched_at")[:10])


def openings_for_head(user: Any) -> QuerySet[OuvertureUrgence]:
    """The emergency openings of the last days in the services the person heads."""
    days = int(parametres.valeur("urgence.affichage_jours", today()))
    since = now() - timedelta(days=days)
    return (
        OuvertureUrgence.objects.filter(dossier__service__chef_id=user.pk, le__gte=since)
        .filter(dossier__organisation_id=user.affectation.organisation_id)
        .select_related("par", "dossier", "dossier__service")
    )
