"""The gestionnaire's lists: products to complete, imports."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from engine import clocks
from referentiel.forms.medicines import GestionFiltreForm
from referentiel.models import ImportRun
from referentiel.permissions import ReferentielPermission, is_granted
from referentiel.selectors import sheets
from referentiel.views.public import typed_query

PAGE = 50


def require_editor(user):
    if not is_granted(user, ReferentielPermission.EDIT_MEDICAMENTS):
        raise PermissionDenied


@require_GET
def liste(request):
    require_editor(request.user)
    today = clocks.today()
    form = GestionFiltreForm(request.GET)
    form.is_valid()
    q = typed_query(request)
    found = sheets.products_to_manage(q, form.cleaned_data.get("etat", ""))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "q": q,
        "form": form,
        "page_obj": page,
        "columns": sheets.COLUMNS,
        "rows": [sheets.row_of(produit, today) for produit in page],
    }
    return render(request, "referentiel/gestion/liste.html", context)


@require_GET
def import_detail(request, pk):
    require_editor(request.user)
    run = get_object_or_404(ImportRun, pk=pk)
    page = Paginator(run.rejets.all(), PAGE).get_page(request.GET.get("page"))
    context = {"run": run, "page_obj": page}
    return render(request, "referentiel/gestion/import_detail.html", context)
