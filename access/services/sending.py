"""What happens in the transaction of a sending: patient frozen, number, lane."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from access.models import DemandeAac, Message, Traitement
from access.rules.age import age, age_label
from access.rules.delais import lane
from access.rules.identite import initiale
from access.services.turns import hand_to_evaluateur
from access.states import Audience, Proposition
from engine.clocks import local
from engine.numbering import next_number
from engine.steps import after_step
from referentiel.folding import search_text


def refresh_search(dossier: Any) -> None:
    """The folded text lists are searched in: number, product, indication, initials."""
    text = search_text(
        dossier.numero or "", dossier.produit_nom, dossier.indication, dossier.initiales
    )
    dossier.texte_recherche = text[:400]


@after_step("access.freeze_patient")
def freeze_patient(dossier: Any, *, by: Any, at: datetime, **_: Any) -> None:
    """Copy what the agency may see: initials, sex, month of birth, age with its unit."""
    patient, detail = dossier.patient, dossier.detail_aac
    detail.initiale_nom = initiale(patient.nom)
    detail.initiale_prenom = initiale(patient.prenom)
    detail.naissance = f"{patient.naissance:%Y-%m}"
    detail.sexe = patient.sexe
    detail.age_valeur, detail.age_unite = age(patient.naissance, local(at).date())
    detail.save()
    dossier.initiales = patient.initiales
    dossier.age = age_label(detail.age_valeur, detail.age_unite)
    dossier.traitement = treatment_of(dossier)
    dossier.urgent = detail.differable is False


def treatment_of(dossier: Any) -> Traitement | None:
    """The patient's treatment by this product in this indication, numbered once."""
    if dossier.produit is None:
        return None
    key = {
        "patient": dossier.patient,
        "produit": dossier.produit,
        "indication": dossier.indication,
    }
    found = Traitement.objects.filter(**key).first()
    if found is None:
        year = local(dossier.created_at).year
        found = Traitement.objects.create(**key, numero=next_number("TRT", year))
    return found


@after_step("access.number_demande")
def number_demande(dossier: Any, *, by: Any, at: datetime, **_: Any) -> None:
    """A request gets its number the first time it is sent, once."""
    if dossier.numero is None:
        dossier.numero = next_number("DEM", local(at).year)
    refresh_search(dossier)


@after_step("access.start_clock")
def start_clock(dossier: DemandeAac, *, by: Any, at: datetime, **_: Any) -> None:
    """The agency's clock starts; the lane follows from the criteria (human signature in both)."""
    facts = dossier.facts(at, by)
    dossier.detail_aac.voie_instruction = lane(facts.mode, facts.criteria_met)
    dossier.detail_aac.save()
    hand_to_evaluateur(dossier, by=by, at=at)


@after_step("access.propose_by_criteria")
def propose_by_criteria(dossier: DemandeAac, *, by: Any, at: datetime, **_: Any) -> None:
    """A favourable proposal is prepared because each published criterion is met."""
    detail = dossier.detail_aac
    detail.proposition = Proposition.FAVORABLE
    detail.proposition_texte = (
        "Le prescripteur atteste que chaque critère publié est rempli ; la pharmacie a contrôlé."
    )
    detail.propose_le = at
    detail.save()


@after_step("access.post_reason")
def post_reason(dossier: Any, *, by: Any, at: datetime, motif: str, **_: Any) -> None:
    """The reason of a return or of a withdrawal is a message everyone concerned reads."""
    audience = Audience.AGENCE if dossier.transmitted_at else Audience.HOPITAL
    post_message(dossier, by=by, at=at, audience=audience, texte=motif)


def post_message(dossier: Any, *, by: Any, at: datetime, audience: str, texte: str) -> Message:
    """Write a message signed with the author's role and organisation."""
    role = by.affectation.label if by.affectation else ""
    return Message.objects.create(
        dossier=dossier,
        audience=audience,
        auteur=by,
        auteur_label=f"{by.full_name}, {role}" if role else by.full_name,
        texte=texte,
        at=at,
    )
