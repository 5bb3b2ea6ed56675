"""The page of a dossier."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from access.forms.messages import MessageForm
from access.forms.partage import PartageForm, RetraitPartageForm
from access.forms.pieces import PieceForm
from access.permissions import AccessPermission
from access.selectors.dossier_page import dossier_page, next_of, visible
from access.views.gate import needs
from engine import journal


@needs(AccessPermission.VIEW_DOSSIER)
@require_safe
def dossier(request, pk):
    """Where it is, whose turn, what date, what I may do; then everything it holds."""
    found = get_object_or_404(visible(request.user), pk=pk)
    return render_dossier(request, found)


def render_dossier(request, found, *, forms=None, status=200):
    """The same page after a refused form: what was typed is still there."""
    user = request.user
    page = dossier_page(found, user)
    journal.record_read(page.dossier, by=user, page="dossier")
    context = {"page": page, "parts": page.parts, "version": page.dossier.version}
    if page.parts["may_write"]:
        context["message_form"] = MessageForm(subject=page.demande, by=user)
    if page.parts["may_share"]:
        context["share_form"] = PartageForm(subject=page.demande, by=user)
        context["unshare_form"] = RetraitPartageForm(subject=page.demande, by=user)
    if page.parts["may_join"]:
        context["piece_form"] = PieceForm()
        context["piece_url"] = reverse("access:piece_ajouter", args=[page.demande.pk])
    following = next_of(page.dossier, user)
    if following is not None:
        context["next_dossier"] = {
            "label": following.nom_affiche,
            "url": reverse("access:dossier", args=[following.pk]),
        }
    return render(
        request, "access/dossier/dossier.html", {**context, **(forms or {})}, status=status
    )
