"""Stays and administrations: list, typed one by one, pasted, corrected."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from billing.errors import SaisieRefusee
from billing.forms import AdministrationForm, CollageForm, SejourForm
from billing.models import Administration, Sejour
from billing.permissions import BillingPermission, is_granted
from billing.selectors import sejours as selectors
from billing.services import sejours as services
from billing.views.access import needs
from engine import journal
from engine.errors import StepError

PAGE = 50
FAULTS_SHOWN = 200


@require_GET
@needs(BillingPermission.VIEW_SEJOURS)
def sejours(request, etablissement):
    vue = "ouverts" if request.GET.get("vue") == "ouverts" else ""
    rows = selectors.stays(request.user, ouverts=vue == "ouverts")
    return render(
        request,
        "billing/facturation/sejours.html",
        {
            "etablissement": etablissement,
            "vue": vue,
            "page_obj": Paginator(rows, PAGE).get_page(request.GET.get("page")),
            "attente": selectors.pending_dispensations(request.user)[:PAGE],
        },
    )


@require_http_methods(["GET", "POST"])
@needs(BillingPermission.RECORD_SEJOURS)
def saisie(request, etablissement):
    initial = {"dispensation": request.GET.get("dispensation")}
    form = AdministrationForm(
        request.POST or None,
        dispensations=selectors.pending_dispensations(request.user),
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.record_administration(**data, by=request.user)
        except SaisieRefusee as error:
            for faute in error.fautes:
                form.add_error(None, faute[:1].upper() + faute[1:])
        except StepError as error:
            form.add_error(None, error.message)
        else:
            messages.success(
                request,
                f"L'administration est enregistrée sur le séjour {data['numero_sejour']}.",
            )
            return redirect("billing:sejours")
    return render(request, "billing/facturation/saisie.html", {"form": form}, status=_status(form))


@require_http_methods(["GET", "POST"])
@needs(BillingPermission.RECORD_SEJOURS)
def collage(request, etablissement):
    form = CollageForm(request.POST or None)
    fautes = []
    if request.method == "POST" and form.is_valid():
        try:
            done = services.record_administrations(
                etablissement=etablissement, text=form.cleaned_data["texte"], by=request.user
            )
        except SaisieRefusee as error:
            form.add_error(None, error.message)
            fautes = error.fautes
        except StepError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, f"{len(done)} administration(s) enregistrée(s).")
            return redirect("billing:sejours")
    context = {
        "form": form,
        "fautes": fautes[:FAULTS_SHOWN],
        "fautes_en_plus": max(0, len(fautes) - FAULTS_SHOWN),
    }
    return render(request, "billing/facturation/collage.html", context, status=_status(form))


@require_http_methods(["GET", "POST"])
@needs(BillingPermission.VIEW_SEJOURS, post=BillingPermission.RECORD_SEJOURS)
def sejour(request, etablissement, pk):
    stay = get_object_or_404(
        Sejour.objects.visible_to(request.user).select_related("patient", "etablissement"), pk=pk
    )
    initial = {"entree": stay.entree, "sortie": stay.sortie}
    form = SejourForm(request.POST or None, initial=initial)
    if request.method == "POST":
        if form.is_valid():
            try:
                services.correct_stay(sejour=stay, **form.cleaned_data, by=request.user)
            except StepError as error:
                form.add_error(None, error.message)
            else:
                messages.success(request, "Les dates du séjour sont enregistrées.")
                return redirect("billing:sejour", pk=stay.pk)
    else:
        journal.record_read(stay, by=request.user, page="billing:sejour")
    context = {
        "sejour": stay,
        "form": form,
        "administrations": selectors.administrations_of(stay),
        "modifiable": is_granted(request.user, BillingPermission.RECORD_SEJOURS),
    }
    return render(request, "billing/facturation/sejour.html", context, status=_status(form))


@require_http_methods(["GET", "POST"])
@needs(BillingPermission.RECORD_SEJOURS)
def supprimer_administration(request, etablissement, pk):
    administration = get_object_or_404(
        Administration.objects.visible_to(request.user).select_related(
            "sejour", "dispensation__specialite"
        ),
        pk=pk,
    )
    if request.method == "GET":
        context = {"administration": administration}
        return render(request, "billing/facturation/supprimer.html", context)
    stay = administration.sejour
    services.remove_administration(administration=administration, by=request.user)
    messages.success(
        request, "L'administration est supprimée. Contrôlez de nouveau les mois concernés."
    )
    return redirect("billing:sejour", pk=stay.pk)


def _status(form):
    return 422 if form.is_bound and form.errors else 200
