"""The links of a subscription: signed, in real time; they name a row, never an address."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.core import signing

CONFIRMATION, ARRET = "placet.suivi.confirmation", "placet.suivi.arret"
VALIDITY = timedelta(days=3)


def confirmation_token(pk: UUID) -> str:
    """What confirms a subscription, good for three days."""
    return signing.dumps(str(pk), salt=CONFIRMATION)


def arret_token(pk: UUID) -> str:
    """What ends the subscriptions of an address, good as long as the mail is kept."""
    return signing.dumps(str(pk), salt=ARRET)


def confirmed_by(token: str) -> UUID | None:
    """The subscription a link confirms; None when it is old or altered."""
    return _read(token, CONFIRMATION, VALIDITY)


def ended_by(token: str) -> UUID | None:
    """The subscription whose address a link frees; None when it is altered."""
    return _read(token, ARRET, None)


def _read(token: str, salt: str, max_age: timedelta | None) -> UUID | None:
    try:
        return UUID(signing.loads(token, salt=salt, max_age=max_age))
    except (signing.BadSignature, TypeError, ValueError, AttributeError):
        return None
