"""The PDF of a dossier or of an order: served as it was stored, to those who may read it."""

import structlog
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from access.documents import storage
from access.models import Document
from access.selectors.verification import filename
from engine import journal

log = structlog.get_logger(__name__)


@require_safe
def document(request, pk):
    """Download one document; a file that is no longer the one stored is never served."""
    found = get_object_or_404(Document.objects.visible_to(request.user), pk=pk)
    try:
        content = storage.read(found.sha256)
    except storage.Corrupted as error:
        log.error("document_unreadable", document=str(found.pk), reason=str(error))
        return render(request, "access/document_illisible.html", {"document": found}, status=503)
    subject = found.dossier or found.commande
    journal.record_read(subject, by=request.user, page=f"document:{found.nature}")
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{filename(found)}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
