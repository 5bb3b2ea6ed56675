"""A new order: on an authorisation, or for the stock."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from access.forms.pharmacie import CommandeForm, StockOrderForm
from access.models import Aac
from access.permissions import AccessPermission, can
from access.selectors import commandes as selectors
from access.services import commandes as services
from access.views.answers import conflict, refused, standing, version_of
from access.views.gate import forbidden, needs
from access.views.pharmacie import order_url
from engine.errors import StepError
from engine.steps import perform, steps_of


@needs(AccessPermission.ORDER)
@require_http_methods(["GET", "HEAD", "POST"])
def commande_stock(request):
    """Prepare an order ahead of a patient."""
    form = StockOrderForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                order = services.open_stock_order(by=request.user, **form.cleaned_data)
            except StepError as error:
                form.add_error(None, error.message)
            else:
                messages.success(request, "La commande est préparée.")
                return redirect(order_url(order))
    context = {"form": form, "allowed": selectors.may_stock(request.user)}
    return render(request, "access/pharmacie/commande_stock.html", context, status=status)


@needs(AccessPermission.PREPARE_ORDER)
@require_http_methods(["GET", "HEAD", "POST"])
def commander(request, pk):
    """Prepare an order on an authorisation."""
    aac = get_object_or_404(Aac.objects.visible_to(request.user), pk=pk)
    if not can(AccessPermission.PREPARE_ORDER)(request.user, aac):
        return forbidden(request, "Seule la pharmacie du dossier commande.")
    url = reverse("access:dossier", args=[aac.pk])
    form, status = CommandeForm(subject=aac, by=request.user), 200
    if request.method == "POST":
        try:
            perform(aac, "order", by=request.user, version=version_of(request), raw=request.POST)
        except StepError as error:
            aac = Aac.objects.visible_to(request.user).get(pk=pk)
            form, status = refused(CommandeForm, request, aac, error), error.status
            if aac.state not in steps_of(Aac)["order"].sources:
                return conflict(request, error, aac, url)
        else:
            messages.success(request, "La commande est préparée : relisez-la avant son envoi.")
            return redirect(order_url(aac.commandes.order_by("-creee_le", "-numero").first()))
    blockers = [] if status != 200 else standing(aac, request.user, "order")
    context = {
        "aac": aac,
        "form": form,
        "blockers": [{"message": b.message, "url": url} for b in blockers],
        "dossier_url": url,
    }
    return render(request, "access/pharmacie/commander.html", context, status=status)
