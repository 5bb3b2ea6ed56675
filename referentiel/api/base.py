"""The base of every API view: who may open it, said once, read by the permission and the docs."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from engine.api_parsers import OneFormat
from referentiel.middleware import lacks_second_factor
from referentiel.models import ApiToken, Portee
from referentiel.roles import Role


class ActsUnderRole(BasePermission):
    """An affectation in force, of a role the view opens to, within the token's scopes."""

    def has_permission(self, request: Request, view: Any) -> bool:
        user = request.user
        if not user or not user.is_authenticated:
            return False
        affectation = getattr(user, "affectation", None)
        if affectation is None:
            raise PermissionDenied("Choisissez d'abord le rôle sous lequel vous agissez.")
        if affectation.roles.isdisjoint(view.roles_for(request.method)):
            raise PermissionDenied("Votre rôle n'ouvre pas cette adresse.")
        token = request.auth
        scope = Portee.LECTURE if request.method in SAFE_METHODS else Portee.ECRITURE
        if isinstance(token, ApiToken):
            if not token.allows(scope):
                raise PermissionDenied(f"Ce jeton n'a pas la portée « {scope.label} ».")
        elif lacks_second_factor(request._request):
            raise PermissionDenied("Activez d'abord votre second facteur.")
        return True


class RoleView(APIView):
    """A view open to some roles; each method may be open to fewer."""

    permission_classes = [ActsUnderRole]
    content_negotiation_class = OneFormat
    roles: ClassVar[frozenset[str]] = frozenset()
    method_roles: ClassVar[dict[str, frozenset[str]]] = {}

    @classmethod
    def roles_for(cls, method: str | None) -> frozenset[str]:
        """The roles that may call this method."""
        return cls.method_roles.get(method or "", cls.roles)


EVERY_ROLE: frozenset[str] = frozenset(Role.values)
