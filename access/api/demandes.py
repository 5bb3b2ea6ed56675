"""Requests for an AAC: opened, written through the form of the page, given up, taken up again."""

from django.db import transaction
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from access.api.base import P, dossier_of, inputs, read_page
from access.api.dossiers import LIST, READERS, listed
from access.api.serializers import (
    DossierSerializer,
    EtapeDemandeeSerializer,
    FormulaireSerializer,
    LigneSerializer,
    OuvertureSerializer,
    SaisieSerializer,
    VersionSerializer,
)
from access.forms.demande import DemandeForm, stored_data
from access.forms.demande_dosage import AutreDosageForm
from access.models import Dossier
from access.permissions import can, holding
from access.rules.envoi import submission_blockers
from access.selectors import demande as reading
from access.selectors.api_page import cadre_named, produit_named
from access.services import drafts
from access.services.jumeaux import add_strength
from access.states import Kind
from engine import journal
from engine.api import idempotent, page_of, read
from engine.clocks import now
from engine.errors import Forbidden, InvalidInput
from engine.form_data import checked, described
from referentiel.api.base import RoleView

WRITERS = holding(P.WRITE_DEMANDE_AAC)


def draft_of(request, pk):
    """A request the person may write: 404 unseen, 403 seen but another's act."""
    found = get_object_or_404(reading.drafts_for(request.user), pk=pk)
    if not can(P.WRITE_DEMANDE_AAC)(request.user, found):
        raise Forbidden("Votre rôle ne permet pas de modifier cette demande.")
    return found


def shown(request, pk, status=200):
    """The request as the API shows any dossier."""
    found = read_page(dossier_of(request.user, pk), request.user, "api:demande")
    return Response(DossierSerializer(found, context={"request": request}).data, status=status)


class DemandesView(RoleView):
    """Requests: list, and a new draft."""

    roles = READERS
    method_roles = {"POST": WRITERS}

    @extend_schema(
        parameters=LIST, responses=page_of(LigneSerializer), operation_id="demandes_liste"
    )
    def get(self, request):
        return listed(request, Kind.DEMANDE_AAC)

    @extend_schema(
        request=OuvertureSerializer,
        responses={201: DossierSerializer},
        operation_id="demande_ouvrir",
    )
    @idempotent
    def post(self, request):
        data = read(OuvertureSerializer, request)
        produit, cadre = picked(data, "produit"), picked(data, "cadre")
        if produit is not None and cadre is not None and cadre.produit_id != produit.pk:
            raise wrong("cadre", "Cette indication n'est pas celle du produit choisi.")
        draft = drafts.open_draft(by=request.user, produit=produit, cadre=cadre, canal="API")
        return shown(request, draft.pk, status=201)


NAMED = {"produit": produit_named, "cadre": cadre_named}


def picked(data, name):
    """The product or cadre of an id; an id of nothing is a wrong value (422)."""
    pk = data.get(name)
    found = NAMED[name](pk)
    if pk and found is None:
        raise wrong(name, "Cet identifiant n'est pas au référentiel.")
    return found


def wrong(name, sentence):
    return InvalidInput(sentence, errors={name: [sentence]})


class DemandeView(RoleView):
    """One request: read, write the draft, throw it away."""

    roles = READERS
    method_roles = {"PATCH": WRITERS, "DELETE": WRITERS}

    @extend_schema(responses=DossierSerializer, operation_id="demande_lire")
    def get(self, request, pk):
        get_object_or_404(Dossier.objects.visible_to(request.user), pk=pk, kind=Kind.DEMANDE_AAC)
        return shown(request, pk)

    @extend_schema(
        request=SaisieSerializer, responses=DossierSerializer, operation_id="demande_ecrire"
    )
    @transaction.atomic
    def patch(self, request, pk):
        """The product and the values given are kept together, or none."""
        found = draft_of(request, pk)
        data = read(SaisieSerializer, request)
        version = data["version"]
        if "produit" in data:
            chosen = {"produit": picked(data, "produit")}
            found = drafts.save_draft(found, by=request.user, version=version, data=chosen)
            version = found.version
            found = draft_of(request, pk)
        if data.get("data"):
            self._write(request, found, version, data["data"])
        return shown(request, pk)

    def _write(self, request, found, version, values):
        kept = stored_data(found)
        form = DemandeForm(kept, dossier=found, by=request.user)
        given = inputs(form, values)
        form = DemandeForm(kept | given, dossier=found, by=request.user)
        checked(form)
        incomplete = set(form.leftovers()) & set(given)
        if incomplete:
            told = "À compléter : cette valeur ne peut être gardée seule."
            raise InvalidInput(told, errors={name: [told] for name in sorted(incomplete)})
        drafts.save_draft(found, by=request.user, version=version, data=form.draft_data())

    @extend_schema(
        request=VersionSerializer, responses={204: None}, operation_id="demande_supprimer"
    )
    def delete(self, request, pk):
        found = draft_of(request, pk)
        data = read(VersionSerializer, request)
        drafts.discard_draft(found, by=request.user, version=data["version"])
        return Response(status=204)


class FormulaireView(RoleView):
    """The form of a draft: its fields, what they hold, what sending still needs."""

    roles = WRITERS

    @extend_schema(responses=FormulaireSerializer, operation_id="demande_formulaire")
    def get(self, request, pk):
        found = draft_of(request, pk)
        journal.record_read(found, by=request.user, page="api:formulaire")
        form = DemandeForm(stored_data(found), dossier=found, by=request.user)
        body = {
            "version": found.version,
            "champs": described(form),
            "blocages": submission_blockers(found.facts(now(), request.user)),
        }
        return Response(FormulaireSerializer(body).data)


class DosageView(RoleView):
    """« Ajouter un autre dosage »: a second request that travels with the first."""

    roles = WRITERS

    @extend_schema(
        request=EtapeDemandeeSerializer,
        responses={201: DossierSerializer},
        operation_id="demande_autre_dosage",
    )
    @idempotent
    def post(self, request, pk):
        found = draft_of(request, pk)
        data = read(EtapeDemandeeSerializer, request)
        form = AutreDosageForm(subject=found, by=request.user)
        raw = inputs(form, data.get("data", {}))
        form = AutreDosageForm(raw, subject=found, by=request.user)
        values = checked(form)
        twin = add_strength(found, by=request.user, version=data["version"], **values)
        return shown(request, twin.pk, status=201)


class RepriseView(RoleView):
    """A new draft from a request that ended without an authorisation."""

    roles = WRITERS

    @extend_schema(
        request=None, responses={201: DossierSerializer}, operation_id="demande_reprendre"
    )
    @idempotent
    def post(self, request, pk):
        found = get_object_or_404(reading.drafts_for(request.user), pk=pk)
        draft = drafts.duplicate_as_draft(found, request.user)
        return shown(request, draft.pk, status=201)
