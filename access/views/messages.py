"""Writing on a dossier."""

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from access.forms.messages import MessageForm
from access.permissions import AccessPermission
from access.selectors.dossier_page import linked_pair, visible
from access.services.messages import write_message
from access.views.back import back_to
from access.views.dossier import render_dossier
from access.views.gate import forbidden, needs
from engine.errors import Forbidden


@needs(AccessPermission.WRITE_MESSAGE)
@require_POST
def ajouter(request, pk):
    """Post one message to those who read the dossier."""
    found = get_object_or_404(visible(request.user), pk=pk)
    demande, _ = linked_pair(found.as_kind())
    form = MessageForm(data=request.POST, subject=demande, by=request.user)
    if not form.is_valid():
        return render_dossier(request, found, forms={"message_form": form}, status=422)
    try:
        write_message(dossier=demande, by=request.user, **form.cleaned_data)
    except Forbidden as error:
        return forbidden(request, error.message)
    messages.success(request, "Votre message est au dossier.")
    return back_to(found, "messages")
