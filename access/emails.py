"""E-mails: who receives one, and what it says – an event, a number, a link behind login.

Never a verdict, a product, an indication, initials, an age or a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from access.models import Dossier, Message
from access.selectors.attente import AT_AGENCY
from access.selectors.recipients import (
    Recipient,
    may_still_receive,
    recipient_of,
    recipients,
    works_for,
)
from access.selectors.touches import unseen_count
from access.states import AacState, Audience, DemandeAacState
from engine.journal import subject_type
from engine.models import Entry, Outbox
from engine.outbox import Draft, Effect, Undeliverable, expander, handler
from referentiel import emails as accounts
from referentiel import emails_suivi as followers
from referentiel.models import Pui, User
from referentiel.roles import Role

# A mail that calls for an act makes no sense once the dossier has moved on.
ONLY_WHILE: dict[str, set[str]] = {
    "demande_a_valider": {DemandeAacState.A_VALIDER_PUI},
    "demande_a_rappeler": {DemandeAacState.A_VALIDER_PUI},
    "demande_en_attente": set(AT_AGENCY),
    "demande_retournee": {DemandeAacState.RETOURNEE_PRESCRIPTEUR},
    "complement_demande": {DemandeAacState.COMPLEMENT_DEMANDE},
    "complement_rappel": {DemandeAacState.COMPLEMENT_DEMANDE},
    "complement_relance": {DemandeAacState.COMPLEMENT_DEMANDE},
    "rappel_expiration": {AacState.ACTIVE, AacState.A_VENIR},
}
# A mail that says it is someone's turn leaves when the turn has come.
ON_TURN: dict[str, str] = {"complement_repondu": Role.PHARMACIEN}


@expander("email")
def expand(subject: Any, effect: Effect, entry: Entry) -> list[Draft]:
    """One row for each holder of the effect's roles on the dossier; who acted is not written to."""
    turn = ON_TURN.get(effect.name)
    if turn is not None and subject.tour != turn:
        return []
    return drafts(
        subject, effect.name, effect.to, key=f"email:{effect.name}:{entry.pk}", but=entry.actor_id
    )


def drafts(
    dossier: Any, kind: str, roles: Iterable[str], *, key: str, but: Any = None
) -> list[Draft]:
    """The rows of one mail about a dossier, one per recipient; `but` is left out."""
    return [
        Draft("email", kind, f"{key}:{recipient}", recipient=recipient)
        for recipient in recipients(dossier, roles)
        if recipient != f"user:{but}"
    ]


def message_drafts(message: Message) -> list[Draft]:
    """The rows telling the other readers of a message that it waits for them."""
    roles = [Role.PRESCRIPTEUR, Role.PHARMACIEN]
    if message.audience == Audience.AGENCE:
        roles.append(Role.EVALUATEUR_ANSM)
    author = message.auteur.affectation
    if author is not None and author.role == Role.PHARMACIEN:
        roles.remove(Role.PHARMACIEN)
    key = f"email:message_recu:{message.pk}"
    return drafts(message.dossier, "message_recu", roles, key=key, but=message.auteur_id)


@handler("email")
def deliver(row: Outbox) -> None:
    """Check the right once more, then send; the Message-ID is the row's, the same each time."""
    recipient = recipient_of(row.recipient)
    if recipient is None:
        raise Undeliverable("destinataire fermé ou sans adresse")
    dossier = None
    if row.subject_type == subject_type(Dossier()):
        dossier = _still_due(row, recipient)
    else:
        _still_listed(row, recipient)
    message(row, recipient, dossier).send(fail_silently=False)


def _still_due(row: Outbox, recipient: Recipient) -> Dossier:
    dossier = Dossier.objects.filter(pk=row.subject_id).first()
    if dossier is None:
        raise Undeliverable("dossier effacé")
    if dossier.state not in ONLY_WHILE.get(row.name, {dossier.state}):
        raise Undeliverable("le dossier a avancé")
    if not may_still_receive(recipient, dossier):
        raise Undeliverable("dossier hors de la vue du destinataire")
    return dossier


def _still_listed(row: Outbox, recipient: Recipient) -> None:
    """An alert about a list makes no sense once all is seen, or to someone who left."""
    pui = Pui.objects.filter(pk=row.payload.get("pui")).first()
    if pui is None:
        return
    if not unseen_count(pui):
        raise Undeliverable("déjà vu")
    if recipient.user is not None and not works_for(recipient.user, pui):
        raise Undeliverable("le destinataire a quitté la pharmacie")


def message(row: Outbox, recipient: Recipient, dossier: Dossier | None) -> EmailMessage:
    """The mail of a row, ready to leave."""
    subject, body = render(row.name, dossier, _listed(row))
    headers = {"Message-ID": row.message_id, "Auto-Submitted": "auto-generated"}
    return EmailMessage(subject, body, to=[recipient.address], headers=headers)


def render(
    kind: str, dossier: Dossier | None, listed: dict[str, Any] | None = None
) -> tuple[str, str]:
    """Subject on one line and body, from the templates of the kind."""
    context = {
        "numero": dossier.nom_affiche if dossier else "",
        "lien": _link(dossier),
        "adresse_placet": settings.PLACET_BASE_URL,
        "simulation": settings.PLACET_SIMULATION,
        **(listed or {}),
    }
    subject = render_to_string(f"emails/{kind}/sujet.txt", context)
    return " ".join(subject.split()), render_to_string(f"emails/{kind}/corps.txt", context)


def _listed(row: Outbox) -> dict[str, Any] | None:
    """For an alert to a pharmacy: how many of its dossiers wait, and where they are listed."""
    if "pui" not in row.payload:
        return None
    pui = Pui.objects.get(pk=row.payload["pui"])
    address = settings.PLACET_BASE_URL + reverse("access:changements")
    return {"nombre": unseen_count(pui), "lien": address}


def _link(dossier: Dossier | None) -> str:
    """The page of the dossier, behind login."""
    page = reverse("access:dossier", args=[dossier.pk]) if dossier else ""
    return settings.PLACET_BASE_URL + page


def preview(rows: Iterable[Outbox]) -> list[dict[str, str | datetime | None]]:
    """The mails of the demonstration as people read them, those about accounts included."""
    found: list[dict[str, str | datetime | None]] = []
    for row in rows:
        mail = _previews.get(row.kind, _dossier_mail)(row)
        if mail is not None:
            found.append(
                {
                    "a": mail.to[0],
                    "le": row.sent_at,
                    "sujet": str(mail.subject),
                    "corps": str(mail.body),
                }
            )
    return found


def _account_mail(row: Outbox) -> EmailMessage | None:
    user = User.objects.filter(pk=cast(UUID, row.subject_id)).first()
    return accounts.message(row, user) if user else None


def _followed_mail(row: Outbox) -> EmailMessage | None:
    try:
        return followers.message(row)
    except Undeliverable:
        return None


def _dossier_mail(row: Outbox) -> EmailMessage | None:
    recipient = recipient_of(row.recipient)
    dossier = Dossier.objects.filter(pk=row.subject_id).first()
    known = dossier is not None or "pui" in row.payload
    return message(row, recipient, dossier) if recipient and known else None


_previews: dict[str, Callable[[Outbox], EmailMessage | None]] = {
    accounts.KIND: _account_mail,
    followers.KIND: _followed_mail,
}
