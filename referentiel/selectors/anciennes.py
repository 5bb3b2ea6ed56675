"""Addresses that still circulate, and products merged since: where they lead now."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from django.urls import reverse

from referentiel.models import AncienneAdresse

LONGEST = 300


def destination_of(chemin: str) -> str:
    """The address that replaces one that leads nowhere; empty when none is known."""
    wanted = chemin.strip("/")
    if not wanted or len(wanted) > LONGEST or "\0" in wanted:
        return ""
    # The last segment is what people remember of a page that was elsewhere.
    names = {wanted, f"/{wanted}", f"/{wanted}/", wanted.rsplit("/", 1)[-1]}
    found = AncienneAdresse.objects.filter(chemin__in=names)
    row = max(found, key=lambda row: len(row.chemin), default=None)
    if row is None:
        return ""
    if row.produit_id:
        return reverse("referentiel:produit", args=[row.produit_id])
    return row.destination if row.destination.startswith("/") else ""


def merged() -> set[UUID]:
    """The products whose own address leads to the product they were grouped into."""
    base = reverse("referentiel:produit", args=[UUID(int=0)]).split(str(UUID(int=0)))[0]
    paths = AncienneAdresse.objects.filter(chemin__startswith=base, produit__isnull=False)
    found = set()
    for path in paths.values_list("chemin", flat=True):
        with suppress(ValueError):
            found.add(UUID(path.removeprefix(base).strip("/")))
    return found
