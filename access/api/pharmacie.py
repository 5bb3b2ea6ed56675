"""The pharmacy: orders and their steps, lots received, units given, stock."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from access.api.base import P, inputs
from access.api.dossiers import form_of, spec_of, told
from access.api.serializers import EtapeDemandeeSerializer, EtapeSerializer, FormulaireSerializer
from access.forms.pharmacie import StockOrderForm
from access.permissions import holding
from access.selectors import stock
from access.selectors.api_page import dispensings_listed, orders_listed, receptions_listed
from access.services.commandes import open_stock_order
from engine.api import StrictSerializer, idempotent, page_of, paginated, read
from engine.clocks import today
from engine.form_data import checked, posted
from engine.steps import available_steps, perform
from referentiel.api.base import RoleView
from referentiel.api.filtres import PAGE

PHARMACY = holding(P.PREPARE_ORDER)


def units(max_digits=10, **more):
    return serializers.DecimalField(max_digits=max_digits, decimal_places=3, **more)


def total():
    """Units of several deliveries or dispensings together."""
    return units(max_digits=18)


class CommandeSerializer(serializers.Serializer):
    """An order, in UCD units."""

    id = serializers.UUIDField()
    numero = serializers.CharField()
    etat = serializers.CharField(source="state")
    etat_libelle = serializers.CharField(source="get_state_display")
    version = serializers.IntegerField()
    titre_id = serializers.UUIDField(allow_null=True)
    titre = serializers.CharField(source="titre.nom_affiche", default="")
    pour_stock = serializers.BooleanField()
    specialite_id = serializers.UUIDField()
    specialite = serializers.CharField(source="specialite.libelle")
    ucd7 = serializers.CharField(source="specialite.ucd7", allow_null=True)
    quantite = units()
    quantite_confirmee = units(allow_null=True)
    fournisseur = serializers.CharField()
    importateur = serializers.CharField()
    livraison_prevue = serializers.DateField(allow_null=True)
    reponse_texte = serializers.CharField()
    creee_le = serializers.DateTimeField()
    envoyee_le = serializers.DateTimeField(allow_null=True)


class CommandeEtapesSerializer(CommandeSerializer):
    etapes = EtapeSerializer(many=True)


class ReceptionSerializer(serializers.Serializer):
    """A lot received."""

    id = serializers.UUIDField()
    commande_id = serializers.UUIDField()
    commande = serializers.CharField(source="commande.numero")
    specialite_id = serializers.UUIDField()
    lot = serializers.CharField()
    peremption = serializers.DateField()
    quantite = units()
    certificat = serializers.BooleanField()
    commentaire = serializers.CharField()
    recue_le = serializers.DateTimeField()


class DispensationSerializer(serializers.Serializer):
    """Units given on the strength of an authorisation."""

    id = serializers.UUIDField()
    titre_id = serializers.UUIDField()
    titre = serializers.CharField(source="titre.nom_affiche")
    specialite_id = serializers.UUIDField()
    lot = serializers.CharField()
    peremption = serializers.DateField()
    quantite = units()
    jour = serializers.DateField()
    contexte = serializers.CharField()
    ordonnance_date = serializers.DateField()
    ordonnance_prescripteur = serializers.CharField()
    le = serializers.DateTimeField()


class LotSerializer(serializers.Serializer):
    """A lot held by the pharmacy."""

    specialite_id = serializers.UUIDField()
    libelle = serializers.CharField()
    ucd7 = serializers.CharField(source="ucd")
    lot = serializers.CharField()
    peremption = serializers.DateField()
    recu = total()
    dispense = total()
    sorti = total()
    reste = total()
    perime = serializers.SerializerMethodField()

    def get_perime(self, lot) -> bool:
        return lot.expired(today())


class CommandeStockSerializer(StrictSerializer):
    """An order ahead of a patient."""

    specialite = serializers.UUIDField()
    quantite = serializers.DecimalField(max_digits=10, decimal_places=3)
    fournisseur = serializers.CharField()
    importateur = serializers.CharField(required=False, allow_blank=True)


def order_of(user, pk):
    return get_object_or_404(orders_listed(user), pk=pk)


def shown(request, pk, status=200):
    order = order_of(request.user, pk)
    order.etapes = available_steps(order, request.user)
    return Response(CommandeEtapesSerializer(order).data, status=status)


class CommandesView(RoleView):
    """The orders of the pharmacy; POST prepares one for stock."""

    roles = PHARMACY
    method_roles = {"POST": holding(P.ORDER)}

    @extend_schema(
        parameters=PAGE, responses=page_of(CommandeSerializer), operation_id="commandes_liste"
    )
    def get(self, request):
        return paginated(request, orders_listed(request.user), CommandeSerializer)

    @extend_schema(
        request=CommandeStockSerializer,
        responses={201: CommandeEtapesSerializer},
        operation_id="commande_stock_ouvrir",
    )
    @idempotent
    def post(self, request):
        data = read(CommandeStockSerializer, request)
        values = posted({name: str(value) for name, value in data.items()})
        values = checked(StockOrderForm(values))
        order = open_stock_order(by=request.user, **values)
        return shown(request, order.pk, status=201)


class CommandeView(RoleView):
    """One order and its possible steps."""

    roles = PHARMACY

    @extend_schema(responses=CommandeEtapesSerializer, operation_id="commande_lire")
    def get(self, request, pk):
        return shown(request, pk)


class CommandeEtapeView(RoleView):
    """One step of an order: GET tells its form, POST does it."""

    roles = PHARMACY

    @extend_schema(responses=FormulaireSerializer, operation_id="commande_etape_lire")
    def get(self, request, pk, name):
        return told(order_of(request.user, pk), name, request.user)

    @extend_schema(
        request=EtapeDemandeeSerializer,
        responses={200: CommandeEtapesSerializer},
        operation_id="commande_etape_faire",
    )
    @idempotent
    def post(self, request, pk, name):
        order = order_of(request.user, pk)
        spec = spec_of(order, name, request.user)
        data = read(EtapeDemandeeSerializer, request)
        raw = inputs(form_of(spec, order, request.user), data.get("data", {}))
        perform(order, name, by=request.user, version=data["version"], raw=raw)
        return shown(request, pk)


class ReceptionsView(RoleView):
    """The lots received by the pharmacy."""

    roles = PHARMACY

    @extend_schema(
        parameters=PAGE, responses=page_of(ReceptionSerializer), operation_id="receptions_liste"
    )
    def get(self, request):
        return paginated(request, receptions_listed(request.user), ReceptionSerializer)


class DispensationsView(RoleView):
    """The units given by the pharmacy (to give some: the step `dispense` of the authorisation)."""

    roles = PHARMACY

    @extend_schema(
        parameters=PAGE,
        responses=page_of(DispensationSerializer),
        operation_id="dispensations_liste",
    )
    def get(self, request):
        return paginated(request, dispensings_listed(request.user), DispensationSerializer)


class StockView(RoleView):
    """The lots held by the pharmacy."""

    roles = PHARMACY

    @extend_schema(parameters=PAGE, responses=page_of(LotSerializer), operation_id="stock_liste")
    def get(self, request):
        if request.user.affectation.pui_id is None:
            raise Http404
        return paginated(request, stock.lots_visible_to(request.user), LotSerializer)
