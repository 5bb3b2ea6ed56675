"""What anyone may learn of a decision from its code: that it is authentic, and whether it holds."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from access.models import Decision, Document, NatureDocument
from access.states import AacState, TypeDecision
from engine.clocks import today

CODE = re.compile(r"[0-9a-f]{32}")
TYPES = {
    TypeDecision.ACCORD: "Autorisation d'accès compassionnel",
    TypeDecision.REFUS: "Décision de refus",
    TypeDecision.CLASSEMENT: "Classement sans suite",
}


@dataclass(frozen=True)
class Verifiee:
    """A decision as its public page shows it: nothing on patient, product or indication."""

    code: str
    statut: str
    phrase: str
    numero: str
    type: str
    decidee_le: datetime
    debut: date | None
    fin: date | None
    organisme: str = "Agence nationale de sécurité du médicament et des produits de santé (ANSM)"


def normalise(typed: str) -> str:
    """The code as stored, spaces, hyphens and capitals forgiven; empty when it cannot be one."""
    code = re.sub(r"[\s\u00a0\u202f-]+", "", typed).lower()
    return code if CODE.fullmatch(code) else ""


def verified(code: str) -> Verifiee | None:
    """The public face of the decision that bears this code, or nothing."""
    found = Decision.objects.filter(code=code).select_related("dossier", "autorisation").first()
    if found is None or not secrets.compare_digest(found.code, code):
        return None
    statut, phrase = _standing(found)
    titre = found.autorisation or found.dossier
    return Verifiee(
        code=code,
        statut=statut,
        phrase=phrase,
        numero=titre.numero or "",
        type=TYPES[TypeDecision(found.type)],
        decidee_le=found.le,
        debut=found.date_debut,
        fin=found.date_fin,
    )


def _standing(decision: Decision) -> tuple[str, str]:
    """In force, to come, suspended, over or withdrawn; why it is over is not said."""
    aac = decision.autorisation
    if aac is None:
        return "authentique", "Document authentique."
    if aac.state == AacState.RETIREE_ANSM:
        return "retiree", "Document authentique, autorisation retirée par l'agence."
    if aac.state == AacState.SUSPENDUE:
        return "suspendue", "Document authentique, autorisation suspendue."
    if aac.state in (AacState.ARRETEE, AacState.REMPLACEE):
        return "terminee", "Document authentique, autorisation terminée."
    if aac.date_fin is not None and aac.date_fin < today():
        return "terminee", "Document authentique, autorisation terminée."
    if aac.date_debut is not None and aac.date_debut > today():
        return "a_venir", "Document authentique, autorisation à venir."
    return "en_cours", "Document authentique, autorisation en cours."


def code_of_file(sha256: str) -> str:
    """The code of the decision whose stored bytes have this digest, or nothing."""
    found = Document.objects.filter(sha256=sha256).exclude(code="").first()
    return found.code if found else ""


def filename(document: Document) -> str:
    """The name under which a document is downloaded: its nature and its number."""
    holder: Any = document.commande or document.dossier
    number = holder.numero or ""
    if document.nature == NatureDocument.DECISION_AAC:
        number = Decision.objects.get(code=document.code).autorisation.numero  # type: ignore[union-attr]
    return f"{document.nature.lower().replace('_', '-')}-{number}.pdf"
