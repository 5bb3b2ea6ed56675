"""API default: a view that declares no permission opens to nobody."""

from rest_framework.permissions import BasePermission


class DenyAll(BasePermission):
    """Refuses everybody; each API view states its own permission."""

    def has_permission(self, request, view) -> bool:
        return False
