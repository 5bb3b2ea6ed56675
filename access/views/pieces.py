"""Files of a dossier: joined, served only when checked, never opened in the page."""

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from access.forms.pieces import PieceForm
from access.models import Dossier, Piece
from access.permissions import AccessPermission
from access.rules.fichiers import EXTENSION
from access.selectors.dossier_page import linked_pair
from access.services.pieces import add_piece, open_piece
from access.views.answers import conflict
from access.views.back import back_to
from access.views.gate import forbidden, needs
from engine import journal
from engine.errors import Conflict, Forbidden, InvalidInput


@needs(AccessPermission.ADD_PIECE)
@require_POST
def ajouter(request, pk):
    """Join one file to a request of the hospital, whichever of it or its authorisation is named."""
    found = get_object_or_404(Dossier.objects.visible_to(request.user), pk=pk)
    demande, _ = linked_pair(found.as_kind())
    form = PieceForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            add_piece(
                demande,
                by=request.user,
                upload=form.cleaned_data["fichier"],
                libelle=form.cleaned_data["libelle"],
            )
        except Forbidden as error:
            return forbidden(request, error.message)
        except Conflict as error:
            return conflict(request, error, demande)
        except InvalidInput as error:
            form.add_error("fichier", error.message)
        else:
            messages.success(request, "La pièce est jointe.")
            return back_to(found, "pieces")
    return _refused(request, found, form)


def _refused(request, found, form):
    from access.views.dossier import render_dossier

    return render_dossier(request, found, forms={"piece_form": form}, status=422)


@needs(AccessPermission.VIEW_DOSSIER)
@require_safe
def piece(request, pk):
    """Serve a checked file as a download, in a sandbox, under a neutral name."""
    found = get_object_or_404(
        Piece.objects.visible_to(request.user).select_related("dossier"), pk=pk, saine=True
    )
    try:
        content = open_piece(found)
    except FileNotFoundError as error:
        raise Http404 from error
    journal.record_read(found.dossier, by=request.user, page="piece")
    name = f"{slugify(found.libelle) or 'piece'}.{EXTENSION[found.type_mime]}"
    response = FileResponse(
        content, as_attachment=True, filename=name, content_type=found.type_mime
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
