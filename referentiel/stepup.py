"""Step-up: before a serious act, the person shows again, within 30 minutes, who they are."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from referentiel.middleware import is_demo_session

View = Callable[..., HttpResponse]


def needed(request: HttpRequest) -> bool:
    """True when the person has not confirmed who they are for 30 minutes (real time)."""
    if not settings.PLACET_STRONG_LOGIN or is_demo_session(request):
        return False
    return bool(is_reauthentication_required(request, app="referentiel"))


def check(request: HttpRequest) -> None:
    """Send the person to the confirmation page if needed; what they posted is done after it."""
    if needed(request):
        raise ReauthenticationRequired


def required(view: View) -> View:
    """A view that asks for a recent confirmation, when read as when posted."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        check(request)
        return view(request, *args, **kwargs)

    return guarded
