"""Browser and session rules that hold for every page."""

import re
import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware as DjangoLoginRequired
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_structlog.middlewares import RequestMiddleware

from engine.busy import BUSY_SECONDS, is_busy

GetResponse = Callable[[HttpRequest], HttpResponse]
RESET_KEY = re.compile(r"(/password/reset/key/)[^/]+-[^/]+/")


class ResourcePolicyMiddleware:
    """Other sites may not embed our resources nor use the device's sensors."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=()"
        )
        return response


class SessionLimitMiddleware:
    """Ends a session 4 hours after login; renews the 30 idle minutes at most once a minute.

    Real time on purpose: the demonstration clock never lengthens or ends a session.
    """

    STARTED, SEEN, RENEW_AFTER = "placet_started", "placet_seen", 60

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self.limit(request)
        return self.get_response(request)

    def limit(self, request: HttpRequest) -> None:
        current = int(time.time())
        started = request.session.setdefault(self.STARTED, current)
        if current - started > settings.PLACET_SESSION_MAX_AGE:
            logout(request)
        elif current - request.session.get(self.SEEN, 0) >= self.RENEW_AFTER:
            request.session[self.SEEN] = current


class BusyDatabaseMiddleware:
    """A page refused by a held lock says so: its transaction was undone, it can be sent again."""

    SENTENCE = (
        "Un autre enregistrement est en cours. Rien n'a été changé : revenez en arrière, "
        "vous y retrouverez ce que vous avez saisi, et recommencez dans quelques secondes."
    )

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """503 in words, with when to come back."""
        if not is_busy(error):
            return None
        response = render(request, "503.html", {"message": self.SENTENCE}, status=503)
        response.headers["Retry-After"] = BUSY_SECONDS
        return response


class SessionMiddleware(DjangoSessionMiddleware):
    """A session that could not be renewed because of a lock never spoils an answer already made."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except (OperationalError, SessionInterrupted) as error:
            fault: BaseException | None = error  # Django hides the lock behind its own words
            while fault is not None and not is_busy(fault):
                fault = fault.__context__
            if fault is None:
                raise
            return response


class LoginRequiredMiddleware(DjangoLoginRequired):
    """Login is required everywhere, except on views that say so and on the second step of login."""

    OPEN_VIEW_NAMES = frozenset({"mfa_authenticate"})

    def process_view(self, request, view_func, view_args, view_kwargs):
        if request.resolver_match.view_name in self.OPEN_VIEW_NAMES:
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


class RequestLogMiddleware(RequestMiddleware):
    """Request log without the query string, where a search could hold a name, nor a reset key."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        path = RESET_KEY.sub(r"\1…/", request.path)
        return f"{request.method} {path}"


class NoStoreMiddleware:
    """Pages seen while logged in are never kept by a browser or a proxy."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers["Cache-Control"] = "no-store, private"
        return response
