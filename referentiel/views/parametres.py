"""The dated parameters: read by the gestionnaires, changed by two persons, never for the past."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from engine.clocks import today
from referentiel.permissions import ReferentielPermission, is_granted
from referentiel.selectors import parametres as selectors
from referentiel.states import NaturePublication
from referentiel.views.edition import proposal_page
from referentiel.views.gate import needs

EDIT = ReferentielPermission.EDIT_PARAMETRES
INTRO = (
    "La valeur vaut à partir de sa date d'effet. Ce qui a commencé avant, une échéance déjà "
    "fixée, une décision déjà prise, garde la valeur de sa date."
)


@needs(EDIT, ReferentielPermission.EDIT_MEDICAMENTS)
@require_GET
def liste(request):
    context = {"lignes": selectors.table(today()), "modifiable": is_granted(request.user, EDIT)}
    return render(request, "referentiel/gestion/parametres.html", context)


@needs(EDIT)
@require_http_methods(["GET", "POST"])
def modifier(request, code):
    ligne = selectors.known(code, today())
    if ligne is None:
        raise Http404
    return proposal_page(
        request,
        NaturePublication.PARAMETRE,
        None,
        title=ligne.libelle,
        back=reverse("referentiel:parametres"),
        values={"code": code},
        intro=INTRO,
        ligne=ligne,
    )
