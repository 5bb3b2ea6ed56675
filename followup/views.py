"""Declaring an adverse event: where to go and what to copy; the table of the centres."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from access.models import Dossier
from access.permissions import AccessPermission
from access.views.gate import needs
from engine.journal import record_read
from followup.forms import CoordonneesCrpvForm
from followup.selectors import all_centres, declaration_of
from followup.services import keep_coordinates
from referentiel.permissions import ReferentielPermission, is_granted
from referentiel.views import gate


@needs(AccessPermission.WRITE_DEMANDE_AAC, AccessPermission.DISPENSE)
@require_safe
def declarer(request, pk):
    """The hospital's own people, on the dossiers they may read; Placet sends nothing."""
    found = Dossier.objects.visible_to(request.user).select_related(
        "organisation", "patient", "produit", "specialite", "parent__detail_aac", "detail_aac"
    )
    dossier = get_object_or_404(found, pk=pk)
    record_read(dossier, by=request.user, page="declarer")
    context = {
        "dossier": dossier,
        "declaration": declaration_of(dossier, request.user),
        "dossier_url": reverse("access:dossier", args=[dossier.pk]),
    }
    return render(request, "followup/declarer.html", context)


@gate.needs(ReferentielPermission.EDIT_ETABLISSEMENT)
@require_safe
def crpv(request):
    """Every centre and what is known to reach it; the platform corrects, the others read."""
    editable = is_granted(request.user, ReferentielPermission.ADD_ORGANISATION)
    rows = [
        {
            "cells": [
                {
                    "text": o.nom,
                    "url": reverse("followup:crpv_modifier", args=[o.pk]) if editable else "",
                },
                {"text": o.region or "Région à préciser"},
                *_reach(o),
            ]
        }
        for o in all_centres()
    ]
    columns = ["Centre", "Région", "Départements", "Téléphone", "Adresse électronique"]
    return render(request, "followup/crpv.html", {"rows": rows, "columns": columns})


def _reach(organisation):
    known = getattr(organisation, "coordonnees_crpv", None)
    if known is None:
        return [{"text": "–"}, {"text": "–"}, {"text": "–"}]
    return [{"text": text or "–"} for text in (known.ressort, known.telephone, known.email)]


@gate.needs(ReferentielPermission.ADD_ORGANISATION)
@require_http_methods(["GET", "HEAD", "POST"])
def crpv_modifier(request, pk):
    """Complete or correct how a centre is reached."""
    centre = get_object_or_404(all_centres(), pk=pk)
    known = getattr(centre, "coordonnees_crpv", None)
    form = CoordonneesCrpvForm(request.POST or None, instance=known)
    if request.method == "POST" and form.is_valid():
        keep_coordinates(organisation=centre, by=request.user, **form.cleaned_data)
        messages.success(request, f"Les coordonnées de {centre.nom} sont enregistrées.")
        return redirect("followup:crpv")
    context = {"centre": centre, "form": form}
    return render(request, "followup/crpv_modifier.html", context, status=gate.status_of(form))
