"""The public home and its four doors: what each reader comes for, in plain French."""

from __future__ import annotations

from typing import Any, NamedTuple

from access.links import link
from engine.clocks import today
from referentiel.selectors import accueil


class Porte(NamedTuple):
    """One door of the public home page."""

    code: str
    titre: str
    texte: str


PORTES = (
    Porte(
        "soignant",
        "Vous soignez",
        "Trouver la voie ouverte pour un patient, demander un accès, suivre le traitement.",
    ),
    Porte(
        "patient",
        "Vous êtes patient, ou proche",
        "Comprendre ce qu'est un accès dérogatoire, qui le demande, ce que vous pouvez attendre.",
    ),
    Porte(
        "laboratoire",
        "Vous êtes un laboratoire",
        "Savoir ce qui vous incombe : demandes d'accès, recueil de données, rapports, documents.",
    ),
    Porte(
        "etablissement",
        "Vous êtes un établissement",
        "Ouvrir les comptes, commander, dispenser, coder et facturer sans rien ressaisir.",
    ),
)
CODES = frozenset(porte.code for porte in PORTES)


def public_home() -> dict[str, Any]:
    """What a visitor reads first."""
    day = today()
    return {
        "portes": PORTES,
        "nouvelles": accueil.news(day),
        "changements": accueil.last_changes(),
        "listes": accueil.lists(day),
        "questions_url": link("referentiel:questions"),
        "voie_url": link("referentiel:quelle_voie"),
    }


def door(code: str) -> dict[str, Any]:
    """What a door opens on, and the three others."""
    return {
        "porte": next(porte for porte in PORTES if porte.code == code),
        "autres": [porte for porte in PORTES if porte.code != code],
        "questions_url": link("referentiel:questions"),
        "voie_url": link("referentiel:quelle_voie"),
    }
