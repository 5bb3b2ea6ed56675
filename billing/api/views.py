"""Billing in the API: stays and administrations, prices, months, their file."""

import re

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ParseError
from rest_framework.response import Response

from billing.api import serializers as shapes
from billing.exporters.lisezmoi import lisezmoi
from billing.forms import AdministrationForm, ControleForm, PrixForm, SejourForm
from billing.models import Administration, Envoi, Sejour
from billing.permissions import BillingPermission, holding
from billing.rules.periode import Periode
from billing.selectors import mois as months
from billing.selectors import prix as prices
from billing.selectors import sejours as stays
from billing.services.export import export_month, stored_bytes
from billing.services.preparation import prepare_month
from billing.services.prix import record_price
from billing.services.sejours import (
    correct_stay,
    record_administration,
    remove_administration,
)
from billing.states import EtatLigne
from engine import journal
from engine.api import idempotent, page_of, paginated, read
from engine.clocks import today
from engine.form_data import checked, posted
from referentiel.api.base import RoleView
from referentiel.api.filtres import PAGE, query

P = BillingPermission


def etablissement_of(request):
    found = months.etablissement_of(request.user)
    if found is None:
        raise PermissionDenied("Votre organisation n'est pas un établissement de santé.")
    return found


def typed(serializer, request):
    """The body as its page's form would be posted."""
    values = read(serializer, request)
    return posted({name: None if v is None else str(v) for name, v in values.items()})


class MoisListeView(RoleView):
    """The months of a year."""

    roles = holding(P.VIEW_MOIS)

    @extend_schema(
        parameters=[query("annee", "L'année ; celle-ci sinon.", OpenApiTypes.INT)],
        responses=shapes.MoisSerializer(many=True),
        operation_id="mois_liste",
    )
    def get(self, request):
        etablissement_of(request)
        year = request.query_params.get("annee", "") or str(today().year)
        if not re.fullmatch(r"2[0-9]{3}", year, re.ASCII):
            raise ParseError("« annee » est une année, de 2000 à 2999.")
        rows = months.months(request.user, int(year))
        return Response(shapes.MoisSerializer(rows, many=True).data)


class MoisView(RoleView):
    """One month: counts, amounts, and why lines are held back."""

    roles = holding(P.VIEW_MOIS)

    @extend_schema(responses=shapes.MoisDetailSerializer, operation_id="mois_lire")
    def get(self, request, annee, mois):
        etablissement_of(request)
        return detail(request, annee, mois)


def detail(request, annee, mois):
    found = months.month_detail(request.user, Periode(annee, mois))
    return Response(shapes.MoisDetailSerializer(found).data)


class LignesView(RoleView):
    """The prepared lines of a month, in the order of the file."""

    roles = holding(P.VIEW_MOIS)

    @extend_schema(
        parameters=[*PAGE, query("etat", "Un état de ligne.", enum=EtatLigne.values)],
        responses=page_of(shapes.LigneFichcompSerializer),
        operation_id="mois_lignes",
    )
    def get(self, request, annee, mois):
        state = request.query_params.get("etat", "")
        state = state if state in EtatLigne.values or not state else "-"
        rows = months.lines_of(request.user, Periode(annee, mois), etat=state)
        return paginated(request, rows, shapes.LigneFichcompSerializer)


class ControleView(RoleView):
    """Check a month and freeze its lines."""

    roles = holding(P.PREPARE_MOIS)

    @extend_schema(
        request=shapes.ControleSerializer,
        responses={200: shapes.MoisDetailSerializer},
        operation_id="mois_controler",
    )
    @idempotent
    def post(self, request, annee, mois):
        data = checked(ControleForm(typed(shapes.ControleSerializer, request)))
        prepare_month(
            etablissement=etablissement_of(request),
            annee=annee,
            mois=mois,
            by=request.user,
            include_zero=data.get("inclure_zero", False),
        )
        return detail(request, annee, mois)


class ExportView(RoleView):
    """Make the FICHCOMP of a prepared month; asked twice, the same file."""

    roles = holding(P.EXPORT_MOIS)

    @extend_schema(
        request=shapes.RienSerializer,
        responses={201: shapes.EnvoiSerializer},
        operation_id="mois_exporter",
    )
    @idempotent
    def post(self, request, annee, mois):
        read(shapes.RienSerializer, request)
        envoi = export_month(
            etablissement=etablissement_of(request), annee=annee, mois=mois, by=request.user
        )
        return Response(shapes.EnvoiSerializer(envoi).data, status=201)


class EnvoiView(RoleView):
    """The bytes of a FICHCOMP, as they were written."""

    roles = holding(P.EXPORT_MOIS)

    @extend_schema(
        responses={(200, "text/plain"): OpenApiTypes.BINARY}, operation_id="envoi_telecharger"
    )
    def get(self, request, pk):
        envoi = get_object_or_404(Envoi.objects.visible_to(request.user), pk=pk)
        response = HttpResponse(
            b"".join(stored_bytes(envoi)), content_type="text/plain; charset=us-ascii"
        )
        response["Content-Disposition"] = f'attachment; filename="{envoi.nom}"'
        return response


class LisezmoiView(RoleView):
    """What a FICHCOMP holds, in words."""

    roles = holding(P.EXPORT_MOIS)

    @extend_schema(
        responses={(200, "text/plain"): OpenApiTypes.BINARY}, operation_id="envoi_lisezmoi"
    )
    def get(self, request, pk):
        envoi = get_object_or_404(Envoi.objects.visible_to(request.user), pk=pk)
        return HttpResponse(lisezmoi(envoi), content_type="text/plain; charset=utf-8")


class ADispenserView(RoleView):
    """The dispensings whose units wait for their stay."""

    roles = holding(P.VIEW_SEJOURS)

    @extend_schema(
        parameters=PAGE,
        responses=page_of(shapes.ADispenserSerializer),
        operation_id="dispensations_a_rattacher",
    )
    def get(self, request):
        rows = stays.pending_dispensations(request.user)
        return paginated(request, rows, shapes.ADispenserSerializer)


class SejoursView(RoleView):
    """The stays of the hospital."""

    roles = holding(P.VIEW_SEJOURS)

    @extend_schema(
        parameters=PAGE, responses=page_of(shapes.SejourSerializer), operation_id="sejours_liste"
    )
    def get(self, request):
        return paginated(request, stays.stays(request.user), shapes.SejourSerializer)


class SejourView(RoleView):
    """One stay: what was given, its dates to correct."""

    roles = holding(P.VIEW_SEJOURS)
    method_roles = {"PATCH": holding(P.RECORD_SEJOURS)}

    @extend_schema(responses=shapes.SejourDetailSerializer, operation_id="sejour_lire")
    def get(self, request, pk):
        stay = get_object_or_404(stays.stays(request.user), pk=pk)
        journal.record_read(stay, by=request.user, page="api:sejour")
        return Response(shapes.SejourDetailSerializer(stay).data)

    @extend_schema(
        request=shapes.DatesSejourSerializer,
        responses=shapes.SejourDetailSerializer,
        operation_id="sejour_corriger",
    )
    def patch(self, request, pk):
        stay = get_object_or_404(Sejour.objects.visible_to(request.user), pk=pk)
        known = {"entree": str(stay.entree), "sortie": str(stay.sortie or "")}
        data = checked(SejourForm(known | typed(shapes.DatesSejourSerializer, request)))
        correct_stay(sejour=stay, **data, by=request.user)
        found = stays.stays(request.user).get(pk=pk)
        return Response(shapes.SejourDetailSerializer(found).data)


class AdministrationView(RoleView):
    """One administration; one recorded by mistake is taken out."""

    roles = holding(P.VIEW_SEJOURS)
    method_roles = {"DELETE": holding(P.RECORD_SEJOURS)}

    @extend_schema(responses=shapes.AdministrationSerializer, operation_id="administration_lire")
    def get(self, request, pk):
        return Response(shapes.AdministrationSerializer(self.found(request, pk)).data)

    @extend_schema(
        request=shapes.RienSerializer,
        responses={204: None},
        operation_id="administration_supprimer",
    )
    def delete(self, request, pk):
        read(shapes.RienSerializer, request)
        remove_administration(administration=self.found(request, pk), by=request.user)
        return Response(status=204)

    def found(self, request, pk):
        mine = Administration.objects.visible_to(request.user).select_related("sejour")
        return get_object_or_404(mine, pk=pk)


class AdministrationsView(RoleView):
    """One administration, with its stay."""

    roles = holding(P.RECORD_SEJOURS)

    @extend_schema(
        request=shapes.AdministrationSaisieSerializer,
        responses={201: shapes.AdministrationSerializer},
        operation_id="administration_enregistrer",
    )
    @idempotent
    def post(self, request):
        raw = typed(shapes.AdministrationSaisieSerializer, request)
        waiting = stays.pending_dispensations(request.user)
        data = checked(AdministrationForm(raw, dispensations=waiting))
        done = record_administration(**data, by=request.user)
        return Response(shapes.AdministrationSerializer(done).data, status=201)


class PrixView(RoleView):
    """Purchase prices; a new one ends the one before it."""

    roles = holding(P.VIEW_PRIX)
    method_roles = {"POST": holding(P.RECORD_PRIX)}

    @extend_schema(
        parameters=PAGE, responses=page_of(shapes.PrixSerializer), operation_id="prix_liste"
    )
    def get(self, request):
        return paginated(request, prices.prices(request.user), shapes.PrixSerializer)

    @extend_schema(
        request=shapes.PrixSaisiSerializer,
        responses={201: shapes.PrixSerializer},
        operation_id="prix_enregistrer",
    )
    @idempotent
    def post(self, request):
        data = checked(PrixForm(typed(shapes.PrixSaisiSerializer, request)))
        specialite = data.pop("ucd7")
        prix = record_price(
            etablissement=etablissement_of(request), specialite=specialite, by=request.user, **data
        )
        return Response(shapes.PrixSerializer(prix).data, status=201)
