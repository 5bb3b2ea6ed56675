"""Emergency opening of a dossier held by another service."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from access.forms.urgence import OuvertureForm, RechercheIppForm
from access.permissions import AccessPermission
from access.selectors.urgence import readable_dossiers, services_holding
from access.services.urgence import open_in_emergency
from access.views.gate import forbidden, needs
from engine.errors import Forbidden, InvalidInput
from referentiel.templatetags.placet import heure

PAGE = "access/urgence/urgence.html"


@needs(AccessPermission.OPEN_IN_EMERGENCY)
@require_http_methods(["GET", "HEAD", "POST"])
def chercher(request):
    """Look for a patient by hospital number; say only which service holds a dossier."""
    if request.method != "POST":
        return render(request, PAGE, {"form": RechercheIppForm()})
    form = RechercheIppForm(request.POST)
    if not form.is_valid():
        return render(request, PAGE, {"form": form}, status=422)
    return _found(request, form.cleaned_data["ipp"], form)


@needs(AccessPermission.OPEN_IN_EMERGENCY)
@require_POST
def ouvrir(request):
    """Open for a few hours, with a reason."""
    form = OuvertureForm(request.POST)
    if not form.is_valid():
        return _found(request, request.POST.get("ipp", "")[:30], None, form, status=422)
    data = form.cleaned_data
    try:
        opened = open_in_emergency(
            ipp=data["ipp"], service_id=data["service"], motif=data["motif"], by=request.user
        )
    except Forbidden as error:
        return forbidden(request, error.message)
    except InvalidInput as error:
        form.add_error(None, error.message)
        return _found(request, data["ipp"], None, form, status=422)
    messages.warning(
        request,
        f"Dossier ouvert en urgence jusqu'à {heure(opened.jusqu_a)}. "
        "Le chef du service en est informé, avec votre motif.",
    )
    return redirect("access:dossier", pk=opened.dossiers[0].pk)


def _found(request, ipp, form, refused=None, *, status=200):
    """The services that hold a dossier, each with its own form."""
    choices = []
    for service in services_holding(ipp, request.user):
        mine = refused is not None and refused.data.get("service") == str(service.pk)
        initial = {"ipp": ipp, "service": service.pk}
        opening = refused if mine else OuvertureForm(initial=initial, auto_id=f"{service.pk}_%s")
        choices.append({"nom": service.nom, "form": opening})
    context = {
        "form": form or RechercheIppForm(initial={"ipp": ipp}),
        "searched": True,
        "choices": choices,
        "readable": readable_dossiers(ipp, request.user),
        "refused": refused,
    }
    return render(request, PAGE, context, status=status)
