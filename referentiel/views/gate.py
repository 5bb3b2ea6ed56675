"""Who may open a page of people, and how the pages answer what a service refuses."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from engine.errors import Blocked, Conflict, Forbidden
from referentiel.permissions import GRANTS, ReferentielPermission, is_granted

View = Callable[..., HttpResponse]


def needs(*permissions: ReferentielPermission) -> Callable[[View], View]:
    """Open a view to the holders of one of the permissions; the scope is checked by its query."""

    def decorate(view: View) -> View:
        @wraps(view)
        def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.affectation is None:
                return redirect("accueil")
            if not any(is_granted(request.user, permission) for permission in permissions):
                return forbidden(request)
            try:
                return view(request, *args, **kwargs)
            except Forbidden as error:
                return forbidden(request, error.message)
            except Conflict as error:
                return render(request, "409.html", {"message": error.message}, status=409)

        gated.roles = frozenset(  # type: ignore[attr-defined]
            str(role) for role, granted in GRANTS.items() if granted.intersection(permissions)
        )
        return gated

    return decorate


def forbidden(request: HttpRequest, message: str = "") -> HttpResponse:
    """403 in words: another role's act."""
    return render(request, "403.html", {"message": message}, status=403)


def done(form: Any, act: Callable[[], Any]) -> bool:
    """Do the act with a valid form; what blocks it is written beside its field."""
    try:
        act()
    except Blocked as error:
        for blocker in error.blockers:
            field = blocker.field if blocker.field in form.fields else None
            form.add_error(field, blocker.message)
        return False
    return True


def posted(request: HttpRequest) -> Any:
    """What was posted, even empty, else nothing: a form is bound by the method alone."""
    return request.POST if request.method == "POST" else None


def status_of(form: Any) -> int:
    """422 for a form sent back with its faults."""
    return 422 if form.is_bound and form.errors else 200
