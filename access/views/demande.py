"""The request form: find the product, then one page saved at each change."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from django_htmx.http import trigger_client_event

from access.forms.demande import DemandeForm, page_form
from access.forms.pieces import PieceForm
from access.permissions import AccessPermission, can
from access.selectors import demande as reading
from access.services import drafts, pieces
from access.states import EDITABLE
from access.views import demande_saisie as saisie
from access.views.answers import conflict, version_of
from access.views.demande_page import form_context
from access.views.gate import forbidden, needs
from engine import journal
from engine.clocks import local, now
from engine.errors import Conflict, Forbidden, InvalidInput
from engine.words import asked_words
from referentiel.formats.french import write_time
from referentiel.models import Produit

WRITE = AccessPermission.WRITE_DEMANDE_AAC
MODES = ("CRITERES", "JUSTIFICATION")


@needs(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def nouvelle(request):
    """GET searches a product, or shows the one a sheet chose; POST opens the draft."""
    if request.method != "POST":
        address = reverse("access:demande_nouvelle")
        choisi = reading.chosen(*(_uuid(request.GET.get(n, "")) for n in ("produit", "cadre")))
        return _search_page(request, address, choisi=choisi)
    draft = drafts.open_draft(by=request.user, produit=_produit(request), cadre=_cadre(request))
    return redirect("access:demande_modifier", pk=draft.pk)


@needs(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def produit(request, pk):
    """Choose another product for a draft."""
    found = get_object_or_404(reading.drafts_for(request.user), pk=pk)
    if request.method != "POST":
        return _search_page(request, reverse("access:demande_produit", args=[pk]), found)
    try:
        drafts.save_draft(
            found,
            by=request.user,
            version=version_of(request),
            data={"produit": _produit(request)},
        )
    except Forbidden as error:
        return forbidden(request, error.message)
    except Conflict as error:
        return conflict(request, error, found)
    return redirect("access:demande_modifier", pk=pk)


def _produit(request):
    """The product picked, None when it is in no list."""
    picked = request.POST.get("produit", "")
    if not picked:
        return None
    return get_object_or_404(Produit, pk=_uuid(picked))


def _cadre(request):
    """The indication picked with its product, None when it is to be chosen in the form."""
    picked = _uuid(request.POST.get("cadre", ""))
    found = reading.chosen(None, picked) if picked else None
    return found.cadre if found else None


def _uuid(text):
    try:
        return UUID(text)
    except ValueError:
        return None


def _search_page(request, action_url, dossier=None, choisi=None):
    words = asked_words(request)
    context = {
        "q": words,
        "rows": reading.product_rows(words),
        "action_url": action_url,
        "dossier": dossier,
        "choisi": choisi,
    }
    name = "resultats" if request.htmx and not request.htmx.boosted else "produit"
    return render(request, f"access/demande/{name}.html", context)


@needs(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request, pk):
    """The form of a draft: each POST keeps what is valid and says what is not."""
    found = get_object_or_404(reading.drafts_for(request.user), pk=pk)
    if not can(WRITE)(request.user, found):
        return forbidden(request)
    if request.method == "POST":
        return _save(request, found)
    if found.state not in EDITABLE:
        return redirect("access:dossier", pk=pk)
    journal.record_read(found, by=request.user, page="demande")
    form = page_form(found, request.user, saisie.typed_for(request, pk))
    return render(request, "access/demande/modifier.html", form_context(request, found, form))


def _save(request, found):
    """Keep what is valid; then do what the button pressed asks."""
    form = DemandeForm(request.POST, dossier=found, by=request.user)
    form.is_valid()
    action, _, target = request.POST.get("action", "").partition(":")
    data = form.draft_data()
    if action == "changer-patient":
        data |= {"patient": None}
        data.pop("identite", None)
    if action == "voie" and target in MODES:
        data["mode_justification"] = target
    shown = saisie.Shown(request.POST)
    try:
        saved = drafts.save_draft(found, by=request.user, version=version_of(request), data=data)
    except Conflict as error:
        return _stale(request, found, form, error)
    except InvalidInput as error:
        for name, sentences in error.errors.items():
            form.add_error(name if name in form.fields else None, sentences)
        return _page(request, found, form, status=422)
    if form.found_patient is not None:
        journal.record_read(form.found_patient, by=request.user, page="demande, recherche IPP")
    leftovers = {} if action == "changer-patient" else form.leftovers()
    saisie.remember(request, saved.pk, leftovers)
    fresh = reading.drafts_for(request.user).get(pk=saved.pk)
    if request.htmx:
        filled = ["patient"] if form.found_patient is not None else []
        return _autosaved(request, fresh, leftovers, shown, filled)
    try:
        return _then(request, fresh, form, leftovers, action, target)
    except Conflict as error:  # a colleague sent it since it was kept
        return _stale(request, fresh, form, error)


def _then(request, fresh, form, leftovers, action, target):
    """The page again with what is to correct, or where the button leads."""
    if action == "joindre":
        return _join(request, fresh, leftovers)
    if action == "retirer":
        return _take_out(request, fresh, target)
    if action == "produit":
        return redirect("access:demande_produit", pk=fresh.pk)
    if form.errors:
        page = page_form(fresh, request.user, leftovers)
        return _page(request, fresh, page, status=422)
    if action == "relire":
        return redirect("access:demande_relire", pk=fresh.pk)
    if action == "dosage":
        return redirect("access:demande_dosage", pk=fresh.pk)
    anchors = {
        "voie": "criteres",
        "changer-patient": "patient",
        "chercher-patient": "patient",
    }
    if action == "chercher-patient" and fresh.patient is None:
        messages.info(request, "Aucun patient connu sous ce numéro : complétez son identité.")
    if action not in anchors:
        messages.success(request, "Le brouillon est enregistré.")
    return back(fresh, anchors.get(action, ""))


def _join(request, fresh, leftovers):
    piece_form = PieceForm(request.POST, request.FILES)
    if piece_form.is_valid():
        try:
            pieces.add_piece(
                fresh,
                by=request.user,
                upload=piece_form.cleaned_data["fichier"],
                libelle=piece_form.cleaned_data["libelle"],
            )
        except InvalidInput as error:
            piece_form.add_error("fichier", error.message)
        else:
            return back(fresh, "pieces")
    form = page_form(fresh, request.user, leftovers)
    return _page(request, fresh, form, piece_form=piece_form, status=422)


def _take_out(request, fresh, target):
    piece = get_object_or_404(fresh.pieces, pk=_uuid(target))
    pieces.remove_piece(piece, by=request.user, version=fresh.version)
    return back(fresh, "pieces")


def _autosaved(request, fresh, leftovers, shown, filled):
    """The parts of the page that changed, swapped one by one; the time it was kept."""
    form = page_form(fresh, request.user, leftovers)
    context = form_context(request, fresh, form)
    context |= shown.changes(context, form, filled)
    response = render(request, "access/demande/autosave.html", context)
    at = write_time(local(now()))
    kept_apart = [form.fields[name].label for name in leftovers if name in form.fields]
    if kept_apart:
        at += ", sauf\u00a0: " + ", ".join(label.lower() for label in kept_apart)
    return trigger_client_event(response, "placet:saved", {"version": fresh.version, "at": at})


def _stale(request, found, form, error):
    """409: what was typed is shown over what someone else has kept, nothing is overwritten."""
    fresh = reading.drafts_for(request.user).get(pk=found.pk)
    if request.htmx or fresh.state not in EDITABLE:
        return conflict(request, error, fresh)
    again = DemandeForm(request.POST, dossier=fresh, by=request.user)
    again.full_clean()
    return _page(request, fresh, again, stale=error.message, status=409)


def _page(request, dossier, form, *, piece_form=None, stale="", status=200):
    context = form_context(request, dossier, form, piece_form=piece_form, stale=stale)
    return render(request, "access/demande/modifier.html", context, status=status)


def back(dossier, anchor=""):
    """302 to the form, at one of its sections."""
    address = reverse("access:demande_modifier", args=[dossier.pk])
    return HttpResponseRedirect(f"{address}#{anchor}" if anchor else address)
