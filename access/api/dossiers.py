"""Dossiers: the lists, one dossier, its steps, messages, pieces and documents."""

from typing import Any

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from access.api.base import P, dossier_of, inputs, read_page
from access.api.serializers import (
    DossierSerializer,
    EtapeDemandeeSerializer,
    EtapeSerializer,
    FormulaireSerializer,
    LigneSerializer,
)
from access.forms.filtres import DossierFilter
from access.forms.steps import StepForm
from access.permissions import holding
from access.selectors.api_page import dossiers_listed
from access.services.jumeaux import perform_together, taken_along
from access.states import STATES, Kind
from engine.api import idempotent, page_of, paginated, read, words
from engine.errors import Forbidden
from engine.form_data import checked, described
from engine.steps import available_steps, steps_of
from referentiel import stepup
from referentiel.api.base import RoleView
from referentiel.api.filtres import PAGE, query

READERS = holding(P.VIEW_DOSSIER)


LIST = [
    *PAGE,
    query("q", "Mots cherchés : numéro, produit, indication, initiales."),
    query("onglet", "Un onglet de la liste de travail du rôle ; tous les dossiers sinon."),
    query("etat", "Un état, par exemple EN_INSTRUCTION."),
    query("produit", "Identifiant d'un produit.", OpenApiTypes.UUID),
    query("service", "Identifiant d'un service (hôpital).", OpenApiTypes.UUID),
    query("voie", "ACCELEREE ou COMPLETE (agence)."),
    query("urgence", "oui ou non."),
]


def listed(request, kind=""):
    """The dossiers asked for, through the same filters as the work lists."""
    asked = request.query_params
    state = asked.get("etat", "")
    known = {value for states in STATES.values() for value in states.values}
    state = state if state in known or not state else "-"
    rows = dossiers_listed(request.user, asked.get("onglet", ""), words(request), kind, state)
    data = {name: asked.get(name, "").replace("\0", "") for name in asked}
    filtered = DossierFilter(data=data, queryset=rows, request=request)
    checked(filtered.form)
    return paginated(request, filtered.qs, LigneSerializer)


class DossiersView(RoleView):
    """The dossiers the person may read."""

    roles = READERS

    @extend_schema(
        parameters=[*LIST, query("type", "DEMANDE_AAC ou AAC.", enum=Kind.values)],
        responses=page_of(LigneSerializer),
        operation_id="dossiers_liste",
    )
    def get(self, request):
        kind = request.query_params.get("type", "")
        return listed(request, kind if kind in Kind.values or not kind else "-")


class DossierView(RoleView):
    """One dossier, with the steps the person may do."""

    roles = READERS

    @extend_schema(responses=DossierSerializer, operation_id="dossier_lire")
    def get(self, request, pk):
        found = read_page(dossier_of(request.user, pk), request.user, "api:dossier")
        return Response(DossierSerializer(found, context={"request": request}).data)


class EtapesView(RoleView):
    """The steps the person may do on a dossier in its state."""

    roles = READERS

    @extend_schema(responses=EtapeSerializer(many=True), operation_id="etapes_liste")
    def get(self, request, pk):
        found = dossier_of(request.user, pk).as_kind()
        return Response(EtapeSerializer(available_steps(found, request.user), many=True).data)


class EtapeView(RoleView):
    """One step: GET tells its form, POST does it."""

    roles = READERS

    @extend_schema(responses=FormulaireSerializer, operation_id="etape_lire")
    def get(self, request, pk, name):
        found = dossier_of(request.user, pk).as_kind()
        return told(found, name, request.user)

    @extend_schema(
        request=EtapeDemandeeSerializer,
        responses={200: DossierSerializer},
        operation_id="etape_faire",
    )
    @idempotent
    def post(self, request, pk, name):
        user = request.user
        found = dossier_of(user, pk).as_kind()
        spec = spec_of(found, name, user)
        confirm(request, spec)
        asked = read(EtapeDemandeeSerializer, request)
        twins = frozenset(
            f"pharmacie_quantite_{twin.pk}" for twin in taken_along(found, name, user)
        )
        raw = inputs(form_of(spec, found, user), asked.get("data", {}), twins)
        perform_together(found, name, by=user, version=asked["version"], raw=raw)
        done = read_page(dossier_of(user, pk), user, "api:etape")
        return Response(DossierSerializer(done, context={"request": request}).data)


def confirm(request, spec):
    """A browser's session decides only when the person was confirmed lately, as on the page."""
    if spec.confirmed and request.auth is None and stepup.needed(request._request):
        raise Forbidden("Confirmez d'abord votre identité : ouvrez la page de cette étape.")


def spec_of(subject, name, user):
    """A step of the subject's workflow that the person may do: else 404, or 403."""
    spec = workflow_of(subject).get(name)
    if spec is None:
        raise Http404
    if not spec.permission(user, subject):
        raise Forbidden("Votre rôle ne permet pas cette étape sur ce dossier.")
    return spec


def workflow_of(subject):
    """The steps of a dossier's or an order's kind."""
    model: Any = type(subject)
    return steps_of(model)


def form_of(spec, subject, user):
    """The form of a step, empty; None when it asks nothing."""
    return spec.form_class(subject=subject, by=user) if spec.form else None


def told(subject, name, user):
    """The form of a step and what blocks it now."""
    spec = spec_of(subject, name, user)
    offer = next((o for o in available_steps(subject, user) if o.name == name), None)
    form = form_of(spec, subject, user) or StepForm()
    body = {
        "version": subject.version,
        "champs": described(form),
        "blocages": offer.blockers if offer is not None else [],
    }
    return Response(FormulaireSerializer(body).data)
