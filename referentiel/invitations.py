"""The one-time link of an invitation: signed, good for seven days of real time.

It seals the state of the password: once one is chosen, the link opens nothing.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from referentiel.models import User

SALT = "placet.invitation"
VALIDITY = timedelta(days=7)


def make_token(user: User) -> str:
    """A link's token; made when the mail leaves, never kept."""
    return signing.dumps({"u": str(user.pk), "p": _mark(user)}, salt=SALT)


def invited_by(token: str) -> User | None:
    """The person a token invites; None when it is old, altered or already used."""
    try:
        sealed = signing.loads(token, salt=SALT, max_age=VALIDITY)
        pk = UUID(sealed["u"])
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None
    user = User.objects.filter(pk=pk, is_active=True).first()
    if user is None or user.has_usable_password():
        return None
    return user if constant_time_compare(sealed.get("p", ""), _mark(user)) else None


def _mark(user: User) -> str:
    return salted_hmac(SALT, user.password).hexdigest()[:20]
