"""The page of the lists: their age, those under review, what was imported."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from engine import clocks
from referentiel.importers.registry import SOURCES
from referentiel.models import ImportRun
from referentiel.permissions import ReferentielPermission
from referentiel.selectors import listes, revues, sheets
from referentiel.views.gate import needs
from referentiel.views.revues import csv_response

PAGE = 50
EDIT = ReferentielPermission.EDIT_MEDICAMENTS


@needs(EDIT)
@require_safe
def imports(request):
    """Each list with its age, the reviews under way, the history of the imports."""
    context = {
        "listes": listes.etat_listes(clocks.today(), SOURCES),
        "revues": revues.open_revues(),
        "page_obj": Paginator(sheets.imports(), PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "referentiel/gestion/imports.html", context)


@needs(EDIT)
@require_safe
def import_refusees(request, pk):
    """The rows an import set aside, as CSV."""
    return csv_response(listes.refused_rows(get_object_or_404(ImportRun, pk=pk)))
