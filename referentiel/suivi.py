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


def arret_token(*pks: UUID) -> str:
    """What ends the subscriptions of an address, good as long as one of those named goes on."""
    return signing.dumps(" ".join(map(str, pks)), salt=ARRET)


def confirmed_by(token: str) -> UUID | None:
    """The subscription a link confirms; None when it is old or altered."""
    found = _read(token, CONFIRMATION, VALIDITY)
    return found[0] if found else None


def ended_by(token: str) -> list[UUID]:
    """The subscriptions whose address a link frees; none when it is altered."""
    return _read(token, ARRET, None)


def _read(token: str, salt: str, max_age: timedelta | None) -> list[UUID]:
    try:
        return [UUID(pk) for pk in signing.loads(token, salt=salt, max_age=max_age).split()]
    except (signing.BadSignature, TypeError, ValueError, AttributeError):
        return []
