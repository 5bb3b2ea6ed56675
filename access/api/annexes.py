"""What a dossier holds beside its request: messages, pieces and documents."""

from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from access.api.base import P, dossier_of
from access.api.serializers import (
    DocumentSerializer,
    MessageEcritSerializer,
    MessageSerializer,
    PieceJointeSerializer,
    PieceSerializer,
)
from access.documents import storage
from access.forms.messages import MessageForm
from access.forms.pieces import PieceForm
from access.models import Document, Piece
from access.permissions import holding
from access.rules.fichiers import EXTENSION
from access.selectors import annexes
from access.selectors.api_page import documents_for, pieces_for
from access.selectors.dossier_page import linked_pair
from access.selectors.verification import filename
from access.services.messages import write_message
from access.services.pieces import add_piece
from engine import journal
from engine.api import idempotent, read, refuse_unknown
from engine.form_data import checked
from referentiel.api.base import RoleView

READERS = holding(P.VIEW_DOSSIER)


class MessagesView(RoleView):
    """The thread of a dossier."""

    roles = READERS
    method_roles = {"POST": holding(P.WRITE_MESSAGE)}

    @extend_schema(responses=MessageSerializer(many=True), operation_id="messages_liste")
    def get(self, request, pk):
        demande = demande_of(request, pk)
        journal.record_read(demande, by=request.user, page="api:messages")
        return Response(thread(demande, request))

    @extend_schema(
        request=MessageEcritSerializer,
        responses={201: MessageSerializer(many=True)},
        operation_id="message_ecrire",
    )
    @idempotent
    def post(self, request, pk):
        demande = demande_of(request, pk)
        data = read(MessageEcritSerializer, request)
        form = MessageForm(data={}, subject=demande, by=request.user)
        data.setdefault("audience", form.fields["audience"].initial)
        form = MessageForm(data=data, subject=demande, by=request.user)
        write_message(dossier=demande, by=request.user, **checked(form))
        return Response(thread(demande, request), status=201)


def demande_of(request, pk):
    """The request a dossier belongs to: where messages and pieces are."""
    demande, _ = linked_pair(dossier_of(request.user, pk).as_kind())
    return demande


def thread(demande, request):
    return MessageSerializer(annexes.messages_for(demande, request.user), many=True).data


class PiecesView(RoleView):
    """The files joined to a dossier."""

    roles = READERS
    method_roles = {"POST": holding(P.ADD_PIECE)}

    @extend_schema(responses=PieceSerializer(many=True), operation_id="pieces_liste")
    def get(self, request, pk):
        found = pieces_for(dossier_of(request.user, pk))
        return Response(PieceSerializer(found, many=True).data)

    @extend_schema(
        request={"multipart/form-data": PieceJointeSerializer},
        responses={201: PieceSerializer},
        operation_id="piece_joindre",
    )
    @idempotent
    def post(self, request, pk):
        found = demande_of(request, pk)
        refuse_unknown(request.data, {"libelle", "fichier"})
        data = checked(PieceForm(request.data, request.FILES))
        piece = add_piece(found, by=request.user, upload=data["fichier"], libelle=data["libelle"])
        return Response(PieceSerializer(piece).data, status=201)


def _download(content, name, content_type):
    response = (
        HttpResponse(content, content_type=content_type)
        if isinstance(content, bytes)
        else FileResponse(content, content_type=content_type)
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


class PieceView(RoleView):
    """One checked file, as a download."""

    roles = READERS

    @extend_schema(
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
        operation_id="piece_telecharger",
    )
    def get(self, request, pk):
        found = get_object_or_404(Piece.objects.visible_to(request.user), pk=pk, saine=True)
        try:
            content = default_storage.open(found.fichier.name, "rb")
        except FileNotFoundError as error:
            raise Http404 from error
        journal.record_read(found.dossier, by=request.user, page="api:piece")
        return _download(content, f"piece.{EXTENSION[found.type_mime]}", found.type_mime)


class DocumentsView(RoleView):
    """The PDFs of a dossier."""

    roles = READERS

    @extend_schema(responses=DocumentSerializer(many=True), operation_id="documents_liste")
    def get(self, request, pk):
        found = documents_for(dossier_of(request.user, pk))
        return Response(DocumentSerializer(found, many=True).data)


class DocumentView(RoleView):
    """One PDF, as it was stored."""

    roles = READERS

    @extend_schema(
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
        operation_id="document_telecharger",
    )
    def get(self, request, pk):
        found = get_object_or_404(Document.objects.visible_to(request.user), pk=pk)
        try:
            content = storage.read(found.sha256)
        except storage.Corrupted as error:
            raise Http404 from error
        subject: Any = found.dossier or found.commande
        journal.record_read(subject, by=request.user, page="api:document")
        return _download(content, filename(found), "application/pdf")
