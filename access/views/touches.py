"""Dossiers touched by a change of the référentiel: the list, and « J'ai vu »."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from access.permissions import AccessPermission
from access.selectors.dossier_page import visible
from access.selectors.touches import COLUMNS, VUES, touched_list, touched_rows
from access.services.touches import mark_seen
from access.views.back import back_to
from access.views.gate import forbidden, needs
from engine.errors import Forbidden

PAGE_SIZE = 50


@needs(AccessPermission.VIEW_DOSSIER)
@require_safe
def changements(request):
    """Every dossier touched, one line per change: those to see, or those already seen."""
    vue = "vus" if request.GET.get("vue") == "vus" else "a_voir"
    page = Paginator(touched_list(request.user, vue), PAGE_SIZE).get_page(request.GET.get("page"))
    address = reverse("access:changements")
    context = {
        "tabs": [
            {"url": f"{address}?vue={code}", "label": label, "active": code == vue}
            for code, label in VUES
        ],
        "columns": COLUMNS,
        "rows": touched_rows(page.object_list),
        "page_obj": page,
        "seen": vue == "vus",
    }
    return render(request, "access/listes/changements.html", context)


@needs(AccessPermission.SEE_CHANGE)
@require_POST
def vus(request, pk):
    """One click: what changed on this dossier's product has been seen."""
    found = get_object_or_404(visible(request.user), pk=pk)
    try:
        seen = mark_seen(dossier=found, by=request.user)
    except Forbidden as error:
        return forbidden(request, error.message)
    if seen:
        messages.success(request, "C'est noté : ces changements ne vous seront plus signalés.")
    return back_to(found)
