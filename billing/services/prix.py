"""Purchase prices enter with their source; a new price ends the one before it, or corrects it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from billing.errors import Refus
from billing.models import Prix
from engine import clocks, journal
from referentiel.models import Etablissement, Specialite


@transaction.atomic
def record_price(
    *,
    etablissement: Etablissement,
    specialite: Specialite,
    prix_unitaire_ttc: Decimal,
    source: str,
    debut: date,
    fin: date | None = None,
    by: Any,
) -> Prix:
    """Record a unit price from a day on; the open price before it ends the day before.

    From the first day of a known price, it is that one, corrected: the journal keeps what it was.
    """
    Etablissement.objects.select_for_update().get(pk=etablissement.pk)
    others = Prix.objects.filter(etablissement=etablissement, specialite=specialite)
    previous = others.filter(fin=None, debut__lt=debut).first()
    if previous is not None:
        previous.fin = debut - timedelta(days=1)
        previous.save(update_fields=["fin"])
        journal.record(previous, "close_price", by=by)
    known = others.filter(debut=debut).first()
    overlap = others.exclude(debut=debut).filter(Q(fin=None) | Q(fin__gte=debut))
    if fin is not None:
        overlap = overlap.filter(debut__lte=fin)
    if overlap.exists():
        raise Refus(
            "Un autre prix de cette spécialité couvre déjà une partie de ces jours\u00a0: "
            "choisissez des dates qui ne se chevauchent pas."
        )
    prix = known or Prix(etablissement=etablissement, specialite=specialite, debut=debut)
    told: dict[str, Any] = {"ancien": str(prix.prix_unitaire_ttc)} if known else {}
    prix.prix_unitaire_ttc, prix.source, prix.fin = prix_unitaire_ttc, source, fin
    prix.saisi_par_id, prix.saisi_le = by.pk, clocks.now()
    try:
        prix.full_clean()
    except ValidationError as error:
        raise Refus(" ".join(error.messages)) from error
    prix.save()
    journal.record(prix, "correct_price" if known else "record_price", by=by, **told)
    return prix
