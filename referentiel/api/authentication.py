"""A Bearer token acts as its affectation, read again at each request."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from referentiel.selectors.jetons import affectation_held
from referentiel.services.jetons import find_token

REFUSED = "Ce jeton est inconnu, expiré ou révoqué."


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer plc_…`."""

    keyword = "Bearer"

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != self.keyword.lower().encode():
            return None
        if len(parts) != 2:
            raise AuthenticationFailed("Écrivez « Authorization: Bearer <jeton> ».")
        try:
            token = find_token(parts[1].decode("ascii"))
        except UnicodeDecodeError:
            token = None
        if token is None:
            raise AuthenticationFailed(REFUSED)
        affectation = affectation_held(token.affectation_id)
        if affectation is None:
            raise AuthenticationFailed("Le rôle de ce jeton a pris fin.")
        return affectation.user.acting(affectation), token

    def authenticate_header(self, request: Request) -> str:
        return self.keyword


class TokenScheme(OpenApiAuthenticationExtension):
    """How the schema tells it."""

    target_class = TokenAuthentication
    name = "jeton"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "Jeton créé dans « Jetons d'API ».",
        }
