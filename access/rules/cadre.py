"""A cadre that has closed: since when, and who says so (CSP, R. 5121-74-9, R. 5121-74-10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.steps import Blocker

HORS_LISTES = "n'est plus dans les listes officielles depuis le"


@dataclass(frozen=True)
class FaitsCadre:
    """What is known of a cadre on a day: its dates, its status, the last closing announced."""

    jour: date
    statut_ouvert: bool
    statut: str = ""
    fin: date | None = None
    absente_depuis: date | None = None
    annonce_le: date | None = None
    annonce_origine: str = ""


@dataclass(frozen=True)
class Fermeture:
    """A closing: its day when one is known, why, and its source."""

    le: date | None
    motif: str
    source: str = ""

    @property
    def sentence(self) -> str:
        """« a pris fin le 31/10/2026 (ATIH, version de mars 2026) »."""
        day = f" {self.le:%d/%m/%Y}" if self.le else ""
        words = f"{self.motif}{day}" if day else self.motif.removesuffix(" depuis le")
        return f"{words} ({self.source})" if self.source else words


def closing(f: FaitsCadre) -> Fermeture | None:
    """The closing of a cadre: its last day over, gone from the lists, or a status that ends it."""
    source = f.annonce_origine
    if f.fin is not None and f.fin < f.jour:
        return Fermeture(f.fin, "a pris fin le", source)
    if f.absente_depuis is not None and f.absente_depuis <= f.jour:
        return Fermeture(f.absente_depuis, HORS_LISTES, source)
    if not f.statut_ouvert:
        named = f"est fermé (« {f.statut} »)" if f.statut else "est fermé"
        return Fermeture(f.annonce_le, f"{named} depuis le", source)
    return None


def closed_blockers(fermeture: Fermeture | None, autre_route: str = "") -> list[Blocker]:
    """An authorisation is not asked for a cadre that has closed: the reason, and the way out."""
    if fermeture is None:
        return []
    way_out = autre_route or (
        "Choisissez une autre indication de ce produit, ou « Autre indication » en la décrivant."
    )
    return [
        Blocker(
            "CADRE_FERME",
            f"L'accès à ce produit dans cette indication {fermeture.sentence}. {way_out}",
            "produit",
        )
    ]
