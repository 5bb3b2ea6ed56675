"""Reading a request again, sending it, and what else may be done with a draft."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from access.forms.demande_dosage import AutreDosageForm
from access.forms.steps import EnvoiForm
from access.permissions import AccessPermission, can
from access.selectors import demande as reading
from access.selectors import resume, sections
from access.selectors.annexes import pieces_of
from access.selectors.step_page import SUCCESS
from access.services import drafts, jumeaux
from access.states import EDITABLE
from access.views.answers import conflict, version_of
from access.views.gate import forbidden, needs
from engine import journal
from engine.errors import Blocked, Conflict, Forbidden, InvalidInput

WRITE = AccessPermission.WRITE_DEMANDE_AAC
SENT_TOGETHER = (
    "Les {count} dosages sont partis ensemble à la pharmacie. Elle les vérifie puis les transmet "
    "à l'agence ; nous vous préviendrons."
)


@needs(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def relire(request, pk):
    """GET shows the whole request and the two undertakings; POST sends it to the pharmacy."""
    found = get_object_or_404(reading.drafts_for(request.user), pk=pk)
    if not can(WRITE)(request.user, found):
        return forbidden(request)
    if request.method == "POST":
        return _send(request, found)
    if found.state not in EDITABLE:
        return redirect("access:dossier", pk=pk)
    journal.record_read(found, by=request.user, page="demande, relecture")
    return _page(request, found, EnvoiForm(subject=found, by=request.user))


def _send(request, found):
    try:
        sent = jumeaux.perform_together(
            found, "submit", by=request.user, version=version_of(request), raw=request.POST
        )
    except Forbidden as error:
        return forbidden(request, error.message)
    except Conflict as error:
        fresh = get_object_or_404(reading.drafts_for(request.user), pk=found.pk)
        return conflict(request, error, fresh)
    except Blocked as error:
        form = EnvoiForm(request.POST, subject=found, by=request.user)
        return _page(request, found, form, blocked=error.blockers, status=422)
    except InvalidInput as error:
        form = error.form or EnvoiForm(request.POST, subject=found, by=request.user)
        return _page(request, found, form, status=422)
    told = SUCCESS["submit"] if len(sent) == 1 else SENT_TOGETHER.format(count=len(sent))
    messages.success(request, told)
    return redirect("access:dossier", pk=found.pk)


def _page(request, found, form, *, blocked=(), status=200):
    user = request.user
    page = resume.progress(found, user)
    edit = reverse("access:demande_modifier", args=[found.pk])
    blockers = [
        {"message": b.message, "url": f"{edit}#{resume.anchor(b.field)}" if b.field else ""}
        for b in (page.blockers or blocked)
    ]
    context = {
        "dossier": found,
        "form": form,
        "version": found.version,
        "sections": sections.request_sections(found, user),
        "criteria": sections.criteria(found),
        "pieces": pieces_of(found),
        "blockers": blockers,
        "progress": page,
        "twins": jumeaux.companions(found, user),
        "same_need": reading.same_need(found, user),
        "may_send": can(AccessPermission.SUBMIT_DEMANDE_AAC)(user, found),
        "edit_url": edit,
    }
    return render(request, "access/demande/relire.html", context, status=status)


@needs(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def dosage(request, pk):
    """« Ajouter un autre dosage »: three things to type, the rest is copied."""
    found = get_object_or_404(reading.drafts_for(request.user), pk=pk)
    if not can(WRITE)(request.user, found):
        return forbidden(request)
    data = request.POST if request.method == "POST" else None
    form = AutreDosageForm(data, subject=found, by=request.user)
    if data is not None and form.is_valid():
        try:
            twin = jumeaux.add_strength(
                found, by=request.user, version=version_of(request), **form.cleaned_data
            )
        except Conflict as error:
            return conflict(request, error, found)
        except InvalidInput as error:
            form.add_error(None, error.message)
        else:
            messages.success(
                request, "L'autre dosage est ajouté : les deux demandes partiront ensemble."
            )
            return redirect("access:demande_modifier", pk=twin.pk)
    context = {"dossier": found, "form": form, "version": found.version}
    status = 422 if data is not None else 200
    return render(request, "access/demande/dosage.html", context, status=status)


@needs(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def supprimer(request, pk):
    """Throw away a draft never sent, after one page that says so."""
    found = get_object_or_404(reading.drafts_for(request.user), pk=pk)
    if not can(WRITE)(request.user, found):
        return forbidden(request)
    if request.method != "POST":
        if found.state not in EDITABLE or found.numero:
            return redirect("access:dossier", pk=pk)
        return render(
            request, "access/demande/supprimer.html", {"dossier": found, "version": found.version}
        )
    try:
        drafts.discard_draft(found, by=request.user, version=version_of(request))
    except Conflict as error:
        return conflict(request, error, found)
    messages.success(request, "Le brouillon est supprimé.")
    return redirect("accueil")


@needs(WRITE)
@require_POST
def reprendre(request, pk):
    """Take up again, as a new draft, a request that ended without an authorisation."""
    found = get_object_or_404(reading.drafts_for(request.user), pk=pk)
    try:
        draft = drafts.duplicate_as_draft(found, request.user)
    except Forbidden as error:
        return forbidden(request, error.message)
    except Conflict as error:
        return conflict(request, error, found)
    messages.success(request, "Un nouveau brouillon reprend cette demande : relisez-le en entier.")
    return redirect("access:demande_modifier", pk=draft.pk)
