"""Who acts in this request, and whether they have shown enough to act so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from redis.exceptions import RedisError

from referentiel.roles import SECOND_FACTOR_ROLES
from referentiel.selectors.people import (
    affectation_picked,
    affectations_in_force,
    has_second_factor,
)

SESSION_KEY = "affectation"
# Set by the demonstration's banner: the session was opened without password.
DEMO_LOGIN = "placet_demo_login"

GetResponse = Callable[[HttpRequest], HttpResponse]


def is_demo_session(request: HttpRequest) -> bool:
    """True for a session the banner of the demonstration opened; never true in real use."""
    real = settings.PLACET_PRODUCTION or settings.PLACET_AUTHORITY_KEY
    return settings.PLACET_DEMO and not real and request.session.get(DEMO_LOGIN, False)


class AffectationMiddleware:
    """Set `request.user.affectation`; none means that nothing of a hospital is visible.

    What may be picked is read once, for the page too (`request.affectations`). A picked role
    that has ended is not silently replaced by another: the person picks again.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            held = affectations_in_force(request.user)
            request.affectations = held  # type: ignore[attr-defined]
            request.user.affectation = affectation_picked(held, request.session.get(SESSION_KEY))
        return self.get_response(request)


def lacks_second_factor(request: HttpRequest) -> bool:
    """True when the role asks for a second factor that this session's person has not activated."""
    user = request.user
    if not settings.PLACET_STRONG_LOGIN or not user.is_authenticated:
        return False
    affectation = getattr(user, "affectation", None)
    asked = user.is_staff or (affectation is not None and affectation.role in SECOND_FACTOR_ROLES)
    return asked and not is_demo_session(request) and not has_second_factor(user)


class SecondFactorMiddleware:
    """Agencies, administrators and technical accounts act only once they have a second factor."""

    # What one may reach without it: activating it, confirming who one is, leaving, another role.
    OPEN = frozenset({"account_logout", "account_reauthenticate", "affectation", "demo_devenir"})
    OPEN_PREFIX = "mfa_"
    # Views of the API declare no login of their own: here they are never public.
    API = "/api/"

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Redirect to the activation of the second factor; an API call gets 403."""
        if self._is_open(request, view) or not lacks_second_factor(request):
            return None
        if request.path.startswith(self.API):
            return JsonResponse({"detail": "Second facteur à activer."}, status=403)
        return HttpResponseRedirect(reverse("mfa_activate_totp"))

    def _is_open(self, request: HttpRequest, view: Any) -> bool:
        name = request.resolver_match.view_name if request.resolver_match else ""
        public = not getattr(view, "login_required", True) and not (
            name == "accueil" or request.path.startswith(self.API)
        )
        return public or name in self.OPEN or name.startswith(self.OPEN_PREFIX)


class LoginClosedMiddleware:
    """Without the cache the login limits cannot be counted: the door closes, with a sentence."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """503 in words when Redis does not answer."""
        if not isinstance(error, RedisError):
            return None
        response = render(request, "503.html", status=503)
        response.headers["Retry-After"] = "30"
        return response
