"""Bars drawn by the server: every place and size is computed here, the page only writes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from referentiel.formats import french

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 640, 240, 8, 24, 28
GAP = 0.25  # of the room of a group, left empty


@dataclass(frozen=True)
class Serie:
    """The numbers of one colour, None where nothing is published."""

    label: str
    values: list[Decimal | None]


@dataclass(frozen=True)
class Barre:
    x: int
    y: int
    largeur: int
    hauteur: int
    serie: int
    milieu: int
    texte: str


@dataclass(frozen=True)
class Repere:
    x: int
    texte: str


@dataclass(frozen=True)
class Graphique:
    """A chart: its title, its bars, what stands under them."""

    titre: str
    barres: list[Barre] = field(default_factory=list)
    reperes: list[Repere] = field(default_factory=list)
    legende: list[str] = field(default_factory=list)
    largeur: int = WIDTH
    hauteur: int = HEIGHT

    @property
    def pied(self) -> int:
        return self.hauteur - BOTTOM

    @property
    def ligne(self) -> int:
        return self.hauteur - 8


def bars(titre: str, labels: list[str], series: list[Serie]) -> Graphique:
    """One group of bars per label, one bar per series, all on one scale from zero."""
    values = [v for serie in series for v in serie.values if v is not None]
    top = max(values, default=Decimal(0)) or Decimal(1)
    room = (WIDTH - 2 * LEFT) / max(1, len(labels))
    wide = int(min(56, room * (1 - GAP) / max(1, len(series))))
    barres, reperes = [], []
    for n, label in enumerate(labels):
        middle = int(LEFT + room * n + room / 2)
        reperes.append(Repere(middle, label))
        start = middle - wide * len(series) // 2
        for rank, serie in enumerate(series):
            value = serie.values[n]
            if value is None:
                continue
            high = int((HEIGHT - TOP - BOTTOM) * value / top)
            x = start + rank * wide
            y = HEIGHT - BOTTOM - high
            text = french.write_number(value)
            barres.append(Barre(x + 1, y, wide - 2, high, rank + 1, x + wide // 2, text))
    return Graphique(titre, barres, reperes, [serie.label for serie in series])
