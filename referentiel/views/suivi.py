"""Following the register: the list of changes, its feeds, and e-mail without an account."""

from datetime import datetime
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import (
    condition,
    require_http_methods,
    require_POST,
    require_safe,
)

from engine.clocks import now
from engine.throttle import allowed
from referentiel import suivi
from referentiel.exporters.atom import MIME, write_atom
from referentiel.forms.suivi import ChangementsForm, SuiviForm
from referentiel.models import Produit
from referentiel.selectors import abonnements as selectors
from referentiel.selectors import fil
from referentiel.services import abonnements, visites
from referentiel.views.gate import posted, status_of
from referentiel.views.public import typed_query

PAGE, LIMIT = 50, 5
VISITE = "changements_vus_le"


@login_not_required
@require_safe
def changements(request):
    form = ChangementsForm(request.GET)
    form.is_valid()
    q = typed_query(request)
    page = Paginator(fil.found(q=q, **_filters(form)), PAGE).get_page(request.GET.get("page"))
    visit = _previous_visit(request) if request.user.is_authenticated else None
    context = {
        "form": form,
        "q": q,
        "page_obj": page,
        "visite": visit,
        "nouveaux": fil.found().filter(le__gt=visit).count() if visit else None,
    }
    return render(request, "referentiel/suivi/changements.html", context)


def _previous_visit(request):
    """The last look of the session before this one: it holds for the whole of this one."""
    seen = visites.look(by=request.user)
    held = request.session.setdefault(VISITE, seen.isoformat() if seen else "")
    return datetime.fromisoformat(held) if held else None


def _filters(form):
    return {
        name: form.cleaned_data.get(name) or None for name in ("produit", "depuis", "jusqu")
    } | {"nature": form.cleaned_data.get("nature") or ""}


@require_POST
def changements_lus(request):
    visites.look(by=request.user)
    request.session[VISITE] = now().isoformat()
    messages.success(request, "Tout est marqué comme lu.")
    return redirect("referentiel:changements")


def _produit(pk):
    return get_object_or_404(Produit, pk=pk) if pk else None


def _etag(request, pk=None):
    last, n = fil.freshness(_produit(pk))
    return f'"{last.timestamp() if last else 0}-{n}"'


def _last_modified(request, pk=None):
    return fil.freshness(_produit(pk))[0]


@login_not_required
@require_safe
@condition(etag_func=_etag, last_modified_func=_last_modified)
def atom(request, pk=None):
    """The feed of one product, or of everything."""
    produit = _produit(pk)
    titre = f"{produit.nom} : changements" if produit else "Référentiel : changements"
    page = (
        reverse("referentiel:produit", args=[pk]) if produit else reverse("referentiel:changements")
    )
    text = write_atom(titre, request.path, page, fil.entries(produit))
    return HttpResponse(text, content_type=MIME)


@login_not_required
@require_http_methods(["GET", "POST"])
def suivre(request, pk=None):
    """Ask to follow; the answer is the same whether the address is known or not."""
    produit, form = _produit(pk), SuiviForm(posted(request))
    context = {"produit": produit, "form": form}
    if request.method == "POST":
        if not allowed("suivre", get_adapter().get_client_ip(request), LIMIT):
            response = render(request, "429.html", status=429)
            response.headers["Retry-After"] = "60"
            return response
        if form.is_valid():
            abonnements.subscribe(courriel=form.cleaned_data["courriel"], produit=produit)
            context["demande"] = True
    return render(request, "referentiel/suivi/suivre.html", context, status=status_of(form))


@login_not_required
@require_http_methods(["GET", "POST"])
def confirmer(request):
    """The link of the mail: a page with one button, so that no mail filter confirms by reading."""
    jeton = request.GET.get("jeton", "")
    pk = suivi.confirmed_by(jeton)
    if request.method == "POST" and pk:
        held = abonnements.confirm(pk)
        if held is not None:
            return render(request, "referentiel/suivi/confirmer.html", {"fait": held})
        pk = None
    status = 200 if pk else 410
    return render(request, "referentiel/suivi/confirmer.html", {"valide": pk}, status=status)


@login_not_required
@csrf_exempt
@require_http_methods(["GET", "POST"])
def arreter(request):
    """End by one click, from the mail program itself (RFC 8058) or from the page."""
    pks = suivi.ended_by(request.GET.get("jeton", ""))
    context = {"valide": bool(pks)}
    if pks and request.method == "POST":
        context["fait"] = True
        abonnements.unsubscribe(*pks, only=_uuid(request.POST.get("abonnement", "")))
    elif pks:
        context["suivis"] = selectors.followed(pks)
    return render(request, "referentiel/suivi/arreter.html", context, status=200 if pks else 410)


def _uuid(text):
    try:
        return UUID(text)
    except ValueError:
        return None
