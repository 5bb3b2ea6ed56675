"""With whom a dossier is shared."""

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from access.forms.partage import PartageForm, RetraitPartageForm
from access.permissions import AccessPermission
from access.selectors.dossier_page import linked_pair, visible
from access.services import partage as services
from access.views.back import back_to
from access.views.dossier import render_dossier
from access.views.gate import forbidden, needs
from engine.errors import Forbidden


@needs(AccessPermission.SUBMIT_DEMANDE_AAC)
@require_POST
def share(request, pk):
    """Add a co-prescriber."""
    return _change(request, pk, PartageForm, services.share, "share_form", "est partagé avec")


@needs(AccessPermission.SUBMIT_DEMANDE_AAC)
@require_POST
def unshare(request, pk):
    """Remove a co-prescriber."""
    return _change(
        request, pk, RetraitPartageForm, services.unshare, "unshare_form", "n'est plus partagé avec"
    )


def _change(request, pk, form_class, service, name, words):
    found = get_object_or_404(visible(request.user), pk=pk)
    demande, _ = linked_pair(found.as_kind())
    form = form_class(data=request.POST, subject=demande, by=request.user)
    if not form.is_valid():
        return render_dossier(request, found, forms={name: form}, status=422)
    personne = form.cleaned_data["personne"]
    try:
        service(dossier=demande, personne=personne, by=request.user)
    except Forbidden as error:
        return forbidden(request, error.message)
    messages.success(request, f"Le dossier {words} {personne.full_name}.")
    return back_to(found, "acces")
