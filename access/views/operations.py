"""What an operator watches: effects not delivered, age of the backlog, heartbeats; demo mails."""

import structlog
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from access import emails
from access.selectors import exploitation
from engine import outbox
from referentiel.roles import Role

log = structlog.get_logger(__name__)


def _only_admin(request):
    affectation = request.user.affectation
    if affectation is None or affectation.role != Role.ADMIN:
        raise PermissionDenied("Cette page est celle de l'administrateur de la plateforme.")


@require_safe
def operations(request):
    """Failed rows, backlog and heartbeats; no dossier is readable from here."""
    _only_admin(request)
    return render(request, "access/operations/operations.html", exploitation.page())


@require_POST
def requeue(request):
    """Put the failed rows back: they leave with the next sweep, under the same Message-ID."""
    _only_admin(request)
    count = outbox.requeue_failed()
    log.info("outbox_requeued", rows=count, by=str(request.user.pk))
    word = "envoi remis" if count == 1 else "envois remis"
    messages.success(request, f"{count} {word} en file.")
    return redirect("access:operations")


@require_safe
def courriels(request):
    """The mails of the demonstration, as their recipients read them."""
    if not settings.PLACET_DEMO or settings.PLACET_PRODUCTION:
        raise Http404
    rows = exploitation.mails(100)
    return render(request, "access/operations/courriels.html", {"courriels": emails.preview(rows)})
