"""The public register in the API: products, cadres, codes, documents, changes; and who I am."""

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.response import Response

from engine.api import page_of, paginated
from engine.clocks import today
from referentiel.api import filtres as f
from referentiel.api.base import EVERY_ROLE, RoleView
from referentiel.api.public import PublicView
from referentiel.api.serializers import (
    CadreFicheSerializer,
    CadreSerializer,
    ChangementSerializer,
    CodeSerializer,
    DocumentPublicSerializer,
    MoiSerializer,
    ProduitFicheSerializer,
    ProduitSerializer,
)
from referentiel.models import ApiToken, Portee
from referentiel.selectors import register, sheets

SAME = OpenApiResponse(description="Rien n'a changé : gardez la réponse que vous avez.")


def answers(serializer):
    """The answer, or « nothing new » to a conditional request."""
    return {200: serializer, 304: SAME}


class ProduitsView(PublicView):
    """Products by words, cadre, UCD, code, DCI, or changed since a day."""

    parametres = [
        *f.PAGE, f.Q, f.CADRE, f.STATUT, f.EN_COURS, f.UCD7, f.UCD, f.CODE, f.DCI, f.MODIFIE,
        f.tri("nom", "dci", "modifie"),
    ]  # fmt: skip

    @extend_schema(
        parameters=parametres,
        responses=answers(page_of(ProduitSerializer)),
        operation_id="produits_liste",
    )
    def get(self, request):
        order = f.order_of(request, "nom", "dci", "modifie")
        found = register.produits_found(f.filtre_of(request), order)
        return paginated(request, found, ProduitSerializer)


class ProduitView(PublicView):
    """The sheet of a product."""

    @extend_schema(responses=answers(ProduitFicheSerializer), operation_id="produit_lire")
    def get(self, request, pk):
        fiche = sheets.sheet(pk, today())
        if fiche is None:
            raise Http404
        body = {
            **ProduitSerializer(fiche.produit).data,
            "mentions_manquantes": fiche.manquantes,
            "cadres": CadreFicheSerializer(fiche.cadres, many=True).data,
        }
        return Response(body)


class CadresView(PublicView):
    """Cadres by kind, status, words, UCD, code, DCI; those in force only when asked."""

    parametres = [
        *f.PAGE, f.Q, f.CADRE, f.STATUT, f.EN_COURS, f.UCD7, f.UCD, f.CODE, f.DCI, f.PRODUIT,
        f.MODIFIE, f.tri("produit", "debut", "fin"),
    ]  # fmt: skip

    @extend_schema(
        parameters=parametres,
        responses=answers(page_of(CadreSerializer)),
        operation_id="cadres_liste",
    )
    def get(self, request):
        order = f.order_of(request, "produit", "debut", "fin")
        found = register.cadres_found(f.filtre_of(request), order)
        return paginated(request, found, CadreSerializer)


class CodesView(PublicView):
    """Indication codes, by UCD, code, kind of cadre and day."""

    parametres = [
        *f.PAGE, f.UCD7, f.UCD, f.CODE, f.CADRE, f.PRODUIT, f.MODIFIE,
        f.query("jour", "Seulement ceux valables ce jour.", OpenApiTypes.DATE),
        f.tri("code", "debut", "fin"),
    ]  # fmt: skip

    @extend_schema(
        parameters=parametres,
        responses=answers(page_of(CodeSerializer)),
        operation_id="codes_liste",
    )
    def get(self, request):
        order = f.order_of(request, "code", "debut", "fin")
        found = register.codes_found(f.filtre_of(request), f.day_of(request, "jour"), order)
        return paginated(request, found, CodeSerializer)


class DocumentsView(PublicView):
    """Versions of documents: type, dates, fingerprint, official page; not their text."""

    parametres = [
        *f.PAGE, f.PRODUIT, f.CADRE, f.TYPE,
        f.query("modifie_depuis", "Seulement ceux ajoutés depuis ce jour, ou cet instant."),
        f.tri("ajoute_le", "date_effet"),
    ]  # fmt: skip

    @extend_schema(
        parameters=parametres,
        responses=answers(page_of(DocumentPublicSerializer)),
        operation_id="documents_referentiel_liste",
    )
    def get(self, request):
        order = f.order_of(request, "ajoute_le", "date_effet")
        found = register.documents_found(f.filtre_of(request), order)
        return paginated(request, found, DocumentPublicSerializer)


class ChangementsView(PublicView):
    """The public log: what changed, from what to what, when, from which source."""

    parametres = [*f.PAGE, f.DEPUIS, f.PRODUIT, f.CADRE, f.NATURE, f.tri("le")]

    @extend_schema(
        parameters=parametres,
        responses=answers(page_of(ChangementSerializer)),
        operation_id="changements_liste",
    )
    def get(self, request):
        after = f.instant_of(request, "depuis")
        found = register.changements_found(f.filtre_of(request), after, f.order_of(request, "le"))
        return paginated(request, found, ChangementSerializer)


class MoiView(RoleView):
    """Who the token or the session acts as."""

    roles = EVERY_ROLE

    @extend_schema(responses=MoiSerializer, operation_id="moi")
    def get(self, request):
        affectation, token = request.user.affectation, request.auth
        scopes = token.scopes if isinstance(token, ApiToken) else Portee.values
        body = {
            "nom": request.user.full_name,
            "role": affectation.role,
            "organisation": affectation.organisation.nom,
            "affectation_id": affectation.pk,
            "portees": scopes,
        }
        return Response(MoiSerializer(body).data)
