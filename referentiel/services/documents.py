"""Documents of a product: a version is only ever added, with its fingerprint and its dates."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction

from engine.clocks import now, today
from referentiel import parametres
from referentiel.models import Cadre, Document, ExtraitSecurite, Produit
from referentiel.services.changes import annonce, announce
from referentiel.states import NatureChangement, RubriqueSecurite, TypeDocument

GESTIONNAIRE = "gestionnaire"


@transaction.atomic
def add_document(
    produit: Produit,
    *,
    by: Any,
    type: TypeDocument | str,
    titre: str,
    version: str,
    date_publication: date,
    date_effet: date,
    date_fin: date | None = None,
    cadre: Cadre | None = None,
    texte: str = "",
    fichier: File[Any] | None = None,
    source_url: str = "",
    langue: str = "fr",
    remplace: Document | None = None,
    exemple_fictif: bool = False,
    origine: str = GESTIONNAIRE,
    annoncer: bool = True,
) -> Document:
    """Publish one version of a document, as the public log then tells (CSP, R. 5121-76-10 1°)."""
    document = Document(
        produit=produit,
        cadre=cadre,
        type=type,
        titre=titre,
        version=version,
        langue=langue,
        date_publication=date_publication,
        date_effet=date_effet,
        date_fin=date_fin,
        texte=texte,
        source_url=source_url,
        remplace=remplace,
        exemple_fictif=exemple_fictif,
        ajoute_le=now(),
    )
    _check_place(document)
    content = pdf_bytes(fichier)
    document.sha256 = fingerprint(content or (texte or source_url).encode())
    if content:
        document.fichier.save(f"{document.sha256}.pdf", ContentFile(content), save=False)
    document.full_clean()
    document.save(force_insert=True)
    if annoncer:
        announce([_line_of(document)], origine=origine)
    return document


def fingerprint(content: bytes) -> str:
    """SHA-256 of what a version holds: its file, else its text, else its official address."""
    return hashlib.sha256(content).hexdigest()


@transaction.atomic
def add_extraits(
    document: Document, passages: Sequence[tuple[RubriqueSecurite | str, str]], *, by: Any
) -> list[ExtraitSecurite]:
    """Copy passages of a document onto the safety card, word for word, after those it holds."""
    first = document.extraits.count() + 1
    rows = [
        ExtraitSecurite(document=document, rubrique=rubrique, ordre=rank, texte=texte)
        for rank, (rubrique, texte) in enumerate(passages, start=first)
    ]
    for row in rows:
        row.full_clean()
    return ExtraitSecurite.objects.bulk_create(rows)


def _check_place(document: Document) -> None:
    """A version belongs to its product, and follows one of the same type that nothing follows."""
    if document.cadre is not None and document.cadre.produit_id != document.produit_id:
        raise ValidationError({"cadre": "Ce cadre est celui d'un autre produit."})
    earlier = document.remplace
    if earlier is None:
        return
    # Read again under lock: two persons may publish the next version at the same moment.
    earlier = Document.objects.select_for_update().get(pk=earlier.pk)
    if (earlier.produit_id, earlier.type) != (document.produit_id, document.type):
        raise ValidationError({"remplace": "Cette version est celle d'un autre document."})
    if Document.objects.filter(remplace=earlier).exists():
        raise ValidationError({"remplace": "Une version plus récente la remplace déjà."})
    if document.date_effet < earlier.date_effet:
        raise ValidationError({"date_effet": "La version remplacée prend effet plus tard."})


def pdf_bytes(fichier: File[Any] | None) -> bytes:
    """The bytes of a PDF, refused when it is something else or too large."""
    if fichier is None:
        return b""
    limit = int(parametres.valeur("piece.taille_max_mo", today()))
    if (fichier.size or 0) > limit * 1024 * 1024:
        raise ValidationError({"fichier": f"Ce fichier dépasse {limit} Mo : allégez-le."})
    fichier.seek(0)
    content = bytes(fichier.read())
    if not content[:1024].lstrip().startswith(b"%PDF-"):
        raise ValidationError({"fichier": "Ce fichier n'est pas un PDF."})
    return content


def _line_of(document: Document) -> Any:
    """« PUT-SP, version 2, à compter du 1er mars 2026 », and the version it replaces."""
    subject = document.cadre or document.produit
    earlier = document.remplace
    return annonce(
        subject,
        NatureChangement.DOCUMENT_PUBLIE,
        f"{document.titre}, version {document.version}",
        champ="document",
        avant=f"version {earlier.version}" if earlier else "",
        apres=f"version {document.version}, à compter du {document.date_effet:%d/%m/%Y}",
    )
