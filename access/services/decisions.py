"""A decision and what it creates: the authorisation, its number, its verification code."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from access.models import Aac, Commande, Decision, DemandeAac
from access.services.draft_content import settle_code
from access.services.sending import refresh_search, treatment_of
from access.states import AacState, Kind, TypeDecision
from engine import journal
from engine.clocks import local
from engine.numbering import next_number
from engine.steps import after_step
from referentiel.roles import Role

# Copied from the request: the authorisation concerns the same people and medicine.
COPIED = (
    "organisation", "service", "pui", "patient", "produit", "specialite", "cadre",
    "code_indication", "prescripteur", "created_by", "transmitted_by", "initiales", "age",
    "produit_nom", "indication", "urgent", "sent_at", "transmitted_at",
)  # fmt: skip


@after_step("access.decide_grant")
def decide_grant(
    dossier: DemandeAac,
    *,
    by: Any,
    at: datetime,
    date_debut: date,
    date_fin: date,
    quantite_max: Decimal,
    conditions: str = "",
    doublon_motif: str = "",
    **_: Any,
) -> None:
    """Grant: the authorisation gets its number, the decision its 128-bit code."""
    settle_code(dossier, date_debut)
    dossier.doublon_motif = doublon_motif
    dossier.save()
    aac = _open_authorisation(dossier, at, date_debut, date_fin, quantite_max)
    _decide(
        dossier,
        by,
        at,
        TypeDecision.ACCORD,
        autorisation=aac,
        date_debut=date_debut,
        date_fin=date_fin,
        quantite_max=quantite_max,
        conditions=conditions,
    )
    journal.record(aac, "create", by=by, label="Autorisation accordée", to_state=aac.state)
    Commande.objects.filter(titre=dossier).update(titre=aac)


@after_step("access.decide_refusal")
def decide_refusal(
    dossier: DemandeAac, *, by: Any, at: datetime, motif: str, faits: str, **_: Any
) -> None:
    """Refuse, in law (closed list) and in fact (CRPA, L. 211-5)."""
    _decide(dossier, by, at, TypeDecision.REFUS, motif=motif, faits=faits)


@after_step("access.decide_closing")
def decide_closing(dossier: DemandeAac, *, by: Any, at: datetime, **_: Any) -> None:
    """Closed without action: no answer reached the agency."""
    faits = "Le complément demandé n'est pas parvenu à l'agence, malgré une relance."
    _decide(dossier, by, at, TypeDecision.CLASSEMENT, faits=faits)


def _open_authorisation(
    dossier: DemandeAac, at: datetime, debut: date, fin: date, quantite: Decimal
) -> Aac:
    """Create the AAC: active from its first day, to come before it."""
    started = debut <= local(at).date()
    aac = Aac(
        kind=Kind.AAC,
        state=AacState.ACTIVE if started else AacState.A_VENIR,
        numero=next_number("AAC", local(at).year),
        parent=dossier,
        date_debut=debut,
        date_fin=fin,
        quantite_max=quantite,
        traitement=dossier.traitement or treatment_of(dossier),
        doublon_motif=dossier.doublon_motif,
        created_at=at,
        touched_at=at,
        decided_at=at,
        echeance=fin,
        echeance_libelle="fin de l'autorisation",
        tour=Role.PHARMACIEN,
        tour_nom=dossier.pui.nom if dossier.pui else "",
        tour_depuis=at,
        **{name: getattr(dossier, name) for name in COPIED},
    )
    refresh_search(aac)
    aac.full_clean(exclude={"state"})
    aac.save()
    aac.coprescripteurs.set(dossier.coprescripteurs.all())
    return aac


def _decide(dossier: DemandeAac, by: Any, at: datetime, kind: str, **fields: Any) -> Decision:
    capacity = by.qualite or by.affectation.get_role_display()
    decision = Decision(
        dossier=dossier,
        type=kind,
        code=secrets.token_hex(16),
        decideur=by,
        decideur_nom=by.full_name,
        decideur_qualite=capacity,
        le=at,
        **fields,
    )
    decision.full_clean()
    decision.save()
    return decision


@after_step("access.refresh_expiry")
def refresh_expiry(dossier: Aac, *, by: Any, at: datetime, **_: Any) -> None:
    """A begun authorisation shows its last day as next date."""
    dossier.echeance, dossier.echeance_libelle = dossier.date_fin, "fin de l'autorisation"
    dossier.save()
