"""What the page of prices shows."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, Min, OuterRef, QuerySet

from billing.models import Prix
from billing.permissions import BillingPermission, is_granted
from referentiel.models import Specialite


def prices(user: Any) -> QuerySet[Prix]:
    """The prices of the establishment, by medicine, latest first."""
    return Prix.objects.visible_to(user).select_related("specialite", "saisi_par")


def dispensed_specialites(user: Any) -> QuerySet[Specialite]:
    """The medicines the establishment has dispensed, with the first day of each."""
    if not is_granted(user, BillingPermission.VIEW_PRIX):
        return Specialite.objects.none()
    return (
        Specialite.objects.filter(dispensations__etablissement_id=user.affectation.organisation_id)
        .annotate(premiere=Min("dispensations__jour"))
        .order_by("libelle")
    )


def unpriced_specialites(user: Any) -> QuerySet[Specialite]:
    """Those without any price: their lines are blocked."""
    known = Prix.objects.visible_to(user).filter(specialite=OuterRef("pk"))
    return dispensed_specialites(user).filter(~Exists(known))
