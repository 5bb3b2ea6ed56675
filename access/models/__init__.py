"""The dossiers of access and what hangs on them."""

from access.models.chiffres import Chiffre
from access.models.decision import Decision, Document, NatureDocument
from access.models.demande_aac import DetailDemandeAac, ReponseCritere, TraitementAnterieur
from access.models.dossier import Dossier
from access.models.echanges import (
    DemandeComplement,
    ElementComplement,
    Message,
    OuvertureUrgence,
    Piece,
    TentativeContact,
)
from access.models.patient import Patient, Traitement
from access.models.pharmacie import Commande, Dispensation, Reception, SortieLot
from access.models.proxies import PROXIES, Aac, DemandeAac
from access.models.touches import DossierTouche

__all__ = [
    "PROXIES",
    "Aac",
    "Chiffre",
    "Commande",
    "Decision",
    "DemandeAac",
    "DemandeComplement",
    "DetailDemandeAac",
    "Dispensation",
    "Document",
    "Dossier",
    "DossierTouche",
    "ElementComplement",
    "Message",
    "NatureDocument",
    "OuvertureUrgence",
    "Patient",
    "Piece",
    "Reception",
    "ReponseCritere",
    "SortieLot",
    "TentativeContact",
    "Traitement",
    "TraitementAnterieur",
]
