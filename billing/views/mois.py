"""The months: list, one month, its lines, check, export, download."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from billing.exporters.lisezmoi import lisezmoi as lisezmoi_text
from billing.forms import ControleForm
from billing.models import Envoi
from billing.permissions import BillingPermission
from billing.selectors import mois as selectors
from billing.services.export import export_month, stored_bytes
from billing.services.preparation import prepare_month
from billing.states import EtatLigne
from billing.views.access import needs, periode_or_404
from engine import clocks
from engine.errors import StepError

PAGE = 100
CURES = {
    "sejour_ouvert": ("Saisir la sortie", "billing:sejours"),
    "avant_entree": ("Voir les séjours", "billing:sejours"),
    "apres_sortie": ("Voir les séjours", "billing:sejours"),
    "prix_manquant": ("Saisir le prix", "billing:prix"),
    "prix_nul": ("Voir les prix", "billing:prix"),
}
"""Where a reason is cured, when it is cured in billing."""


@require_GET
@needs(BillingPermission.VIEW_MOIS)
def mois(request, etablissement):
    today = clocks.today()
    try:
        annee = int(request.GET.get("annee", today.year))
    except ValueError:
        annee = today.year
    annee = min(max(annee, 2022), today.year)
    context = {
        "etablissement": etablissement,
        "fichcomp": selectors.uses_fichcomp(etablissement),
        "annee": annee,
        "annees": range(today.year, max(2022, today.year - 3) - 1, -1),
        "mois": selectors.months(request.user, annee),
    }
    return render(request, "billing/facturation/mois.html", context)


@require_GET
@needs(BillingPermission.VIEW_MOIS)
def mois_detail(request, etablissement, annee, mois):
    periode = periode_or_404(annee, mois)
    detail = selectors.month_detail(request.user, periode)
    cures = {code: {"label": label, "url": reverse(name)} for code, (label, name) in CURES.items()}
    context = {
        "etablissement": etablissement,
        "fichcomp": selectors.uses_fichcomp(etablissement),
        "mois": detail,
        "motifs": [(motif, cures.get(motif.code)) for motif in detail.motifs],
        "form": ControleForm(
            initial={"inclure_zero": bool(detail.preparation and detail.preparation.inclure_zero)}
        ),
    }
    return render(request, "billing/facturation/mois_detail.html", context)


@require_GET
@needs(BillingPermission.VIEW_MOIS)
def lignes(request, etablissement, annee, mois):
    periode = periode_or_404(annee, mois)
    etat = request.GET.get("etat", "")
    etat = etat if etat in EtatLigne.values else ""
    motif = request.GET.get("motif", "")[:40]
    rows = selectors.lines_of(request.user, periode, etat=etat, motif_code=motif)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "etablissement": etablissement,
        "periode": periode,
        "label": selectors.month_label(periode),
        "etat": EtatLigne(etat).label if etat else "",
        "page_obj": page,
    }
    return render(request, "billing/facturation/lignes.html", context)


@require_POST
@needs(BillingPermission.PREPARE_MOIS)
def controler(request, etablissement, annee, mois):
    form = ControleForm(request.POST)
    form.is_valid()
    try:
        prepare_month(
            etablissement=etablissement,
            annee=annee,
            mois=mois,
            by=request.user,
            include_zero=form.cleaned_data.get("inclure_zero", False),
        )
    except StepError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "Le mois est contrôlé.")
    return _back(annee, mois)


@require_POST
@needs(BillingPermission.EXPORT_MOIS)
def exporter(request, etablissement, annee, mois):
    try:
        envoi = export_month(etablissement=etablissement, annee=annee, mois=mois, by=request.user)
    except StepError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"Le fichier {envoi.nom} est prêt à télécharger.")
    return _back(annee, mois)


@require_GET
@needs(BillingPermission.EXPORT_MOIS)
def telecharger(request, etablissement, pk):
    envoi = get_object_or_404(Envoi.objects.visible_to(request.user), pk=pk)
    try:
        stored = stored_bytes(envoi)
    except StepError as error:
        messages.error(request, error.message)
        return _back(envoi.annee, envoi.mois)
    response = StreamingHttpResponse(stored, content_type="text/plain; charset=us-ascii")
    response["Content-Length"] = envoi.taille
    response["Content-Disposition"] = f'attachment; filename="{envoi.nom}"'
    return response


@require_GET
@needs(BillingPermission.EXPORT_MOIS)
def lisezmoi(request, etablissement, pk):
    envoi = get_object_or_404(Envoi.objects.visible_to(request.user), pk=pk)
    response = HttpResponse(lisezmoi_text(envoi), content_type="text/plain; charset=utf-8")
    name = envoi.nom.removesuffix(".txt") + ".LISEZMOI.txt"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _back(annee, mois):
    return redirect("billing:mois_detail", annee=annee, mois=mois)
