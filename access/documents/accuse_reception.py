"""The acknowledgement of a transmitted request (CRPA, L. 112-3 and R. 112-5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from access.documents import parts
from access.documents.recours import Recours, recours
from access.models import Dossier
from engine.clocks import local


@dataclass(frozen=True, kw_only=True)
class AccuseReception(parts.Entete):
    """Date of reception, number, service to reach, remedies."""

    agence: parts.Agence
    recue_le: datetime
    prescripteur: parts.Personne
    pharmacie: parts.Pharmacie
    transmise_par: str
    recours: Recours


def build(demande: Dossier) -> AccuseReception:
    """Read a transmitted request once, when its acknowledgement is made."""
    agence = parts.Agence()
    recue_le = cast(datetime, demande.transmitted_at)
    return AccuseReception(
        titre="Accusé de réception d'une demande d'accès compassionnel",
        numero=cast(str, demande.numero),
        emis_le=recue_le,
        emetteur=agence.sigle,
        simulation=parts.simulated(),
        agence=agence,
        recue_le=recue_le,
        prescripteur=parts.personne(demande.prescripteur, demande.service, demande.organisation),
        pharmacie=parts.pharmacie(demande.pui),
        transmise_par=demande.transmitted_by.full_name if demande.transmitted_by else "",
        recours=recours(local(recue_le).date()),
    )
