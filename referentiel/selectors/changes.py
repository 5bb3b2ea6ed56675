"""What pages, feeds and the API read of the public log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from referentiel.models import Cadre, Changement, Produit
from referentiel.states import NatureChangement


def changes(produit: Produit | None = None, *, since: datetime | None = None) -> QuerySet[Any]:
    """Lines of the log, newest first: of one product or of all, since a moment."""
    found = Changement.objects.select_related("produit", "cadre").order_by("-le", "-pk")
    if produit is not None:
        found = found.filter(produit=produit)
    return found.filter(le__gt=since) if since is not None else found


def last_closing(cadre: Cadre) -> Changement | None:
    """The line of the log that last said a cadre closed, with its source."""
    said = Changement.objects.filter(cadre=cadre, nature=NatureChangement.CADRE_FERME)
    return said.order_by("-le").first()
