"""What the pages of stays show: identity, stay and billable units, nothing clinical."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Round

from access.models import Dispensation
from access.states import ContexteDispensation
from billing.models import Administration, Sejour
from billing.permissions import BillingPermission, is_granted


def stays(user: Any, *, ouverts: bool = False) -> QuerySet[Sejour]:
    """The stays of the establishment with their number of administrations."""
    rows = Sejour.objects.visible_to(user).select_related("patient")
    if ouverts:
        rows = rows.filter(sortie=None)
    return rows.annotate(nombre=Count("administrations")).order_by("-entree", "numero")


def administrations_of(sejour: Sejour) -> QuerySet[Administration]:
    """What was given during a stay, with the authorisation it comes from."""
    return sejour.administrations.select_related(
        "dispensation__titre", "dispensation__specialite", "dispensation__code_indication"
    ).order_by("jour", "saisi_le")


def pending_dispensations(user: Any) -> QuerySet[Dispensation]:
    """Dispensings for a stay whose units are not all accounted for, oldest first."""
    if not is_granted(user, BillingPermission.VIEW_SEJOURS):
        return Dispensation.objects.none()
    used = (
        Administration.objects.filter(dispensation=OuterRef("pk"))
        .order_by()
        .values("dispensation")
        .annotate(total=Sum(F("quantite") + F("perte")))
        .values("total")
    )
    number: DecimalField = DecimalField(max_digits=12, decimal_places=3)
    return (
        Dispensation.objects.filter(
            etablissement_id=user.affectation.organisation_id,
            contexte=ContexteDispensation.SEJOUR,
        )
        .annotate(
            # SQLite counts in floating point: rounded, nothing left is exactly nothing.
            reste=Round(
                F("quantite")
                - Coalesce(Subquery(used, output_field=number), Decimal(0), output_field=number),
                precision=3,
                output_field=number,
            )
        )
        .filter(reste__gt=0)
        .select_related("titre", "specialite", "patient")
        .order_by("jour", "le")
    )
