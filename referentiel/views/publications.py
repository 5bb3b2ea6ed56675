"""The queue of the second person: read the difference, publish, refuse; its author may cancel."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from engine.clocks import today
from engine.errors import Blocked, Conflict
from referentiel.forms.gestion import RefusForm
from referentiel.models import Publication
from referentiel.permissions import ReferentielPermission, is_granted
from referentiel.selectors import publications as selectors
from referentiel.services import publications, relecture
from referentiel.states import StatutPublication
from referentiel.views.gate import done, needs, posted

READERS = (ReferentielPermission.EDIT_MEDICAMENTS, ReferentielPermission.EDIT_PARAMETRES)
PAGE = 50


@needs(*READERS)
@require_GET
def liste(request):
    tabs, found = selectors.queue(request.GET.get("vue", ""))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    on = today()
    rows = [(publication, selectors.tag_of(publication, on)) for publication in page]
    context = {"page_obj": page, "tabs": tabs, "rows": rows}
    return render(request, "referentiel/gestion/publications.html", context)


@needs(*READERS)
@require_GET
def publication(request, pk):
    return _page(request, get_object_or_404(Publication, pk=pk), RefusForm())


@needs(*READERS)
@require_POST
def publier(request, pk):
    held = get_object_or_404(Publication, pk=pk)
    try:
        held = publications.publish(held, by=request.user, lu=request.POST.get("lu", ""))
    except Conflict as error:
        return _page(request, _again(pk), RefusForm(), status=409, obstacle=error.message)
    except Blocked as error:
        return _page(request, held, RefusForm(), status=422, obstacle=error.message)
    applied = held.statut == StatutPublication.APPLIQUEE
    messages.success(request, "C'est publié." if applied else "C'est validé : effet à sa date.")
    return redirect("referentiel:publication", pk)


@needs(*READERS)
@require_POST
def refuser(request, pk):
    held = get_object_or_404(Publication, pk=pk)
    form = RefusForm(posted(request))
    motif = form.cleaned_data["motif"] if form.is_valid() else ""
    if form.is_valid() and done(
        form, lambda: publications.refuse(held, by=request.user, motif=motif)
    ):
        messages.success(request, "La proposition est refusée.")
        return redirect("referentiel:publications")
    return _page(request, held, form, status=422)


@needs(*READERS)
@require_POST
def annuler(request, pk):
    publications.cancel(get_object_or_404(Publication, pk=pk), by=request.user)
    messages.success(request, "La proposition est annulée.")
    return redirect("referentiel:publications")


def _again(pk):
    return get_object_or_404(Publication, pk=pk)


def _page(request, held, refus, status=200, obstacle=""):
    waiting = held.statut == StatutPublication.PROPOSEE
    mine = held.propose_par_id == request.user.pk
    granted = is_granted(request.user, publications.permission_of(held.nature))
    context = {
        "publication": held,
        "etat": selectors.tag_of(held, today()),
        "lecture": relecture.read_again(held) if waiting else None,
        "differences": relecture.differences(held),
        "touches": publications.touched(held) if waiting else None,
        "refus": refus,
        "a_relire": waiting and not mine and granted,
        "a_annuler": mine
        and held.statut in (StatutPublication.PROPOSEE, StatutPublication.VALIDEE),
        "obstacle": obstacle,
    }
    return render(request, "referentiel/gestion/publication.html", context, status=status)
