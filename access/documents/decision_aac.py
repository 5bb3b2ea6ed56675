"""The grant of an AAC: what CSP R. 5121-74-3 I wants on it, and what lets it be used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from access.documents import parts
from access.documents.decisions import Signature, Verification, signature, verification
from access.models import Decision


@dataclass(frozen=True, kw_only=True)
class DecisionAac(parts.Entete):
    """Everything the decision says, frozen."""

    agence: parts.Agence
    demande: str
    transmise_le: datetime
    precedente: str
    prescripteur: parts.Personne
    pharmacie: parts.Pharmacie
    initiales: str
    medicament: parts.Medicament
    indication: str
    posologie: str
    debut: date
    fin: date
    jours: int
    quantite_max: Decimal | None
    conditions: str
    signature: Signature
    verification: Verification


def build(decision: Decision) -> DecisionAac:
    """Read a grant once, when its document is made."""
    demande, aac = decision.dossier, cast(Any, decision.autorisation)
    debut, fin = cast(date, decision.date_debut), cast(date, decision.date_fin)
    agence = parts.Agence()
    return DecisionAac(
        titre="Autorisation d'accès compassionnel",
        numero=aac.numero,
        emis_le=decision.le,
        emetteur=agence.sigle,
        simulation=parts.simulated(),
        agence=agence,
        demande=cast(str, demande.numero),
        transmise_le=cast(datetime, demande.transmitted_at),
        precedente=(demande.parent.numero or "") if demande.parent else "",
        prescripteur=parts.personne(demande.prescripteur, demande.service, demande.organisation),
        pharmacie=parts.pharmacie(demande.pui),
        initiales=demande.initiales,
        medicament=parts.medicament(demande),
        indication=demande.indication,
        posologie=parts.posologie(demande.detail_aac),
        debut=debut,
        fin=fin,
        jours=(fin - debut).days + 1,
        quantite_max=decision.quantite_max,
        conditions=decision.conditions,
        signature=signature(decision),
        verification=verification(decision),
    )
