"""API tokens: made for one's own affectation, shown once, revoked at any time."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta
from hmac import compare_digest
from typing import Any

from django.db import transaction

from engine import journal
from engine.clocks import real_now
from engine.errors import Forbidden, InvalidInput
from referentiel.models import Affectation, ApiToken, Portee

LONGEST = 365
PER_AFFECTATION = 20
MARK = "plc"
USED_EVERY = timedelta(minutes=1)


@transaction.atomic
def create_token(
    *, by: Any, affectation: Affectation, libelle: str, scopes: Iterable[str], jours: int
) -> tuple[ApiToken, str]:
    """Make a token that acts as this affectation; its secret is returned once, never stored."""
    if affectation.user_id != by.pk:
        raise Forbidden("Un jeton n'agit qu'au nom de la personne qui le crée.")
    asked = sorted(set(scopes))
    if not asked or not set(asked) <= set(Portee.values):
        raise InvalidInput("Choisissez au moins une portée.", errors={"scopes": ["À choisir."]})
    if not 1 <= jours <= LONGEST:
        sentence = f"Un jeton dure de 1 à {LONGEST} jours."
        raise InvalidInput(sentence, errors={"jours": [sentence]})
    at = real_now()
    if affectation.jetons.usable(at).count() >= PER_AFFECTATION:
        raise InvalidInput(f"{PER_AFFECTATION} jetons sont déjà ouverts : révoquez-en un d'abord.")
    secret = secrets.token_urlsafe(32)
    token = ApiToken(
        affectation=affectation,
        libelle=libelle,
        prefix=secrets.token_hex(6),
        secret_sha256=digest(secret),
        scopes=asked,
        created_at=at,
        expires_at=at + timedelta(days=jours),
    )
    token.full_clean()
    token.save(force_insert=True)
    journal.record(token, "create", by=by, label="Jeton d'API créé", locked=True, scopes=asked)
    return token, f"{MARK}_{token.prefix}_{secret}"


@transaction.atomic
def revoke_token(token: ApiToken, *, by: Any) -> ApiToken:
    """End a token now; a second time changes nothing."""
    locked = ApiToken.objects.select_for_update().get(pk=token.pk)
    if locked.affectation.user_id != by.pk:
        raise Forbidden("Ce jeton est celui d'une autre personne.")
    if locked.revoked_at is None:
        locked.revoked_at = real_now()
        locked.save(update_fields=["revoked_at"])
        journal.record(locked, "revoke", by=by, label="Jeton d'API révoqué", locked=True)
    return locked


def find_token(text: str) -> ApiToken | None:
    """The usable token this text is, compared in constant time; its use is dated."""
    mark, _, rest = text.partition("_")
    prefix, _, secret = rest.partition("_")
    if mark != MARK or not prefix.isascii() or "\0" in prefix:
        return None
    at = real_now()
    found = ApiToken.objects.usable(at).filter(prefix=prefix[:12]).first()
    known = found.secret_sha256 if found is not None else digest("")
    if not compare_digest(known, digest(secret)) or found is None:
        return None
    _date_use(found, at)
    return found


def digest(secret: str) -> str:
    """What is kept of a secret: it has 256 random bits, a fast hash is enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _date_use(token: ApiToken, at: Any) -> None:
    """Once a minute at most: reading the API does not become writing to the database."""
    if token.last_used_at is None or at - token.last_used_at >= USED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)
