"""A refusal: its ground in law, its facts, and the remedies (CRPA, L. 211-2 7° and L. 211-5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from access.documents import parts
from access.documents.decisions import Signature, Verification, signature, verification
from access.documents.recours import Recours, recours
from access.models import Decision
from engine.clocks import local


@dataclass(frozen=True, kw_only=True)
class RefusAac(parts.Entete):
    """Everything a refusal, or a closing without action, says."""

    agence: parts.Agence
    transmise_le: datetime
    prescripteur: parts.Personne
    pharmacie: parts.Pharmacie
    initiales: str
    medicament: parts.Medicament
    indication: str
    motif: str
    faits: str
    recours: Recours
    signature: Signature
    verification: Verification


def build(
    decision: Decision, titre: str = "Refus d'autorisation d'accès compassionnel"
) -> RefusAac:
    """Read a refusal once, when its document is made."""
    demande = decision.dossier
    agence = parts.Agence()
    return RefusAac(
        titre=titre,
        numero=cast(str, demande.numero),
        emis_le=decision.le,
        emetteur=agence.sigle,
        simulation=parts.simulated(),
        agence=agence,
        transmise_le=cast(datetime, demande.transmitted_at),
        prescripteur=parts.personne(demande.prescripteur, demande.service, demande.organisation),
        pharmacie=parts.pharmacie(demande.pui),
        initiales=demande.initiales,
        medicament=parts.medicament(demande),
        indication=demande.indication,
        motif=decision.get_motif_display() if decision.motif else "",
        faits=decision.faits,
        recours=recours(local(decision.le).date()),
        signature=signature(decision),
        verification=verification(decision),
    )
