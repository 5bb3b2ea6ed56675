"""Open data: the whole register as a file, the page that says what it holds, how to follow it."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponseBadRequest, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from engine.clocks import today
from referentiel.exporters.donnees import WRITERS
from referentiel.formats.donnees import COLONNES, LIGNE, NOM
from referentiel.rules.adresses import unknown_told
from referentiel.selectors.donnees import export_rows
from referentiel.selectors.register import marque

API = (
    ("api:produits", "les produits"),
    ("api:cadres", "les cadres"),
    ("api:codes", "les codes d'indication"),
    ("api:documents_publics", "les documents, sans leur texte"),
    ("api:changements", "le journal des changements, « depuis » un jour ou un instant"),
)


@login_not_required
@require_safe
def donnees(request):
    """What the files hold, column by column; licence, source, how to follow the changes."""
    base = settings.PLACET_BASE_URL
    context = {
        "fichiers": [
            {"nom": f"{NOM}.{extension}", "url": _address(extension)} for extension in WRITERS
        ],
        "ligne": LIGNE,
        "columns": ["Colonne", "Ce qu'elle contient", "Type"],
        "rows": [
            {"cells": [{"text": c.nom}, {"text": c.contenu}, {"text": c.type}]} for c in COLONNES
        ],
        "api": [{"url": base + reverse(name), "texte": text} for name, text in API],
        "change_le": marque().change_le,
    }
    return render(request, "referentiel/public/donnees.html", context)


@login_not_required
@require_safe
def fichier(request, extension):
    """The whole register, streamed; 304 when it is as it was."""
    if extension not in WRITERS:
        raise Http404
    if told := unknown_told(request.GET, ()):
        return HttpResponseBadRequest(told, content_type="text/plain; charset=utf-8")
    write, content_type = WRITERS[extension]
    mark = marque()
    etag, at = mark.etag(extension), int(mark.change_le.timestamp())
    response = get_conditional_response(request, etag=etag, last_modified=at)
    if response is None:
        response = StreamingHttpResponse(write(export_rows(today())), content_type=content_type)
        response["Content-Disposition"] = f'attachment; filename="{NOM}.{extension}"'
    response["ETag"], response["Last-Modified"] = etag, http_date(at)
    return response


def _address(extension):
    return reverse("referentiel:donnees_fichier", args=[extension])
