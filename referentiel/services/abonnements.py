"""Following a product by e-mail without an account: asked, confirmed, told once a day, ended.

An address gets one mail to confirm, and nothing more until it is confirmed; no answer says
whether an address is known.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from engine import clocks, outbox
from engine.outbox import Draft
from referentiel.emails_suivi import CONFIRMER, KIND, RESUME
from referentiel.models import Abonnement, Produit
from referentiel.selectors.abonnements import changed_since, of_same_address

# Written for an address that already follows, so that the page does the same work, then dropped.
DEJA = "suivi_deja"
UNCONFIRMED = timedelta(days=7)
# Unconfirmed subscriptions one address may have: beyond, no more mails to somebody who did not ask.
MAX_EN_ATTENTE = 5


@transaction.atomic
def subscribe(*, courriel: str, produit: Produit | None) -> None:
    """Ask to follow a product, or all: a mail asks the address itself to confirm."""
    address = courriel.strip().lower()
    at = clocks.now()
    held, _ = Abonnement.objects.get_or_create(
        courriel=address, produit=produit, defaults={"demande_le": at}
    )
    if held.confirme_le is None:  # asked again: the seven days begin again with the new link
        held.demande_le = at
        held.save(update_fields=["demande_le"])
    waiting = Abonnement.objects.filter(courriel=address, confirme_le=None).count()
    asks = held.confirme_le is None and waiting <= MAX_EN_ATTENTE
    name = CONFIRMER if asks else DEJA
    hour = clocks.real_now().strftime("%Y%m%d%H")
    outbox.write(
        None, [Draft(KIND, name, f"{name}:{held.pk}:{hour}", payload={"abonnement": str(held.pk)})]
    )


@transaction.atomic
def confirm(pk: UUID) -> Abonnement | None:
    """The address says yes; None when the subscription was erased meanwhile."""
    held = Abonnement.objects.select_for_update().filter(pk=pk).first()
    if held is not None and held.confirme_le is None:
        held.confirme_le = clocks.now()
        held.save()
    return held


@transaction.atomic
def unsubscribe(*pks: UUID, only: UUID | None = None) -> int:
    """End every subscription of the address, or one of them; returns how many were ended."""
    found = of_same_address(pks)
    if only is not None:
        found = found.filter(pk=only)
    return found.delete()[0]


def prepare_digests() -> int:
    """One mail per address and day listing what changed; run again, it adds nothing."""
    at, day = clocks.now(), clocks.today()
    by_address: dict[str, list[Abonnement]] = defaultdict(list)
    for row in Abonnement.objects.exclude(confirme_le=None).order_by("confirme_le", "pk"):
        by_address[row.courriel].append(row)
    return sum(_digest(rows, at, day) for rows in by_address.values() if not _told_on(rows, day))


def _told_on(rows: list[Abonnement], day: date) -> bool:
    """Whether the address already had its mail of the day."""
    sent = [row.dernier_envoi for row in rows if row.dernier_envoi]
    return any(clocks.local(at).date() >= day for at in sent)


@transaction.atomic
def _digest(rows: list[Abonnement], at: datetime, day: date) -> int:
    """Write the mail of one address when something it follows has changed since the last one."""
    since = {
        str(row.pk): begun.isoformat()
        for row in rows
        if (begun := row.dernier_envoi or row.confirme_le)
    }
    if not changed_since(rows, since, until=at):
        return 0
    payload = {"abonnement": str(rows[0].pk), "depuis": since, "jusqu": at.isoformat()}
    outbox.write(None, [Draft(KIND, RESUME, f"{RESUME}:{rows[0].pk}:{day}", payload=payload)])
    Abonnement.objects.filter(pk__in=[row.pk for row in rows]).update(dernier_envoi=at)
    return 1


def erase_unconfirmed() -> int:
    """Forget the addresses that never confirmed, seven days on."""
    old = Abonnement.objects.filter(confirme_le=None, demande_le__lt=clocks.now() - UNCONFIRMED)
    return old.delete()[0]
