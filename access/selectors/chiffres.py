"""What the public page of figures shows: tables, charts of the same numbers, lines of the CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from access.models import Chiffre
from access.rules.chiffres import last_closed_day
from access.selectors.graphique import Graphique, Serie, bars
from access.states import DELAIS, MesureChiffre, NiveauChiffre
from engine.clocks import local, today
from referentiel import parametres
from referentiel.formats import french
from referentiel.states import TypeCadre

M = MesureChiffre
NOMBRES = (M.DEMANDES, M.DECISIONS, M.PATIENTS)
HIDDEN, NOTHING = "masqué", "–"
UNKNOWN = "Produit pas encore identifié"


def computed_at() -> datetime | None:
    """When the figures were last computed."""
    return Chiffre.objects.order_by("-calcule_le").values_list("calcule_le", flat=True).first()


def closed_on(computed: datetime) -> date:
    """The last day counted in the figures of a computation."""
    return last_closed_day(local(computed).date())


def threshold() -> int:
    """The number under which a figure is not published."""
    return int(parametres.valeur("chiffres.seuil", today()))


def years() -> list[int]:
    """The years that have figures, newest first."""
    found = Chiffre.objects.order_by("-annee").values_list("annee", flat=True)
    return list(found.distinct())


def figures() -> QuerySet[Chiffre]:
    """Every figure, in the order of the file."""
    return Chiffre.objects.select_related("produit").order_by(
        "-annee", "niveau", "cadre", "produit__nom", "produit_id", "mesure"
    )


# --- Tables -----------------------------------------------------------------------------


def by_year() -> dict[str, Any]:
    """All years: counts, then times, with the charts of the same numbers."""
    cells = {(c.annee, c.mesure): c for c in figures().filter(niveau=NiveauChiffre.TOTAL)}
    annees = sorted({annee for annee, _ in cells})
    return {
        "nombres": _table("Année", [(str(a), a) for a in annees[::-1]], NOMBRES, cells),
        "delais": _times("Année", [(str(a), a) for a in annees[::-1]], cells),
        "graphiques": [_counts_chart(annees, cells), *_times_charts(annees, cells)],
    }


def by_cadre(annee: int) -> dict[str, Any]:
    """One year, by framework."""
    rows = figures().filter(niveau=NiveauChiffre.CADRE, annee=annee)
    cells = {(c.cadre, c.mesure): c for c in rows}
    keys = [(TypeCadre(cadre).label, cadre) for cadre in dict.fromkeys(c for c, _ in cells)]
    return {
        "nombres": _table("Cadre", keys, NOMBRES, cells),
        "delais": _times("Cadre", keys, cells),
    }


def by_produit(annee: int) -> dict[str, Any]:
    """One year, by product; those with nothing to show are one line."""
    rows = list(figures().filter(niveau=NiveauChiffre.PRODUIT, annee=annee))
    cells = {((c.cadre, c.produit_id), c.mesure): c for c in rows}
    shown = {(c.cadre, c.produit_id) for c in rows if not c.masque}
    names = {(c.cadre, c.produit_id): c.produit.nom if c.produit else UNKNOWN for c in rows}
    keys = [(f"{name} ({key[0]})", key) for key, name in names.items() if key in shown]
    others = len(names) - len(shown)
    return {
        "nombres": _table("Produit", keys, NOMBRES, cells),
        "delais": _times("Produit", keys, cells),
        "autres": others,
    }


Keys = list[tuple[str, Any]]
Cells = dict[tuple[Any, str], Chiffre]


def _table(first: str, keys: Keys, mesures: tuple[M, ...], cells: Cells) -> dict[str, Any]:
    return {
        "columns": [first, *({"label": m.label, "num": True} for m in mesures)],
        "rows": [
            {"cells": [{"text": label}, *(_count(cells.get((key, m))) for m in mesures)]}
            for label, key in keys
        ],
    }


def _times(first: str, keys: Keys, cells: Cells) -> dict[str, Any]:
    heads = [
        {"label": f"{m.label}, {word}", "num": True} for m in DELAIS for word in ("médiane", "90 %")
    ]
    return {
        "columns": [first, *heads],
        "rows": [
            {
                "cells": [
                    {"text": label},
                    *(_cell(cells.get((key, m)), DAYS[name]) for m in DELAIS for name in DAYS),
                ]
            }
            for label, key in keys
        ],
    }


def _count(cell: Chiffre | None) -> dict[str, Any]:
    return _cell(cell, lambda c: french.write_number(Decimal(c.valeur or 0)))


def _cell(cell: Chiffre | None, write: Callable[[Chiffre], str]) -> dict[str, Any]:
    """The number, « masqué », or a dash when nothing happened."""
    text = NOTHING if cell is None else HIDDEN if cell.masque else write(cell)
    return {"text": text, "num": True}


def _days(value: Decimal | None) -> str:
    return NOTHING if value is None else f"{french.write_number(value)}\u00a0j"


DAYS: dict[str, Callable[[Chiffre], str]] = {
    "mediane": lambda cell: _days(cell.mediane),
    "p90": lambda cell: _days(cell.p90),
}


# --- Charts -----------------------------------------------------------------------------


def _counts_chart(annees: list[int], cells: Cells) -> Graphique:
    series = [
        Serie(m.label, [_value(cells.get((annee, m)), "valeur") for annee in annees])
        for m in NOMBRES
    ]
    return bars("Demandes, décisions et patients par année", [str(a) for a in annees], series)


def _times_charts(annees: list[int], cells: Cells) -> list[Graphique]:
    return [
        bars(
            f"{m.label}, en jours",
            [str(a) for a in annees],
            [
                Serie(label, [_value(cells.get((annee, m)), name) for annee in annees])
                for label, name in (("Médiane", "mediane"), ("90ᵉ centile", "p90"))
            ],
        )
        for m in DELAIS
    ]


def _value(cell: Chiffre | None, name: str) -> Decimal | None:
    """The number a bar draws; nothing when it is hidden."""
    value = getattr(cell, name) if cell is not None else None
    return None if value is None else Decimal(value)


# --- File -------------------------------------------------------------------------------

COLONNES = (
    "annee", "niveau", "cadre", "produit_id", "produit", "mesure", "nombre", "mediane_jours",
    "p90_jours", "masque", "arrete_au", "calcule_le",
)  # fmt: skip


def file_rows() -> Iterator[list[Any]]:
    """One line per figure, a delay without `nombre`; a product with nothing to show is left out."""
    for cell in figures().iterator(chunk_size=1000):
        if cell.masque and cell.niveau == NiveauChiffre.PRODUIT:
            continue
        yield [
            cell.annee, cell.niveau, cell.cadre, cell.produit_id or "",
            cell.produit.nom if cell.produit else "", cell.mesure,
            *("" if v is None else v for v in (cell.valeur, cell.mediane, cell.p90)),
            "oui" if cell.masque else "non", closed_on(cell.calcule_le),
            cell.calcule_le.isoformat(timespec="seconds"),
        ]  # fmt: skip
