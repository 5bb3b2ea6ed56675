"""Pages of an uploaded list: drop it, recognise its columns, review what it changes, apply."""

from functools import wraps
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engine.errors import Blocked, Conflict
from engine.words import asked_words
from referentiel.exporters.refusees import csv_lines
from referentiel.forms.revues import TROP_GRAND, ColonnesForm, DepotForm, FiltreLignesForm
from referentiel.permissions import ReferentielPermission
from referentiel.selectors import revues as selectors
from referentiel.services import revue_decisions as decisions
from referentiel.services import revues as services
from referentiel.services.import_gardes import PAIRES
from referentiel.services.revue_application import ask_application
from referentiel.states import EtatLigneRevue, GenreLigneRevue, StatutRevue
from referentiel.views.depot import limit_upload, was_refused
from referentiel.views.gate import done, needs, posted, status_of

PAGE = 50
EDIT = ReferentielPermission.EDIT_MEDICAMENTS
KEPT = ("genre", "etat", "certaine", "q", "page")
ACTIONS = {
    "accepter": EtatLigneRevue.ACCEPTEE,
    "ecarter": EtatLigneRevue.ECARTEE,
    "revoir": EtatLigneRevue.A_REVOIR,
}
DONE = {
    EtatLigneRevue.ACCEPTEE: "acceptée",
    EtatLigneRevue.ECARTEE: "écartée",
    EtatLigneRevue.A_REVOIR: "remise à revoir",
}


def of_revue(view):
    """Fetch the review; a conflict is told in its own words, with the way back."""

    @wraps(view)
    def fetched(request, pk):
        revue = selectors.revue(pk)
        if revue is None:
            raise Http404
        try:
            return view(request, revue)
        except Conflict as error:
            context = {"message": error.message, "revue": revue}
            return render(request, "referentiel/revues/conflit.html", context, status=409)

    return fetched


@csrf_exempt  # checked just below, once the size of the file is watched
@needs(EDIT)
@require_http_methods(["GET", "POST"])
def deposer(request):
    limit_upload(request)
    return _deposer(request)


@csrf_protect
def _deposer(request):
    form = DepotForm(posted(request), request.FILES if request.method == "POST" else None)
    if not form.is_bound:
        form.initial["source"] = request.GET.get("source", "")
    elif was_refused(request):
        form.errors.pop("fichier", None)
        form.add_error("fichier", TROP_GRAND)
    elif form.is_valid():
        revue = services.open_revue(
            by=request.user,
            source=form.cleaned_data["source"],
            upload=form.cleaned_data["fichier"],
            correspondance=form.cleaned_data["correspondance"],
        )
        return redirect("referentiel:revue", revue.pk)
    return render(
        request, "referentiel/revues/deposer.html", {"form": form}, status=status_of(form)
    )


@needs(EDIT)
@require_safe
@of_revue
def revue(request, revue):
    """The page of a list, whatever its state."""
    if services.needs_mapping(revue):
        return redirect("referentiel:revue_colonnes", revue.pk)
    if services.is_waiting(revue):
        return render(request, "referentiel/revues/attente.html", waiting_context(revue))
    if revue.statut == StatutRevue.REFUSEE:
        return render(request, "referentiel/revues/refusee.html", {"revue": revue})
    return render(request, "referentiel/revues/revue.html", review_context(request, revue))


@needs(EDIT)
@require_safe
@of_revue
def avancement(request, revue):
    """The fragment the waiting page polls; once read or written, it sends to the page itself."""
    attend = services.is_waiting(revue)
    context = waiting_context(revue) | {"attend": attend}
    response = render(request, "referentiel/revues/avancement.html", context)
    if not attend:
        response["HX-Redirect"] = reverse("referentiel:revue", args=[revue.pk])
    return response


def waiting_context(revue):
    """What the waiting page says: read, it may be given up; being written, it may not."""
    return {"revue": revue, "ecriture": revue.statut == StatutRevue.EN_ECRITURE}


@needs(EDIT)
@require_http_methods(["GET", "POST"])
@of_revue
def revue_colonnes(request, revue):
    """Recognise the columns of a list of unknown layout."""
    if not services.needs_mapping(revue):
        return redirect("referentiel:revue", revue.pk)
    tables = revue.resume["tables"]
    asked = request.GET.get("feuille", "")
    table = next((one for one in tables if one["feuille"] == asked), tables[0])
    form = ColonnesForm(
        posted(request),
        titres=table["colonnes"],
        devine=table["devine"],
        initial={"format_date": table["format_date"]},
    )
    if form.is_bound and form.is_valid():

        def write():
            data = form.cleaned_data
            services.map_columns(
                revue,
                by=request.user,
                nom=data["nom"],
                colonnes_choisies=form.mapping(),
                format_date=data["format_date"],
                feuille=table["feuille"] if len(tables) > 1 else "",
                complete=data["complete"],
            )

        if done(form, write):
            return redirect("referentiel:revue", revue.pk)
    tabs = selectors.sheet_tabs(tables, table) if len(tables) > 1 else []
    context = {"revue": revue, "form": form, "table": table, "tabs": tabs}
    return render(request, "referentiel/revues/colonnes.html", context, status=status_of(form))


@needs(EDIT)
@require_POST
@of_revue
def revue_lignes(request, revue):
    """Decide one line, a selection, a kind, what is certain; or take a decision back."""
    count, at, etat = decide(request, revue)
    if count and etat != EtatLigneRevue.A_REVOIR:
        request.session["revue_annuler"] = [str(revue.pk), at.isoformat(), count]
    else:
        request.session.pop("revue_annuler", None)
    plural = "s" if count > 1 else ""
    messages.success(request, f"{count or 'Aucune'} ligne{plural} {DONE[etat]}{plural}.")
    return back(request, revue)


def decide(request, revue):
    """What was clicked, as a decision."""
    one, _, wanted = request.POST.get("une", "").partition(":")
    action = wanted or request.POST.get("action", "")
    if action == "certaines":
        return *decisions.accept_certain(revue, by=request.user), EtatLigneRevue.ACCEPTEE
    if action == "annuler":
        at = parse_datetime(request.session.get("revue_annuler", ["", ""])[1])
        if at is None:
            raise Conflict("Il n'y a plus de décision à annuler.")
        return *decisions.undo(revue, by=request.user, at=at), EtatLigneRevue.A_REVOIR
    etat = ACTIONS.get(action.removeprefix("genre_"))
    if etat is None:
        raise Conflict("Cette action n'existe pas : relisez la page.")
    if action.startswith("genre_"):
        genre = request.POST.get("genre", "")
        if genre not in GenreLigneRevue.values:
            raise Conflict("Choisissez d'abord un onglet : ajoutées, modifiées ou fermées.")
        done_ = decisions.decide_kind(revue, by=request.user, etat=etat, genre=genre)
        return *done_, etat
    chosen = selectors.ids_of([one] if one else request.POST.getlist("ligne"))
    return *decisions.decide(revue, by=request.user, etat=etat, lignes=chosen), etat


@needs(EDIT)
@require_POST
@of_revue
def revue_appliquer(request, revue):
    """Ask for what was accepted to be written; the page waits for the job."""
    try:
        ask_application(revue, by=request.user)
    except Blocked as error:
        messages.error(request, str(error))
        return back(request, revue)
    return redirect("referentiel:revue", revue.pk)


@needs(EDIT)
@require_POST
@of_revue
def revue_relire(request, revue):
    """Read the file again; of an applied list, the lines it left."""
    if revue.statut == StatutRevue.APPLIQUEE:
        return redirect("referentiel:revue", services.take_up(revue, by=request.user).pk)
    services.read_again(revue, by=request.user)
    return redirect("referentiel:revue", revue.pk)


@needs(EDIT)
@require_POST
@of_revue
def revue_abandonner(request, revue):
    services.abandon(revue, by=request.user)
    messages.success(request, "La liste est abandonnée : rien n'en a été écrit.")
    return redirect("referentiel:imports")


@needs(EDIT)
@require_safe
@of_revue
def revue_refusees(request, revue):
    """The lines set aside at the reading, as CSV."""
    return csv_response(revue.rejets)


def csv_response(rejets):
    response = StreamingHttpResponse(csv_lines(rejets), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="lignes_refusees.csv"'
    return response


def back(request, revue):
    """The page of the review as it was left."""
    kept = {name: request.POST[name] for name in KEPT if request.POST.get(name)}
    query = f"?{urlencode(kept)}" if kept else ""
    return HttpResponseRedirect(reverse("referentiel:revue", args=[revue.pk]) + query)


def review_context(request, revue):
    """Counts, tabs, filters and one page of lines."""
    form = FiltreLignesForm(request.GET)
    form.is_valid()
    genre = request.GET.get("genre", "")
    q = asked_words(request, most=80)
    chosen = {name: form.cleaned_data.get(name, "") for name in ("etat", "certaine")}
    counts = selectors.comptes(revue)
    page = Paginator(selectors.lines(revue, genre=genre, q=q, **chosen), PAGE).get_page(
        request.GET.get("page")
    )
    genre = genre if genre in GenreLigneRevue.values else ""
    ouverte = revue.statut == StatutRevue.A_REVOIR
    par_paires = revue.source in PAIRES
    annuler = request.session.get("revue_annuler", ["", "", 0])
    return {
        "revue": revue,
        "form": form,
        "q": q,
        "genre": genre,
        "comptes": counts,
        "tabs": selectors.tabs(counts, genre),
        "page_obj": page,
        "lignes": selectors.shown(page),
        "touche": selectors.touched_by(revue),
        "par_paires": par_paires,
        "decidable": ouverte and par_paires,
        "ouverte": ouverte,
        "laissees": counts.laissees if revue.statut == StatutRevue.APPLIQUEE else 0,
        "annuler": annuler[2] if annuler[0] == str(revue.pk) else 0,
        "kept": {name: request.GET[name][:80] for name in KEPT if request.GET.get(name)},
        "a_revoir_ici": counts.a_revoir.get(genre, 0) if genre != GenreLigneRevue.CONFLIT else 0,
    }
