"""What the rules of an AAC request know: frozen facts, dated parameters included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from access.rules.cadre import Fermeture


@dataclass(frozen=True)
class CritereFait:
    """One published criterion and the answer given, None when not answered."""

    texte: str
    attendu: bool
    reponse: bool | None

    @property
    def met(self) -> bool:
        return self.reponse is not None and self.reponse == self.attendu


@dataclass(frozen=True)
class FaitsDemande:
    """Everything the rules of a request know, on one day, for one actor."""

    jour: date
    parametres: Mapping[str, str] = field(default_factory=dict)
    actor_id: Any = None
    created_by_id: Any = None
    prescripteur_id: Any = None
    transmitted_by_id: Any = None
    may_transmit: bool = False
    has_patient: bool = False
    sans_initiales: bool = False
    naissance: date | None = None
    sexe: str = ""
    poids_kg: Decimal | None = None
    schema_par_surface: bool = False
    surface_m2: Decimal | None = None
    demande_age_gestationnel: bool = False
    age_gestationnel_sa: int | None = None
    has_produit: bool = False
    libre: Mapping[str, str] = field(default_factory=dict)
    pui_active: bool = False
    prescripteur_nomme: bool = False
    indication: str = ""
    cadre_ferme: Fermeture | None = None
    cadre_publie_des_criteres: bool = False
    dose: Decimal | None = None
    dose_unite: str = ""
    frequence: str = ""
    voie: str = ""
    unites_par_jour: Decimal | None = None
    duree_jours: int | None = None
    date_debut: date | None = None
    differable: bool | None = None
    acces_tres_precoce: bool = False
    gravite: tuple[str, ...] = ()
    mode: str = ""
    criteres: tuple[CritereFait, ...] = ()
    justifications: Mapping[str, str] = field(default_factory=dict)
    references: str = ""
    traitements_anterieurs: int = 0
    aucun_traitement: bool = False
    aucun_traitement_motif: str = ""
    essai_en_cours: bool | None = None
    essai_numero: str = ""
    essai_motif: str = ""
    autre_route: str = ""
    poursuite_motif: str = ""
    pieces_non_controlees: int = 0
    # The agency's side.
    evaluateur_id: Any = None
    lien_ecarte: bool = False
    contacts: int = 0
    mentions_manquantes: tuple[str, ...] = ()
    elements_sans_reponse: int = 0
    complement_echeance: date | None = None
    complement_relance: date | None = None

    @property
    def criteria_met(self) -> bool:
        """True when each published criterion is answered as expected."""
        return bool(self.criteres) and all(c.met for c in self.criteres)
