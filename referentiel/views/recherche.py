"""The public search: a page, the part of it that changes as one types, and a short preview."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from engine import clocks
from referentiel.rules.search_state import read_state
from referentiel.selectors import recherche as searches
from referentiel.selectors import sheets

PAGE, PREVIEW = 25, 6


@login_not_required
@require_safe
def recherche(request):
    """Search the register; everything chosen stands in the address."""
    base = reverse("referentiel:recherche")
    state = read_state(request.GET.get("q", ""), request.GET.getlist)
    found = searches.search(state, on=clocks.today())
    if request.GET.get("apercu"):
        return _preview(request, found, base)
    page = Paginator(found.hits, PAGE).get_page(request.GET.get("page"))
    address = base + found.state.query_string()
    context = {
        "q": found.state.q,
        "found": found,
        "page_obj": page,
        "lignes": found.rows(page.object_list),
        "groupes": found.groups(),
        "jetons": found.chips(base),
        "base_url": base,
    }
    partial = request.htmx and not request.htmx.history_restore_request
    if not partial:
        context["a_jour"] = sheets.last_update()
    name = "resultats_htmx" if partial else "recherche"
    answer = render(request, f"referentiel/public/{name}.html", context)
    if partial:
        answer["HX-Push-Url"] = address
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def _preview(request, found, base):
    """The first rows, as one types on the home page."""
    context = {
        "q": found.state.q,
        "found": found,
        "lignes": found.rows(found.hits[:PREVIEW]) if found.state.q else [],
        "toutes_url": base + found.state.query_string(),
    }
    return render(request, "referentiel/public/apercu.html", context)
