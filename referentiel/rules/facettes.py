"""Filters of the search, with their counts: what a choice would leave, before it is made (pure).

Some filters speak of a product, others of one of its cadres. Those of a cadre must hold together on
the same cadre: a product with an ended AAP and an AAC in force is not an AAP in force. Cadres alike
in all that is filtered share one kind; a kind is kept as the set of products that have one of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from referentiel.rules.ouverture import is_closed_by_status
from referentiel.states import StatutCadre, TypeCadre

CADRE, STATUT, CRITERES, SUIVI = "cadre", "statut", "criteres", "suivi"
RARE, PEDIATRIE = "rare", "pediatrie"
ATC, PRESCRIPTION, LABO, MAJ = "atc", "prescription", "labo", "maj"
OF_CADRES = (CADRE, STATUT, CRITERES, SUIVI, RARE, PEDIATRIE)
OF_PRODUCTS = (ATC, PRESCRIPTION, LABO, MAJ)
AAP_AVANT, AAP_APRES = "AAP-avant-AMM", "AAP-apres-AMM"
OUI, NON = "oui", "non"
EN_VIGUEUR, A_VENIR, EN_EXAMEN, SUSPENDU = "en-vigueur", "a-venir", "en-examen", "suspendu"
TERMINE, REFUSE, SANS_CADRE = "termine", "refuse", "sans-cadre"
DAYS = {"30": 30, "365": 365}

_REFUSED = frozenset({StatutCadre.REFUSEE, StatutCadre.NON_RETENU})
_EXAMINED = frozenset({StatutCadre.DEMANDE_DEPOSEE, StatutCadre.SIGNALE})
_SUSPENDED = frozenset({StatutCadre.SUSPENDU, StatutCadre.SUSPENDUE})
Selection = Mapping[str, frozenset[str]]


class CadreFacts(NamedTuple):
    """What is filtered of one cadre."""

    framework: str
    statut: str
    debut: date | None
    fin: date | None
    absente_depuis: date | None
    avec_amm: bool | None
    criteres_publies: bool
    suivi_obligatoire: bool | None
    maladie_rare: bool | None
    pediatrie: bool | None
    ferme_depuis: date | None = None


def standing(facts: CadreFacts, on: date) -> str:
    """Where a cadre stands on a day, in one of the words a reader filters by."""
    statut = StatutCadre(facts.statut)
    if statut in _REFUSED:
        return REFUSE
    ended = facts.fin is not None and facts.fin < on
    gone = facts.absente_depuis is not None and facts.absente_depuis <= on
    if ended or gone:
        return TERMINE
    if statut in _EXAMINED:
        return EN_EXAMEN
    if is_closed_by_status(statut, facts.ferme_depuis, on):
        return SUSPENDU if statut in _SUSPENDED else TERMINE
    return A_VENIR if facts.debut is not None and facts.debut > on else EN_VIGUEUR


def _told(known: bool | None) -> frozenset[str]:
    return frozenset() if known is None else frozenset({OUI if known else NON})


def kind_of(facts: CadreFacts, on: date) -> tuple[frozenset[str], ...]:
    """The values of a cadre, filter by filter, in the order of `OF_CADRES`."""
    framework = {facts.framework}
    if facts.framework == TypeCadre.AAP and facts.avec_amm is not None:
        framework.add(AAP_APRES if facts.avec_amm else AAP_AVANT)
    return (
        frozenset(framework),
        frozenset({standing(facts, on)}),
        frozenset({OUI}) if facts.criteres_publies else frozenset(),
        frozenset({OUI}) if facts.suivi_obligatoire else frozenset(),
        _told(facts.maladie_rare),
        _told(facts.pediatrie),
    )


NO_CADRE = (frozenset[str](), frozenset({SANS_CADRE}), *[frozenset[str]()] * 4)


@dataclass(frozen=True)
class Counted:
    """The products that pass every filter, and how many each value of a filter would leave."""

    kept: int
    counts: dict[str, dict[str, int]] = field(default_factory=dict)


class Facettes:
    """The sets of products behind each value of each filter, on one day."""

    def __init__(
        self,
        kinds: Mapping[tuple[frozenset[str], ...], int],
        products: Mapping[str, Mapping[str, int]],
    ) -> None:
        self.kinds = dict(kinds)
        self.products = products
        self.known: dict[str, set[str]] = {name: set(found) for name, found in products.items()}
        for at, name in enumerate(OF_CADRES):
            self.known[name] = {value for kind in self.kinds for value in kind[at]}

    def count(self, hits: int, selection: Selection) -> Counted:
        """Values chosen in one filter add up; filters narrow each other.

        The count of a value passes over the choices of its own filter: it says what choosing it
        would bring.
        """
        masks = {
            name: _union(self.products[name], selection[name])
            for name in OF_PRODUCTS
            if selection.get(name)
        }
        narrowed = hits
        for mask in masks.values():
            narrowed &= mask
        cadres, passing = self._cadres(selection)
        kept = narrowed & passing
        counts = {
            name: {value: (bits & narrowed).bit_count() for value, bits in found.items()}
            for name, found in cadres.items()
        }
        for name in OF_PRODUCTS:
            base = kept
            if name in masks:
                base = hits & passing
                for other, mask in masks.items():
                    base &= mask if other != name else base
            found = self.products.get(name, {})
            counts[name] = {value: (bits & base).bit_count() for value, bits in found.items()}
        return Counted(kept, counts)

    def _cadres(self, selection: Selection) -> tuple[dict[str, dict[str, int]], int]:
        """Products by value of each filter of cadres, and those that pass all of them."""
        chosen = [(at, selection[name]) for at, name in enumerate(OF_CADRES) if selection.get(name)]
        found: dict[str, dict[str, int]] = {name: defaultdict(int) for name in OF_CADRES}
        passing = 0
        for kind, bits in self.kinds.items():
            failed = [at for at, values in chosen if not kind[at] & values]
            if len(failed) > 1:
                continue
            if not failed:
                passing |= bits
            for at, name in enumerate(OF_CADRES):
                if not failed or failed == [at]:
                    for value in kind[at]:
                        found[name][value] |= bits
        return found, passing

    def valid(self, selection: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
        """A selection without the values nothing has: an address typed wrong filters nothing."""
        kept = {
            name: frozenset(values) & self.known.get(name, set())
            for name, values in selection.items()
        }
        return {name: values for name, values in kept.items() if values}


def _union(found: Mapping[str, int], values: Iterable[str]) -> int:
    total = 0
    for value in values:
        total |= found.get(value, 0)
    return total


def gather_kinds(
    facts: Iterable[tuple[int, CadreFacts]], without: int, on: date
) -> dict[tuple[frozenset[str], ...], int]:
    """The kinds of cadres of a day, each with its products; `without`: products with none."""
    kinds: dict[tuple[frozenset[str], ...], int] = defaultdict(int)
    for rank, cadre in facts:
        kinds[kind_of(cadre, on)] |= 1 << rank
    if without:
        kinds[NO_CADRE] = without
    return dict(kinds)
