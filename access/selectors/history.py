"""The journal of a dossier in words, for the person who reads it."""

from __future__ import annotations

from typing import Any

from access.selectors.wording import is_hospital
from access.states import STATES, Kind
from engine.journal import history
from engine.models import Entry
from referentiel.roles import Role

# What is said of each act once it is done; another act keeps the label it was written with.
DONE = {
    "create": "Dossier ouvert",
    "submit": "Demande envoyée à la pharmacie",
    "transmit": "Demande vérifiée par la pharmacie et transmise à l'ANSM",
    "return_to_prescripteur": "Demande retournée au prescripteur",
    "open_fast_lane": "Voie accélérée : chaque critère publié est rempli",
    "start_review": "Demande prise en instruction",
    "take_over": "Instruction reprise par une autre personne",
    "propose": "Proposition faite au décideur",
    "identify_product": "Produit rattaché au référentiel",
    "record_contact": "Tentative de contact avec le prescripteur notée",
    "ask_complement": "Complément demandé : l'horloge s'arrête",
    "answer_complement": "Réponse au complément enregistrée",
    "retransmit": "Réponse transmise à l'ANSM : l'horloge repart",
    "remind": "Relance envoyée",
    "close_without_action": "Demande classée sans suite",
    "grant": "Autorisation accordée",
    "refuse": "Demande refusée",
    "withdraw": "Demande retirée",
    "order": "Commande préparée",
    "dispense": "Dispensation notée",
    "cancel_dispensing": "Dispensation annulée",
    "begin": "Autorisation commencée",
    "expire": "Autorisation arrivée à son terme",
    "post_message": "Message écrit",
    "share": "Dossier partagé avec un coprescripteur",
    "unshare": "Partage avec un coprescripteur retiré",
    "open_in_emergency": "Dossier ouvert en urgence hors du service",
}
# The hospital's own affairs: never shown to the agency.
HOSPITAL_ONLY = frozenset({"share", "unshare", "open_in_emergency", "create"})


def entries(dossiers: list[Any], user: Any) -> list[dict[str, Any]]:
    """The acts on a request and its authorisation, newest first."""
    found: list[tuple[Any, Entry]] = []
    for dossier in dossiers:
        found += [(dossier, entry) for entry in history(dossier) if not _is_echo(dossier, entry)]
    found.sort(key=lambda pair: (pair[1].at, pair[1].seq), reverse=True)
    hospital = is_hospital(user)
    return [
        _line(dossier, entry)
        for dossier, entry in found
        if hospital or not (entry.action in HOSPITAL_ONLY or _is_internal(entry))
    ]


def _is_echo(dossier: Any, entry: Entry) -> bool:
    """The opening of an authorisation repeats the grant that the request's own chain tells."""
    return dossier.kind == Kind.AAC and entry.action == "create"


def _is_internal(entry: Entry) -> bool:
    return entry.action == "post_message" and entry.payload.get("audience") == "HOPITAL"


def _line(dossier: Any, entry: Entry) -> dict[str, Any]:
    text = DONE.get(entry.action, entry.label or entry.action)
    if entry.action == "create" and entry.label:
        text = entry.label
    return {
        "at": entry.at,
        "who": entry.actor_label,
        "role": _role(entry),
        "text": text,
        "detail": _move(dossier, entry),
    }


def _role(entry: Entry) -> str:
    role = str(Role(entry.role).label) if entry.role in Role.values else entry.role
    return ", ".join(part for part in (role, entry.organisation_label) if part)


def _move(dossier: Any, entry: Entry) -> str:
    """« Brouillon → À valider par la PUI », nothing when the state stayed."""
    if not entry.from_state or entry.from_state == entry.to_state:
        return ""
    states = STATES[dossier.kind]
    return f"{states(entry.from_state).label} → {states(entry.to_state).label}"
