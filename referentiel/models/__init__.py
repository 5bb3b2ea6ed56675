"""Who and what: people, establishments, medicines, frameworks, codes."""

from referentiel.models.abonnements import Abonnement, DerniereVisite
from referentiel.models.bdpm import AvisHas, Disponibilite, GroupeGenerique, Mitm
from referentiel.models.cadres import (
    Cadre,
    CodeIndication,
    Correction,
    Critere,
    EtatRecherche,
    Produit,
)
from referentiel.models.documents import Document, ExtraitSecurite
from referentiel.models.etablissements import (
    Etablissement,
    Omedit,
    Organisation,
    Pui,
    RouteFacturation,
    Service,
    TypeOrganisation,
)
from referentiel.models.fiches import AliasProduit, AncienneAdresse, ContactProduit
from referentiel.models.imports import (
    ImportRejet,
    ImportRun,
    ValeurRemplacee,
    VerrouImport,
)
from referentiel.models.jetons import ApiToken, Portee
from referentiel.models.listes import LigneLes, PrixUcd, UcdCnamts
from referentiel.models.parametres import Parametre
from referentiel.models.publications import Changement, Nouvelle, Publication
from referentiel.models.revues import CorrespondanceListe, LigneRevue, RevueImport
from referentiel.models.specialites import (
    CodeUcd,
    Presentation,
    Specialite,
    SpecialiteAmm,
)
from referentiel.models.users import Affectation, DelegationPui, StatutAffectation, User

__all__ = [
    "Abonnement",
    "Affectation",
    "AliasProduit",
    "AncienneAdresse",
    "ApiToken",
    "AvisHas",
    "Cadre",
    "Changement",
    "CodeIndication",
    "CodeUcd",
    "ContactProduit",
    "Correction",
    "CorrespondanceListe",
    "Critere",
    "DelegationPui",
    "DerniereVisite",
    "Disponibilite",
    "Document",
    "Etablissement",
    "EtatRecherche",
    "ExtraitSecurite",
    "GroupeGenerique",
    "ImportRejet",
    "ImportRun",
    "LigneLes",
    "LigneRevue",
    "Mitm",
    "Nouvelle",
    "Omedit",
    "Organisation",
    "Parametre",
    "Portee",
    "Presentation",
    "PrixUcd",
    "Produit",
    "Publication",
    "Pui",
    "RevueImport",
    "RouteFacturation",
    "Service",
    "Specialite",
    "SpecialiteAmm",
    "StatutAffectation",
    "TypeOrganisation",
    "UcdCnamts",
    "User",
    "ValeurRemplacee",
    "VerrouImport",
]
