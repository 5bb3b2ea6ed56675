"""The path of a dossier, travelled and left, over the request and its authorisation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from access.states import ENDED_AAC, CommandeState
from access.states import DemandeAacState as S
from referentiel.formats.french import write_within

LABELS = ("Brouillon", "Envoyée", "PUI", "ANSM", "Décision", "Commande", "Dispensation", "Facturée")
# How far each state of a request has come: the index of the stage it stands at.
REACHED = {
    S.BROUILLON: 0,
    S.RETOURNEE_PRESCRIPTEUR: 0,
    S.A_VALIDER_PUI: 2,
    S.TRANSMISE_ANSM: 3,
    S.EN_INSTRUCTION: 3,
    S.COMPLEMENT_DEMANDE: 3,
}
STOPPED = {
    S.REFUSEE: "refusée",
    S.CLASSEE_SANS_SUITE: "classée sans suite",
    S.RETIREE: "retirée",
}
NOTES = {
    S.RETOURNEE_PRESCRIPTEUR: "retournée",
    S.COMPLEMENT_DEMANDE: "complément demandé",
    S.EN_INSTRUCTION: "en instruction",
}
ORDERED = frozenset(CommandeState.values) - {
    CommandeState.PREPAREE,
    CommandeState.ANNULEE,
    CommandeState.REFUSEE,
}
DECISION = 4

# Billing stands above access: it says by this door whether an authorisation reached a file.
BillingReader = Callable[[Any], bool]
_readers: list[BillingReader] = []


def billing_reader(function: BillingReader) -> BillingReader:
    """Register who knows that units of an authorisation are in a file sent for payment."""
    _readers.append(function)
    return function


def is_billed(aac: Any) -> bool:
    """True when units given on the authorisation are in a file."""
    return any(reader(aac) for reader in _readers)


def path(demande: Any, aac: Any, commandes: list[Any], *, dispensed: bool) -> list[dict[str, str]]:
    """The stages with what is done, where the dossier stands, and what is left."""
    state = demande.state
    if state in STOPPED:
        return _stopped(demande, STOPPED[state])
    if aac is None:
        return _stages(REACHED.get(state, DECISION), {REACHED.get(state, 0): NOTES.get(state, "")})
    ordered = any(order.state in ORDERED for order in commandes)
    at = DECISION + 1
    if ordered or dispensed:
        at += 1
    if dispensed:
        at += 1
    if dispensed and is_billed(aac):
        at += 1
    notes = {DECISION: "accordée"}
    if aac.state in ENDED_AAC:
        notes[at] = write_within(aac.get_state_display())
    return _stages(at, notes)


def _stages(at: int, notes: dict[int, str]) -> list[dict[str, str]]:
    found = []
    for index, label in enumerate(LABELS):
        status = "done" if index < at else "current" if index == at else "todo"
        found.append({"label": label, "status": status, "note": notes.get(index, "")})
    return found


def _stopped(demande: Any, how: str) -> list[dict[str, str]]:
    """A request that ends without authorisation: the stages it crossed, then its end."""
    last = 2 if demande.transmitted_at is None else DECISION
    if demande.sent_at is None:
        last = 1
    crossed = [{"label": label, "status": "done", "note": ""} for label in LABELS[:last]]
    end = LABELS[DECISION] if demande.transmitted_at else "Fin"
    return [*crossed, {"label": end, "status": "current", "note": how}]
