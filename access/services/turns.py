"""Whose turn it is: written on the dossier by the steps, in words, with its next date."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from access.models import Dossier
from access.rules.delais import target_day
from access.selectors.attente import paused
from access.states import Voie
from engine.clocks import add_working_days, local
from engine.steps import after_step
from referentiel import parametres
from referentiel.calendrier import feries_autour
from referentiel.roles import Role


def hand(
    dossier: Dossier,
    role: str,
    nom: str,
    at: datetime,
    *,
    echeance: date | None = None,
    libelle: str = "",
) -> None:
    """Give the turn to a role, with the next date and what it means."""
    dossier.tour, dossier.tour_nom, dossier.tour_depuis = role, nom, at
    dossier.echeance, dossier.echeance_libelle = echeance, libelle
    dossier.touched_at = at
    dossier.save()


@after_step("access.hand_to_pui")
def hand_to_pui(dossier: Any, *, by: Any, at: datetime, **_: Any) -> None:
    """The pharmacy's turn; it is reminded the next working day."""
    day = local(at).date()
    reminder = add_working_days(day, 1, feries_autour(day))
    hand(
        dossier,
        Role.PHARMACIEN,
        dossier.pui.nom,
        at,
        echeance=reminder,
        libelle="rappel à la pharmacie si rien n'est fait",
    )


@after_step("access.hand_to_prescripteur")
def hand_to_prescripteur(dossier: Any, *, by: Any, at: datetime, **_: Any) -> None:
    """The prescriber's turn, until the deadline of the complement when there is one."""
    asked = dossier.complements.filter(cloturee_le=None).first()
    hand(
        dossier,
        Role.PRESCRIPTEUR,
        dossier.prescripteur.full_name if dossier.prescripteur else "prescripteur",
        at,
        echeance=asked.echeance if asked else None,
        libelle="réponse attendue ; ensuite une relance, puis un classement" if asked else "",
    )


@after_step("access.hand_to_evaluateur")
def hand_to_evaluateur(dossier: Any, *, by: Any, at: datetime, **_: Any) -> None:
    """The evaluator's turn, until the day the agency aims at."""
    evaluateur = dossier.detail_aac.evaluateur
    nom = f"ANSM, {evaluateur.full_name}" if evaluateur else "ANSM"
    role = Role.EVALUATEUR_ANSM
    if dossier.detail_aac.voie_instruction == Voie.ACCELEREE and evaluateur is None:
        role = Role.DECIDEUR_ANSM
    hand(dossier, role, nom, at, echeance=aimed_at(dossier), libelle="délai visé par l'agence")


@after_step("access.hand_to_decideur")
def hand_to_decideur(dossier: Any, *, by: Any, at: datetime, **_: Any) -> None:
    """The decider's turn: a proposal is ready, a person signs."""
    hand(
        dossier,
        Role.DECIDEUR_ANSM,
        "ANSM, décideur",
        at,
        echeance=aimed_at(dossier),
        libelle="délai visé par l'agence",
    )


@after_step("access.close_turn")
def close_turn(dossier: Any, *, by: Any, at: datetime, **_: Any) -> None:
    """Nobody's turn any more; the order drafted for a request that failed is cancelled."""
    hand(dossier, "", "", at)


def aimed_at(dossier: Any) -> date:
    """The day aimed at, the time spent waiting for complements given back."""
    sent = local(dossier.transmitted_at).date()
    voie = dossier.detail_aac.voie_instruction
    aimed = target_day(sent, voie, parametres.en_vigueur(sent), feries_autour(sent))
    return aimed + paused(dossier)
