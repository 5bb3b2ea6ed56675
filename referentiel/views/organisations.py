"""An establishment's own page, and for the platform the list of organisations."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from engine.clocks import today
from engine.words import asked_words
from referentiel import stepup
from referentiel.exporters.etablissements import csv_lines
from referentiel.forms.etablissements import OrganisationsFiltreForm
from referentiel.forms.people import (
    FacturationForm,
    OrganisationForm,
    PuiForm,
    ServiceForm,
)
from referentiel.models import Organisation, Pui, Service, TypeOrganisation
from referentiel.permissions import ReferentielPermission, is_granted
from referentiel.selectors import annuaire, etablissements
from referentiel.services import organisations as services
from referentiel.views.gate import done, needs, posted, status_of
from referentiel.views.people import FORM

P = ReferentielPermission
PAGE = 50


def kept_hospital(request, pk):
    """An establishment the person keeps, or 404."""
    rows = Organisation.objects.visible_to(request.user).select_related("etablissement")
    return get_object_or_404(rows, pk=pk, type=TypeOrganisation.ETABLISSEMENT).etablissement


def page_of(organisation):
    return reverse("referentiel:organisation", args=[organisation.pk])


@require_safe
@needs(P.VIEW_ORGANISATIONS)
def liste(request):
    form, words, found = _asked(request)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "q": words,
        "page_obj": page,
        "rows": [etablissements.row_of(organisation) for organisation in page],
        "columns": etablissements.COLUMNS,
        "export_url": f"{reverse('referentiel:organisations_export')}?{query.urlencode()}",
    }
    return render(request, "referentiel/personnes/organisations.html", context)


@require_safe
@needs(P.VIEW_ORGANISATIONS)
def export(request):
    """What the list shows, all pages together."""
    lines = csv_lines(etablissements.file_rows(_asked(request)[2]))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="organisations.csv"'
    return response


def _asked(request):
    """The filters, the words searched, what they find."""
    form = OrganisationsFiltreForm(request.GET)
    words = asked_words(request)
    return form, words, etablissements.found(request.user, words, form.filtre())


@require_safe
@needs(P.EDIT_ETABLISSEMENT)
def etablissement(request):
    """One's own establishment."""
    return redirect(page_of(request.user.affectation.organisation))


@require_safe
@needs(P.EDIT_ETABLISSEMENT)
def organisation(request, pk):
    rows = Organisation.objects.visible_to(request.user).select_related("etablissement")
    found = get_object_or_404(rows, pk=pk)
    puis = list(annuaire.puis_of(found))
    on = today()
    context = {
        "organisation": found,
        "etablissement": getattr(found, "etablissement", None),
        "services": annuaire.services_of(found),
        "puis": puis,
        "delegations": [
            annuaire.delegation_row(d, on=on) for d in annuaire.delegations_of([p.pk for p in puis])
        ],
        "plateforme": is_granted(request.user, P.VIEW_ORGANISATIONS),
        "administree": annuaire.organisations(request.user).get(pk=pk).administree,
    }
    if context["etablissement"] is not None:
        context |= {
            "identite": etablissements.identity(context["etablissement"]),
            "administrateurs": etablissements.administrators_of(found),
            "contacts": etablissements.contacts_of(context["etablissement"]),
            "administrateurs_columns": ["Administrateur", "Dates", "État"],
        }
    return render(request, "referentiel/personnes/organisation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(P.ADD_ORGANISATION)
@stepup.required
def nouvelle(request):
    form = OrganisationForm(posted(request))
    if request.method == "POST" and form.is_valid():
        made = services.add_organisation(by=request.user, **form.cleaned_data)
        messages.success(request, f"{made.nom} est ajouté.")
        return redirect(page_of(made))
    context = {
        "form": form,
        "title": "Ajouter une organisation",
        "intro": "Les établissements de santé viennent de la SAE et ne s'ajoutent pas ici.",
        "cancel_url": reverse("referentiel:organisations"),
    }
    return render(request, FORM, context, status=status_of(form))


def _edit(request, form, write, title, success, back):
    """One form of the establishment: show, save, come back."""
    if (
        request.method == "POST"
        and form.is_valid()
        and done(form, lambda: write(**form.cleaned_data))
    ):
        messages.success(request, success)
        return redirect(back)
    context = {"form": form, "title": title, "cancel_url": back}
    return render(request, FORM, context, status=status_of(form))


def _service_page(request, row, title):
    def write(**values):
        services.save_service(by=request.user, service=row, **values)

    form = ServiceForm(posted(request), instance=row)
    back = page_of(row.etablissement.organisation)
    return _edit(request, form, write, title, "Le service est enregistré.", back)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(P.EDIT_ETABLISSEMENT)
def service_nouveau(request, pk):
    row = Service(etablissement=kept_hospital(request, pk))
    return _service_page(request, row, "Ajouter un service")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(P.EDIT_ETABLISSEMENT)
def service(request, pk):
    kept = Organisation.objects.visible_to(request.user)
    row = get_object_or_404(Service, pk=pk, etablissement__organisation__in=kept)
    return _service_page(request, row, f"Corriger le service {row.nom}")


def _pui_page(request, row, title):
    def write(**values):
        services.save_pui(by=request.user, pui=row, **values)

    form = PuiForm(posted(request), instance=row)
    back = page_of(row.etablissement.organisation)
    return _edit(request, form, write, title, "La pharmacie est enregistrée.", back)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(P.EDIT_ETABLISSEMENT)
def pui_nouvelle(request, pk):
    return _pui_page(
        request, Pui(etablissement=kept_hospital(request, pk)), "Ajouter une pharmacie"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs(P.EDIT_ETABLISSEMENT)
def pui(request, pk):
    kept = Organisation.objects.visible_to(request.user)
    row = get_object_or_404(Pui, pk=pk, etablissement__organisation__in=kept)
    return _pui_page(request, row, f"Corriger {row.nom}")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(P.EDIT_ETABLISSEMENT)
def facturation(request, pk):
    row = kept_hospital(request, pk)
    if row is None:
        raise Http404

    def write(**values):
        services.save_billing(by=request.user, etablissement=row, **values)

    form = FacturationForm(posted(request), instance=row)
    back = page_of(row.organisation)
    title, success = "Facturation de l'établissement", "La facturation est enregistrée."
    return _edit(request, form, write, title, success, back)
