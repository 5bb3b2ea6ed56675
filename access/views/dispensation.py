"""Dispensing on an authorisation, and the mention its ordonnance carries."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from access.forms.dispensation import DispensationForm
from access.models import Aac
from access.permissions import AccessPermission, can
from access.rules.aac import cover_blockers, last_covered
from access.selectors.commandes import units
from access.views.answers import refused, standing, version_of
from access.views.gate import forbidden, needs
from engine.clocks import today
from engine.errors import StepError
from engine.journal import record_read
from engine.steps import perform
from referentiel.dates import jour_court
from referentiel.rules.obtention import MENTION


@needs(AccessPermission.DISPENSE)
@require_http_methods(["GET", "HEAD", "POST"])
def dispenser(request, pk):
    """Note units given to the patient."""
    aac = get_object_or_404(Aac.objects.visible_to(request.user), pk=pk)
    url = reverse("access:dossier", args=[aac.pk])
    if not can(AccessPermission.DISPENSE)(request.user, aac):
        return forbidden(request, "Seule la pharmacie du dossier dispense.")
    if request.method == "POST":
        return _dispense(request, aac, url)
    record_read(aac, by=request.user, page="dispenser")
    form = DispensationForm(subject=aac, by=request.user)
    return _page(request, aac, url, form, standing(aac, request.user, "dispense"))


def _dispense(request, aac, url):
    try:
        perform(aac, "dispense", by=request.user, version=version_of(request), raw=request.POST)
    except StepError as error:
        fresh = Aac.objects.visible_to(request.user).get(pk=aac.pk)
        form = refused(DispensationForm, request, fresh, error)
        return _page(request, fresh, url, form, [], status=error.status)
    given = aac.dispensations.order_by("-le").first()
    messages.success(
        request, f"La dispensation de {units(given.quantite)} du lot {given.lot} est notée."
    )
    return redirect(url)


def _page(request, aac, url, form, blockers, status=200):
    given = aac.quantite_dispensee()
    context = {
        "aac": aac,
        "form": form,
        "blockers": [{"message": b.message, "url": url} for b in blockers],
        "dossier_url": url,
        "items": _facts(aac, given),
        "late": _late(aac, today()),
        "has_lots": bool(form.lots),
        "commandes_url": reverse("access:commandes") + "?onglet=attendues",
        "mention_url": reverse("access:mention", args=[aac.pk]),
    }
    return render(request, "access/pharmacie/dispenser.html", context, status=status)


def _late(aac, day):
    """Why today is not covered, and the last day that was: only a late entry is left."""
    last = last_covered(aac.droit, day)
    if last in (None, day):
        return None
    return {"why": cover_blockers(aac.droit, day)[0].message, "last": last}


def _facts(aac, given):
    lines = [
        {"label": "Patient", "value": aac.patient.initiales, "sub": f"IPP {aac.patient.ipp}"},
        {"label": "Produit", "value": aac.produit_nom},
        {"label": "Début", "value": jour_court(aac.date_debut)},
        {"label": "Fin", "value": jour_court(aac.date_fin)},
    ]
    if aac.quantite_max is not None:
        lines += [
            {"label": "Quantité autorisée", "value": units(aac.quantite_max)},
            {"label": "Déjà dispensée", "value": units(given)},
            {"label": "Reste", "value": units(max(aac.quantite_max - given, 0))},
        ]
    return lines


@needs(AccessPermission.WRITE_DEMANDE_AAC, AccessPermission.DISPENSE)
@require_safe
def mention(request, pk):
    """The mention to print and join to the ordonnance; the hospital's own page."""
    aac = get_object_or_404(Aac.objects.visible_to(request.user), pk=pk)
    context = {
        "aac": aac,
        "mention": MENTION,
        "dossier_url": reverse("access:dossier", args=[aac.pk]),
    }
    return render(request, "access/pharmacie/mention.html", context)
