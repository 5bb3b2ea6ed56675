"""The search index of the register, one per process, as old as the last change of the register."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Max

from engine import clocks
from referentiel.folding import fold, search_text
from referentiel.models import (
    AliasProduit,
    Cadre,
    Changement,
    EtatRecherche,
    Produit,
)
from referentiel.rules import facettes as f
from referentiel.rules.prescription import classes_of
from referentiel.rules.search_engine import Entry, Hits, SearchIndex, Vocabulary, bits_of
from referentiel.rules.search_words import split
from referentiel.selectors.anciennes import merged
from referentiel.selectors.disponibilites import Badge, badges_by_cis
from referentiel.selectors.search_boxes import Boxes, grouped

INCOMPLETE, WAITING = "incomplets", "attente"
MENTIONS = ("nom", "dci", "forme", "dosage", "laboratoire")
_FACTS = ("produit_id", "code", "indication", *f.CadreFacts._fields)


class Connu(NamedTuple):
    """A cadre of a product of the index: what is filtered of it, and its words."""

    rank: int
    texte: str
    facts: f.CadreFacts


class Shown(NamedTuple):
    """What a row says of a product, whatever the day."""

    nom: str
    sous: str
    amm: str
    badges: list[Badge]


class Registre:
    """The register as it is searched and filtered; what depends on the day is made once a day."""

    def __init__(self, version: int) -> None:
        named = Produit.objects.values(
            "pk", *MENTIONS, "atc", "condition_prescription", "texte_recherche"
        )
        regroupes = merged()
        produits = [row for row in named if row["pk"] not in regroupes]
        boxes = Boxes()
        cadres = list(Cadre.objects.order_by().values_list(*_FACTS))
        sigles = grouped({(row[0], fold(f.CadreFacts(*row[3:]).framework)) for row in cadres})
        autres = grouped(AliasProduit.objects.values_list("produit_id", "nom"))
        self.version = version
        self.index = SearchIndex(
            Entry(
                key=row["pk"],
                nom=row["nom"],
                autres=(row["dci"], *autres.get(row["pk"], ())),
                texte=row["texte_recherche"],
                codes=(*boxes.codes_of(row["pk"], row["nom"]), *sigles.get(row["pk"], ())),
            )
            for row in produits
        )
        self.keys: list[Any] = self.index.keys  # those of products, in the order of names
        self.rank = {key: at for at, key in enumerate(self.keys)}
        by_key = {row["pk"]: row for row in produits}
        badges_of = badges_by_cis()
        self.shown = [
            Shown(*_told(row, boxes), badges_of(boxes.alike(row["pk"])))
            for row in (by_key[key] for key in self.keys)
        ]
        self.laboratoires: dict[str, str] = {}
        self._products = self._product_filters(produits, boxes)
        self.flags = self._flags(produits, boxes)
        self._cadres = [
            Connu(self.rank[row[0]], search_text(row[1], row[2]), f.CadreFacts(*row[3:]))
            for row in cadres
            if row[0] in self.rank
        ]
        self.with_cadre = self._bits(cadre.rank for cadre in self._cadres)
        self._changed: list[tuple[int, datetime]] = [
            (self.rank[key], at)
            for key, at in Changement.objects.order_by()
            .values_list("produit_id")
            .annotate(Max("le"))
            if key in self.rank
        ]
        self._by_day: dict[date, f.Facettes] = {}
        self._words_by_day: dict[date, tuple[Vocabulary, Vocabulary]] = {}

    def find(self, query: str, on: date) -> Hits:
        """What is typed, an indication that has ended never before one in force."""
        hits = self.index.find(query)
        return hits.last(self.index.late(query, *self._words(on))) if hits.all else hits

    def _words(self, on: date) -> tuple[Vocabulary, Vocabulary]:
        """The words of the indications in force on a day, product by product; of the others."""
        known = self._words_by_day.get(on)
        if known is None:
            opened: list[list[str]] = [[] for _ in self.keys]
            ended: list[list[str]] = [[] for _ in self.keys]
            for cadre in self._cadres:
                standing = f.standing(cadre.facts, on) == f.EN_VIGUEUR
                (opened if standing else ended)[cadre.rank] += split(cadre.texte)
            known = Vocabulary(opened), Vocabulary(ended)
            self._words_by_day = {on: known}
        return known

    def facettes(self, on: date) -> f.Facettes:
        """The filters as they stand on a day."""
        known = self._by_day.get(on)
        if known is None:
            without = self.index.everything & ~self.with_cadre
            facts = ((cadre.rank, cadre.facts) for cadre in self._cadres)
            kinds = f.gather_kinds(facts, without, on)
            known = f.Facettes(kinds, {**self._products, f.MAJ: self._recent(on)})
            self._by_day = {on: known}
        return known

    def _bits(self, ranks: Iterable[int]) -> int:
        return bits_of(ranks, self.index.size)

    def _recent(self, on: date) -> dict[str, int]:
        found = {}
        for value, days in f.DAYS.items():
            since = on - timedelta(days=days)
            bits = self._bits(r for r, at in self._changed if clocks.local(at).date() >= since)
            if bits:
                found[value] = bits
        return found

    def _product_filters(
        self, produits: list[dict[str, Any]], boxes: Boxes
    ) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, list[int]]] = {
            name: defaultdict(list) for name in (f.ATC, f.PRESCRIPTION, f.LABO)
        }
        for row in produits:
            rank = self.rank[row["pk"]]
            if row["atc"]:
                found[f.ATC][row["atc"][0].upper()].append(rank)
            if row["laboratoire"]:
                name = fold(row["laboratoire"])
                self.laboratoires.setdefault(name, row["laboratoire"])
                found[f.LABO][name].append(rank)
            conditions = row["condition_prescription"] or boxes.conditions_of(row["pk"])
            for value in classes_of(conditions) if conditions else ():
                found[f.PRESCRIPTION][value].append(rank)
        return {
            name: {value: self._bits(ranks) for value, ranks in values.items()}
            for name, values in found.items()
        }

    def _flags(self, produits: list[dict[str, Any]], boxes: Boxes) -> dict[str, int]:
        incomplete = (
            self.rank[row["pk"]] for row in produits if not all(row[name] for name in MENTIONS)
        )
        waiting = (self.rank[key] for key in boxes.waiting if key in self.rank)
        return {INCOMPLETE: self._bits(incomplete), WAITING: self._bits(waiting)}


def _told(row: dict[str, Any], boxes: Boxes) -> tuple[str, str, str]:
    """The name, what stands under it, and the AMM in force of the same medicine."""
    ucds = boxes.ucds.get(row["pk"])
    told = f"UCD {', '.join(ucds[:3])}" if ucds else "UCD en attente"
    sous = " · ".join(part for part in (row["dci"], told) if part)
    return row["nom"], sous, boxes.marketed(row["pk"], row["nom"])


# --- One per process --------------------------------------------------------------------

_lock = threading.Lock()
_current: Registre | None = None


def registre() -> Registre:
    """The index, rebuilt when the register changed since: one small query says so.

    A register nobody declared changed has no age: its index is never kept.
    """
    global _current
    version = EtatRecherche.objects.values_list("version", flat=True).first() or 0
    known = _current
    if version and known is not None and known.version == version:
        return known
    with _lock:
        if not version or _current is None or _current.version != version:
            _current = Registre(version)
        return _current


def loaded(keys: Iterable[Any], rows: Iterable[Produit]) -> Iterator[Produit]:
    """Rows in the order of their keys; one that left since is passed over."""
    by_key = {row.pk: row for row in rows}
    return (by_key[key] for key in keys if key in by_key)
