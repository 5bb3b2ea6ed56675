"""The public sheet of a product: page, print view, history, documents, old addresses."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from engine import clocks
from referentiel.roles import DEMANDEURS
from referentiel.selectors import anciennes, changes, fiche, fiche_documents

PAGE = 50


@login_not_required
@require_safe
def produit(request, pk):
    """The sheet; a product merged into another leads there for good."""
    page = fiche.page_of(pk, clocks.today())
    if page is None or not page.fiche.ucds:
        target = anciennes.destination_of(request.path)
        if target:
            return redirect(target, permanent=True)
    if page is None:
        raise Http404
    context = {"page": page, "fiche": page.fiche, "peut_demander": may_ask(request.user)}
    return render(request, "referentiel/public/produit.html", context)


@login_not_required
@require_safe
def imprimer(request, pk):
    """The same in one printed page."""
    page = fiche.page_of(pk, clocks.today())
    if page is None:
        raise Http404
    context = {
        "page": page,
        "fiche": page.fiche,
        "adresse": request.build_absolute_uri(reverse("referentiel:produit", args=[pk])),
        "jour": clocks.today(),
    }
    return render(request, "referentiel/public/imprimer.html", context)


@login_not_required
@require_safe
def cadre(request, pk):
    """The stable address of a cadre: its place on the sheet of its product."""
    produit_id = fiche.produit_of_cadre(pk)
    if produit_id is None:
        raise Http404
    return redirect(f"{reverse('referentiel:produit', args=[produit_id])}#cadre-{pk}")


@login_not_required
@require_safe
def historique(request, pk):
    """Every change of a product, newest first."""
    produit = fiche.produit_named(pk)
    if produit is None:
        raise Http404
    page = Paginator(changes.changes(produit), PAGE).get_page(request.GET.get("page"))
    context = {"produit": produit, "page_obj": page}
    return render(request, "referentiel/public/historique.html", context)


@login_not_required
@require_safe
def document(request, pk):
    """One version of a document, with a banner when it is not the one to read."""
    lu = fiche_documents.read(pk, clocks.today())
    if lu is None:
        raise Http404
    return render(request, "referentiel/public/document.html", {"lu": lu})


@login_not_required
@require_safe
def document_fichier(request, pk):
    """The file of a version, or its text."""
    lu = fiche_documents.read(pk, clocks.today())
    if lu is None or not lu.telechargeable:
        raise Http404
    if not lu.document.fichier:
        response = HttpResponse(lu.document.texte, content_type="text/plain; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{lu.nom_fichier}"'
        return response
    try:
        opened = lu.document.fichier.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(opened, as_attachment=True, filename=lu.nom_fichier)


def may_ask(user):
    """Whether the button that begins a request leads this reader somewhere: sign-in included."""
    if not user.is_authenticated:
        return True
    affectation = getattr(user, "affectation", None)
    return affectation is not None and affectation.profil in DEMANDEURS
