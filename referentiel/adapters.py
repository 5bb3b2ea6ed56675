"""How allauth behaves here: accounts by invitation, mails through the outbox, safe redirects."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.db import transaction
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from referentiel import emails
from referentiel.models import User
from referentiel.services.accounts import choose_password

RESET, UNKNOWN = "account/email/password_reset_key", "account/email/unknown_account"


class AccountAdapter(DefaultAccountAdapter):
    """The door of accounts."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody opens an account alone."""
        return False

    @transaction.atomic
    def queue_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write an outbox row; the link is made when the mail leaves.

        An unknown address costs the same row, dropped by the relay: the page tells nothing.
        """
        if template_prefix == RESET:
            emails.write(context["user"], emails.MOT_DE_PASSE)
        elif template_prefix == UNKNOWN:
            emails.write_to_nobody()

    # What allauth calls to send; here nothing leaves in the request.
    send_mail = queue_mail

    def set_password(self, user: User, password: str) -> None:
        """A password chosen from any link accepts the waiting invitation."""
        choose_password(user=user, password=password)

    def is_safe_url(self, url: str | None) -> bool:
        """Only addresses of this very site are followed after login."""
        request = self.request
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
