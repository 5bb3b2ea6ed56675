"""One person's page: what the journal says of their roles, in words."""

from __future__ import annotations

from typing import Any

from engine import journal
from engine.clocks import today
from engine.models import Entry
from referentiel.models import Affectation
from referentiel.permissions import ReferentielPermission, is_granted
from referentiel.roles import Role

SHOWN = 50
DONE = {
    "inviter": "Invitation",
    "relancer_invitation": "Invitation renvoyée",
    "accepter_invitation": "Mot de passe choisi : le rôle commence",
    "approuver_role": "Rôle approuvé",
    "refuser_role": "Rôle refusé",
    "modifier_role": "Dates ou services modifiés",
    "terminer_role": "Fin du rôle",
    "fermer_compte": "Compte fermé",
    "rouvrir_compte": "Compte rouvert",
    "deleguer": "Délégation de transmission reçue",
    "revoquer": "Délégation révoquée",
}


def history_of(affectation: Affectation, user: Any) -> list[dict[str, Any]]:
    """The acts on a person, the latest first; an administrator sees those of their own house."""
    acts = journal.history(affectation.user).order_by("-seq")
    if not is_granted(user, ReferentielPermission.VIEW_ORGANISATIONS):
        acts = acts.filter(payload__organisation=str(affectation.organisation_id))
    return [_line(entry) for entry in acts[:SHOWN]]


def _line(entry: Entry) -> dict[str, Any]:
    payload, role = entry.payload, entry.payload.get("role", "")
    name = dict(Role.choices).get(role, "")
    detail = [
        "Pharmacien gérant" if payload.get("gerant") is True else str(name),
        payload.get("motif", ""),
        f"au {payload['fin']}" if payload.get("fin") else "",
    ]
    return {
        "at": entry.at,
        "who": entry.actor_label,
        "role": str(dict(Role.choices).get(entry.role, "")),
        "text": DONE.get(entry.action, entry.label or entry.action),
        "detail": ", ".join(part for part in detail if part),
    }


def other_roles(affectation: Affectation) -> int:
    """How many other roles the person holds today, whatever the place."""
    held = Affectation.objects.in_force(today()).filter(user=affectation.user_id)
    return held.exclude(pk=affectation.pk).count()
