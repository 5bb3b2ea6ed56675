"""What hangs on a dossier: complements, messages, pieces, documents, what could not leave."""

from __future__ import annotations

from typing import Any

from access.links import link
from access.models import Document, Dossier, Message
from access.selectors.wording import is_hospital
from access.states import Audience
from engine.journal import subject_type
from engine.models import Outbox, OutboxStatus

PREPARING = {
    "accuse_reception": "Accusé de réception",
    "decision_aac": "Décision d'AAC",
    "refus_aac": "Décision de refus",
    "classement": "Classement sans suite",
    "commande": "Bon de commande",
}


def complements(demande: Any) -> list[Any]:
    """What the agency asked, with the answers."""
    return list(demande.complements.prefetch_related("elements"))


def messages_for(demande: Any, user: Any) -> list[dict[str, Any]]:
    """The thread a person may read: the agency sees only what is written to it."""
    found = Message.objects.visible_to(user).filter(dossier=demande)
    if not is_hospital(user):
        found = found.filter(audience=Audience.AGENCE)
    readers = {Audience.HOPITAL: "l'hôpital seulement", Audience.AGENCE: "l'hôpital et l'agence"}
    return [
        {
            "author": message.auteur_label,
            "at": message.at,
            "text": message.texte,
            "audience": readers[Audience(message.audience)] if is_hospital(user) else "",
            "mine": message.auteur_id == user.pk,
        }
        for message in found
    ]


def pieces_of(demande: Any) -> list[dict[str, Any]]:
    """The files joined; only those whose content was checked can be opened."""
    return [
        {
            "nom": piece.libelle,
            "size": piece.taille,
            "at": piece.ajoutee_le,
            "by": piece.ajoutee_par.full_name,
            "url": link("access:piece", piece.pk) if piece.saine else "",
            "status_kind": "" if piece.saine else "autre",
            "status_label": "" if piece.saine else "Contrôle en cours",
        }
        for piece in demande.pieces.select_related("ajoutee_par")
    ]


def documents_of(dossiers: list[Dossier]) -> list[dict[str, Any]]:
    """The PDFs already built, and those a worker still prepares."""
    keys = [d.pk for d in dossiers]
    found = [
        {
            "label": doc.get_nature_display(),
            "url": link("access:document", doc.pk),
            "at": doc.cree_le,
            "size": doc.taille,
            "ready": True,
        }
        for doc in Document.objects.filter(dossier_id__in=keys)
    ]
    waiting = _effects(dossiers).filter(
        kind="document", status__in=[OutboxStatus.PENDING, OutboxStatus.SENDING]
    )
    found += [{"label": PREPARING.get(row.name, row.name), "ready": False} for row in waiting]
    return found


def failures_of(dossiers: list[Dossier]) -> list[str]:
    """What could not leave after every attempt, in words."""
    sentences = {
        "email": "Un courriel n'a pas pu partir. Prévenez vous-même la personne concernée.",
        "document": "Un document n'a pas pu être préparé. L'exploitant en est averti.",
    }
    failed = _effects(dossiers).filter(status=OutboxStatus.FAILED).order_by("kind")
    kinds = dict.fromkeys(failed.values_list("kind", flat=True))
    other = "Une suite automatique de ce dossier n'a pas abouti. L'exploitant en est averti."
    return [sentences.get(kind, other) for kind in kinds]


def _effects(dossiers: list[Dossier]) -> Any:
    keys = [d.pk for d in dossiers]
    return Outbox.objects.filter(
        subject_id__in=keys, subject_type=subject_type(dossiers[0])
    ).order_by("created_at")
