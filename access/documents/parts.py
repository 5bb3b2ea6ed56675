"""The blocks that several documents share, as frozen text: no query is left for a template."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from engine.clocks import local
from referentiel.formats.french import write_number

# An archived decision keeps its structure (A level); the other documents are read on screens.
ARCHIVED, READ = "pdf/a-3a", "pdf/ua-1"


@dataclass(frozen=True)
class Agence:
    """Who issues a decision and how to reach it."""

    nom: str = "Agence nationale de sécurité du médicament et des produits de santé"
    sigle: str = "ANSM"
    adresse: str = "143-147, boulevard Anatole-France, 93285 Saint-Denis Cedex"
    contact: str = (
        "service chargé des accès compassionnels ; coordonnées publiées sur ansm.sante.fr, "
        "ou messages du dossier dans Placet"
    )


@dataclass(frozen=True)
class Personne:
    """A professional and how to reach them."""

    nom: str
    qualite: str = ""
    service: str = ""
    etablissement: str = ""
    telephone: str = ""
    email: str = ""
    rpps: str = ""


@dataclass(frozen=True)
class Pharmacie:
    """A PUI and how to reach it."""

    nom: str
    etablissement: str = ""
    ville: str = ""
    telephone: str = ""
    email: str = ""
    finess: str = ""


@dataclass(frozen=True)
class Medicament:
    """A medicine as a decision names it (CSP, R. 5121-74-3 I)."""

    nom: str
    dci: str = ""
    forme: str = ""
    dosage: str = ""
    voie: str = ""
    laboratoire: str = ""
    ucd7: str = ""
    ucd13: str = ""
    code_indication: str = ""
    categorie: str = ""


@dataclass(frozen=True, kw_only=True)
class Entete:
    """What every document carries: its number, its title, its instant, its stamp."""

    titre: str
    numero: str
    emis_le: datetime
    emetteur: str
    simulation: bool

    @property
    def instant(self) -> str:
        """The instant as PDF metadata write it."""
        return f"{local(self.emis_le):%Y-%m-%dT%H:%M:%S%z}"[:-2] + ":00"


def simulated() -> bool:
    """Without an authority's key a document has no value, and says so on each page."""
    return bool(settings.PLACET_SIMULATION)


def personne(user: Any, service: Any, organisation: Any) -> Personne:
    """The prescriber named on a decision."""
    if user is None:
        return Personne("Non désigné", etablissement=organisation.nom)
    return Personne(
        nom=user.full_name,
        qualite=user.qualite or "Médecin prescripteur",
        service=service.nom if service else "",
        etablissement=organisation.nom,
        telephone=user.telephone,
        email=user.email,
        rpps=user.rpps,
    )


def pharmacie(pui: Any) -> Pharmacie:
    """The PUI named on a decision or an order."""
    site = pui.etablissement
    return Pharmacie(
        nom=pui.nom,
        etablissement=site.organisation.nom,
        ville=site.ville,
        telephone=pui.telephone,
        email=pui.email,
        finess=site.finess,
    )


def medicament(dossier: Any) -> Medicament:
    """The medicine of a dossier: from the référentiel, or the words of the request."""
    produit, specialite = dossier.produit, dossier.specialite
    if produit is None:
        detail = dossier.detail_aac
        return Medicament(
            nom=detail.libre_nom,
            dci=detail.libre_dci,
            forme=detail.libre_forme,
            dosage=detail.libre_dosage,
            voie=detail.libre_voie,
            laboratoire=detail.libre_exploitant,
        )
    code = dossier.code_indication
    return medicament_of(produit, specialite, code.code if code else "")


def medicament_of(produit: Any, specialite: Any, code: str = "") -> Medicament:
    """The medicine of the référentiel; the product's own mentions come first."""

    def mention(name: str) -> str:
        return getattr(produit, name) or (getattr(specialite, name) if specialite else "")

    return Medicament(
        nom=produit.nom,
        dci=mention("dci"),
        forme=mention("forme"),
        dosage=mention("dosage"),
        voie=mention("voie"),
        laboratoire=mention("laboratoire"),
        ucd7=(specialite.ucd7 or "") if specialite else "",
        ucd13=specialite.ucd13 if specialite else "",
        code_indication=code,
        categorie=mention("condition_prescription"),
    )


def posologie(detail: Any) -> str:
    """The dosage in one sentence: dose, frequency, route, then the schedule in words."""
    dose = f"{write_number(detail.dose)}\u00a0{detail.dose_unite}" if detail.dose else ""
    route = f"voie {detail.voie}" if detail.voie else ""
    parts = [part for part in (dose, detail.frequence, route) if part]
    sentence = ", ".join(parts)
    return f"{sentence}. {detail.schema}".strip() if detail.schema else sentence
