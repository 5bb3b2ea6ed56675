"""Who may open a page: the roles that hold a permission; others read why they may not."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from access.permissions import AccessPermission, has, holding

View = Callable[..., HttpResponse]


def needs(*permissions: AccessPermission) -> Callable[[View], View]:
    """Open a view to the holders of one of the permissions; the scope is checked by its query."""

    def decorate(view: View) -> View:
        @wraps(view)
        def gated(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if request.user.affectation is None:
                return redirect("accueil")
            if not any(has(request.user, permission) for permission in permissions):
                return forbidden(request)
            return view(request, *args, **kwargs)

        gated.roles = holding(*permissions)
        return gated

    return decorate


def forbidden(request: HttpRequest, message: str = "") -> HttpResponse:
    """403 in words: visible perhaps, but another role's act."""
    return render(request, "403.html", {"message": message}, status=403)
