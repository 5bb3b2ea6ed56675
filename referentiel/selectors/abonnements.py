"""What a subscription covers, and what changed in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from referentiel.models import Abonnement, Changement, Produit


def of_same_address(pks: Collection[UUID]) -> QuerySet[Abonnement]:
    """Every subscription of the address that holds one of these."""
    address = Abonnement.objects.filter(pk__in=pks).values("courriel")
    return Abonnement.objects.filter(courriel__in=address)


def followed(pks: Collection[UUID]) -> list[Abonnement]:
    """The subscriptions of an address, for the page that ends them."""
    return list(of_same_address(pks).exclude(confirme_le=None).select_related("produit"))


def changed_since(
    rows: Iterable[Abonnement], since: Mapping[str, str], *, until: datetime
) -> list[Produit]:
    """The products that changed, each subscription counted from its own last mail, by name."""
    wanted = Q(pk__in=[])
    for row in rows:
        begin = since.get(str(row.pk))
        if begin is None:
            continue
        span = Q(le__gt=datetime.fromisoformat(begin), le__lte=until)
        wanted |= span if row.produit_id is None else span & Q(produit=row.produit_id)
    touched = Changement.objects.filter(wanted).order_by().values("produit")
    return list(Produit.objects.filter(pk__in=touched).only("pk", "nom").order_by("nom", "pk"))
