"""Messages people write on a dossier."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from access import emails
from access.models import Message
from access.permissions import AccessPermission, can
from access.services.sending import post_message
from engine import journal, outbox
from engine.clocks import now
from engine.errors import Forbidden


@transaction.atomic
def write_message(*, dossier: Any, by: Any, audience: str, texte: str) -> Message:
    """Post one message, signed, to its readers; the journal keeps the fact, not the text."""
    if not can(AccessPermission.WRITE_MESSAGE)(by, dossier):
        raise Forbidden("Votre rôle ne permet pas d'écrire sur ce dossier.")
    message = post_message(dossier, by=by, at=now(), audience=audience, texte=texte)
    journal.record(dossier, "post_message", by=by, label="Message écrit", audience=str(audience))
    outbox.write(dossier, emails.message_drafts(message))
    return message
