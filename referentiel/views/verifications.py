"""« À vérifier »: what has not been looked at for too long, and the button that says it was."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from engine.clocks import today
from engine.retour import go_back
from referentiel.models import Cadre, Produit
from referentiel.permissions import ReferentielPermission
from referentiel.selectors import a_verifier as selectors
from referentiel.services.verifications import mark_verified
from referentiel.views.gate import needs

EDIT = ReferentielPermission.EDIT_MEDICAMENTS
PAGE = 50


@needs(EDIT)
@require_GET
def liste(request):
    tabs, kind, found = selectors.page(request.GET.get("vue", ""), today())
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"tabs": tabs, "genre": kind, "page_obj": page, "limite": selectors.limit(today())}
    return render(request, "referentiel/gestion/a_verifier.html", context)


@needs(EDIT)
@require_POST
def produit_verifie(request, pk):
    return _verified(request, get_object_or_404(Produit, pk=pk))


@needs(EDIT)
@require_POST
def cadre_verifie(request, pk):
    return _verified(request, get_object_or_404(Cadre, pk=pk))


def _verified(request, row):
    mark_verified(row, by=request.user)
    messages.success(request, "Vérifié aujourd'hui, c'est noté.")
    return go_back(request, reverse("referentiel:a_verifier"), name="retour")
