"""The work list of each role, and its exports."""

import structlog
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from access.exporters import liste as exporter
from access.forms.filtres import DossierFilter
from access.links import link
from access.permissions import AccessPermission, has
from access.selectors.rows import columns, rows
from access.selectors.work_lists import counts, dossiers_of, onglet_named, onglets_of
from access.views.gate import needs
from engine.clocks import today
from engine.words import asked_words
from referentiel.roles import DEMANDEURS

PAGE_SIZE = 50
EXPORTS = (("csv", "Ce qui est affiché, en CSV"), ("xlsx", "Ce qui est affiché, en XLSX"))
log = structlog.get_logger(__name__)


@needs(AccessPermission.VIEW_DOSSIER)
@require_safe
def dossiers(request):
    """What waits for me first; the other tabs, filters and search in the address."""
    tab, words, filtered = _asked(request)
    page = Paginator(filtered.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    query["onglet"] = tab.code
    begins = request.user.affectation.profil in DEMANDEURS
    context = {
        "tab": tab,
        "tabs": _tabs(request.user, tab),
        "filter_form": filtered.form,
        "search_value": words,
        "export_links": [
            {"label": label, "url": f"{_export(extension)}?{query.urlencode()}"}
            for extension, label in EXPORTS
        ],
        "new_url": link("access:demande_nouvelle") if begins else "",
        "emergency_url": _opened(request, AccessPermission.OPEN_IN_EMERGENCY, "access:urgence"),
        "columns": columns(request.user),
        "rows": rows(page.object_list, request.user),
        "page_obj": page,
        "filtering": words or any(request.GET.get(name) for name in filtered.filters_shown),
    }
    return render(request, "access/listes/dossiers.html", context)


@needs(AccessPermission.VIEW_DOSSIER)
@require_safe
def export(request, extension):
    """The whole of what the list shows, all pages together."""
    if extension not in exporter.WRITERS:
        raise Http404
    tab, _, filtered = _asked(request)
    write, content_type = exporter.WRITERS[extension]
    body = write(filtered.qs, request.user)
    log.info("list_exported", tab=tab.code, format=extension, actor=str(request.user.pk))
    response = HttpResponse(body, content_type=content_type)
    name = f"placet_{tab.code}_{today():%Y-%m-%d}.{extension}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _asked(request):
    """The tab, the words searched, the filtered dossiers."""
    words = asked_words(request)
    tab = onglet_named(request.user, request.GET.get("onglet", ""), searching=bool(words))
    data = request.GET.copy()
    for name, values in request.GET.lists():  # PostgreSQL takes no NUL in a text
        data.setlist(name, [value.replace("\0", "") for value in values])
    data["onglet"] = tab.code
    found = dossiers_of(request.user, tab, words)
    filtered = DossierFilter(data=data, queryset=found, request=request)
    filtered.filters_shown = [name for name in filtered.filters if name != "onglet"]
    return tab, words, filtered


def _tabs(user, current):
    held = counts(user)
    address = reverse("access:dossiers")
    return [
        {
            "url": f"{address}?onglet={tab.code}",
            "label": tab.label,
            "count": held.get(tab.code),
            "active": tab.code == current.code,
        }
        for tab in onglets_of(user)
    ]


def _opened(request, permission, name):
    """The address of a page the person's role may open, else nothing."""
    return link(name) if has(request.user, permission) else ""


def _export(extension):
    return reverse("access:dossiers_export", args=[extension])
