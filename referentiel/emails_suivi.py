"""E-mails about the public register, to addresses without an account; their links are made late.

They hold names of products and public addresses only; each one says how to stop, in one click.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from engine.models import Outbox
from engine.outbox import Undeliverable, handler
from referentiel import suivi
from referentiel.models import Abonnement
from referentiel.selectors.abonnements import changed_since, of_same_address

KIND = "suivi_email"
CONFIRMER, RESUME = "suivi_confirmer", "suivi_resume"
LISTED = 50
NAMED = 8  # subscriptions a link to stop names: it holds while one of them goes on


@handler(KIND)
def deliver(row: Outbox) -> None:
    """Check that the address still wants it, then send under the row's Message-ID."""
    message(row).send(fail_silently=False)


def message(row: Outbox) -> EmailMessage:
    """The mail of a row, ready to leave."""
    held = _held(row)
    if held is None:
        raise Undeliverable("abonnement terminé")
    if row.name == CONFIRMER and held.confirme_le is None:
        context = _confirmation(held)
    elif row.name == RESUME and held.confirme_le is not None:
        context = _digest(row, held)
    else:
        raise Undeliverable("sans objet")
    context |= {"adresse_placet": settings.PLACET_BASE_URL, "arret": _arret(held)}
    context["simulation"] = settings.PLACET_SIMULATION
    subject = " ".join(render_to_string(f"emails/{row.name}/sujet.txt", context).split())
    body = render_to_string(f"emails/{row.name}/corps.txt", context)
    headers = {
        "Message-ID": row.message_id,
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{_arret(held)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return EmailMessage(subject, body, to=[held.courriel], headers=headers)


def _held(row: Outbox) -> Abonnement | None:
    """The subscription a row names, else one of those its digest told of."""
    first = UUID(row.payload.get("abonnement") or uuid4().hex)
    named = {first, *map(UUID, row.payload.get("depuis", {}))}
    rows = Abonnement.objects.filter(pk__in=named).order_by("confirme_le", "pk")
    return next((one for one in rows if one.pk == first), rows.first())


def _confirmation(held: Abonnement) -> dict[str, Any]:
    token = urlencode({"jeton": suivi.confirmation_token(held.pk)})
    return {
        "objet": held.produit.nom if held.produit else "",
        "lien": f"{settings.PLACET_BASE_URL}{reverse('referentiel:suivi_confirmer')}?{token}",
    }


def _digest(row: Outbox, held: Abonnement) -> dict[str, Any]:
    """What changed of what the address still follows, between the two moments of the row."""
    rows = list(of_same_address([held.pk]).exclude(confirme_le=None))
    until = datetime.fromisoformat(row.payload["jusqu"])
    found = changed_since(rows, row.payload["depuis"], until=until)
    if not found:
        raise Undeliverable("plus rien de suivi n'a changé")
    base = settings.PLACET_BASE_URL
    return {
        "produits": [
            {"nom": p.nom, "lien": base + reverse("referentiel:produit", args=[p.pk])}
            for p in found[:LISTED]
        ],
        "autres": max(len(found) - LISTED, 0),
        "lien": base + reverse("referentiel:changements"),
    }


def _arret(held: Abonnement) -> str:
    others = of_same_address([held.pk]).exclude(pk=held.pk).order_by("demande_le", "pk")
    named = [held.pk, *others.values_list("pk", flat=True)[: NAMED - 1]]
    token = urlencode({"jeton": suivi.arret_token(*named)})
    return f"{settings.PLACET_BASE_URL}{reverse('referentiel:suivi_arreter')}?{token}"
