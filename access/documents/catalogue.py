"""The documents Placet makes: each is built once by the outbox, stored, then only served."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.db import IntegrityError, transaction

from access.documents import (
    accuse_reception,
    classement,
    commande,
    decision_aac,
    refus_aac,
    storage,
)
from access.documents.parts import ARCHIVED, READ
from access.models import Commande, Decision, Document, Dossier, NatureDocument
from engine.clocks import now
from engine.models import Outbox
from engine.outbox import Undeliverable, handler


@dataclass(frozen=True)
class Modele:
    """One kind of document: what it is built from, how, and in which version of its template."""

    nature: NatureDocument
    source: type[Any]
    build: Callable[[Any], Any]
    variant: str
    gabarit: str


MODELES: dict[str, Modele] = {
    "accuse_reception": Modele(
        NatureDocument.ACCUSE_RECEPTION, Dossier, accuse_reception.build, READ, "accuse_reception/1"
    ),
    "decision_aac": Modele(
        NatureDocument.DECISION_AAC, Decision, decision_aac.build, ARCHIVED, "decision_aac/1"
    ),
    "refus_aac": Modele(
        NatureDocument.REFUS_AAC, Decision, refus_aac.build, ARCHIVED, "refus_aac/1"
    ),
    "classement": Modele(
        NatureDocument.CLASSEMENT, Decision, classement.build, ARCHIVED, "classement/1"
    ),
    "commande": Modele(NatureDocument.COMMANDE, Commande, commande.build, READ, "commande/1"),
}


@handler("document")
def deliver(row: Outbox) -> None:
    """Make the document a step asked for; asked again, it is already there."""
    if row.name not in MODELES:
        raise Undeliverable(f"document inconnu : {row.name}")
    modele = MODELES[row.name]
    if modele.source is Decision:
        source = Decision.objects.get(dossier_id=cast(UUID, row.subject_id))
    else:
        source = modele.source._base_manager.get(pk=row.subject_id)
    make(row.name, source)


def make(name: str, source: Any) -> Document:
    """The document of one object: the one already stored, or a new one, never two."""
    modele = MODELES[name]
    cle = f"{name}:{source.pk}"
    found = Document.objects.filter(cle=cle).first()
    return found or _store(modele, cle, name, source)


def _store(modele: Modele, cle: str, name: str, source: Any) -> Document:
    from access.documents.rendering import render  # loads fonts: only where PDFs are made

    content = render(name, modele.build(source), variant=modele.variant)
    sha256 = storage.write(content)
    document = Document(
        nature=modele.nature,
        cle=cle,
        sha256=sha256,
        taille=len(content),
        fichier=storage.name_of(sha256),
        gabarit=modele.gabarit,
        code=getattr(source, "code", ""),
        cree_le=now(),
        **_belonging(source),
    )
    try:
        with transaction.atomic():
            document.save(force_insert=True)
    except IntegrityError:  # another relay was faster: its bytes are the document
        return Document.objects.get(cle=cle)
    return document


def _belonging(source: Any) -> dict[str, Any]:
    """What a document hangs on: a dossier, or the order of a pharmacy."""
    if isinstance(source, Dossier):
        return {"dossier_id": source.pk}
    if isinstance(source, Decision):
        return {"dossier_id": source.dossier_id}
    return {"commande_id": source.pk}
