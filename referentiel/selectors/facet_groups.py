"""The filters as the search page shows them: words, counts, what is chosen, how to undo it."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from django.utils.text import slugify

from referentiel.rules import facettes as f
from referentiel.rules.prescription import CLASSES
from referentiel.rules.search_state import TOUS, SearchState
from referentiel.selectors.search_index import Registre
from referentiel.states import TypeCadre

SHOWN, MORE = 6, 40
TITLES = {
    f.CADRE: "Cadre",
    f.STATUT: "Statut",
    f.CRITERES: "Critères d'octroi",
    f.SUIVI: "Suivi",
    f.RARE: "Maladie rare",
    f.PEDIATRIE: "Enfants",
    f.ATC: "Classe thérapeutique (ATC)",
    f.PRESCRIPTION: "Prescription",
    f.LABO: "Laboratoire",
    f.MAJ: "Dernière mise à jour",
}
LABELS: dict[str, dict[str, str]] = {
    f.CADRE: {
        TypeCadre.AAC: TypeCadre.AAC.label,
        TypeCadre.AAP: TypeCadre.AAP.label,
        f.AAP_AVANT: "dont AAP avant l'AMM",
        f.AAP_APRES: "dont AAP après l'AMM",
        TypeCadre.CPC: TypeCadre.CPC.label,
        TypeCadre.DIRECT: TypeCadre.DIRECT.label,
    },
    f.STATUT: {
        f.EN_VIGUEUR: "En vigueur",
        f.A_VENIR: "À venir",
        f.EN_EXAMEN: "En cours d'examen",
        f.SUSPENDU: "Suspendu",
        f.TERMINE: "Terminé",
        f.REFUSE: "Refusé ou non retenu",
        f.SANS_CADRE: "Aucun cadre publié",
        TOUS: "Tous les statuts",
    },
    f.CRITERES: {f.OUI: "Critères publiés"},
    f.SUIVI: {f.OUI: "Suivi obligatoire"},
    f.RARE: {f.OUI: "Maladie rare", f.NON: "Maladie non rare"},
    f.PEDIATRIE: {f.OUI: "Concerne des enfants", f.NON: "Adultes seulement"},
    f.ATC: {
        "A": "A · Digestif et métabolisme",
        "B": "B · Sang",
        "C": "C · Cœur et vaisseaux",
        "D": "D · Peau",
        "G": "G · Appareil génito-urinaire",
        "H": "H · Hormones",
        "J": "J · Infections",
        "L": "L · Cancers et immunité",
        "M": "M · Muscles et squelette",
        "N": "N · Système nerveux",
        "P": "P · Parasites",
        "R": "R · Respiration",
        "S": "S · Yeux et oreilles",
        "V": "V · Divers",
    },
    f.PRESCRIPTION: {value: label for value, (label, _) in CLASSES.items()},
    f.MAJ: {"30": "Depuis 30 jours", "365": "Depuis un an"},
}


class Option(NamedTuple):
    """One value of a filter."""

    id: str
    value: str
    label: str
    found: int | None
    checked: bool


class Group(NamedTuple):
    """One filter: its values, then those kept behind « et n autres »."""

    name: str
    title: str
    parts: list[list[Option]]
    rest: int
    left: int


class Chip(NamedTuple):
    """A value chosen, and the address without it."""

    label: str
    url: str


@lru_cache(maxsize=4096)
def _id(name: str, value: str) -> str:
    return f"f-{name}-{slugify(value)}"


def groups(
    registre: Registre, counts: dict[str, dict[str, int]], state: SearchState
) -> list[Group]:
    """The filters that have something to choose; a value nothing has is not offered."""
    found = []
    for name, title in TITLES.items():
        chosen = state.chosen.get(name, frozenset())
        if name == f.STATUT and state.implicit:
            chosen = state.selection[name]
        options = _options(registre, name, counts.get(name, {}), chosen)
        if not options or (name == f.STATUT and len(options) == 1):
            continue
        shown = SHOWN if name == f.LABO else len(options)
        first, rest = options[:shown], options[shown:]
        parts = [first, rest[:MORE]] if rest else [first]
        found.append(Group(name, title, parts, len(rest), max(len(rest) - MORE, 0)))
    return found


def _options(
    registre: Registre, name: str, counts: dict[str, int], chosen: frozenset[str]
) -> list[Option]:
    if name == f.LABO:
        labels = registre.laboratoires
        # Chosen first, then the most frequent, then by name.
        order = sorted(counts, key=lambda value: (value not in chosen, -counts[value], value))
    else:
        labels = LABELS[name]
        order = list(labels)
    return [
        Option(_id(name, value), value, labels[value], counts.get(value), value in chosen)
        for value in order
        if counts.get(value) or value in chosen or value == TOUS
    ]


def chips(registre: Registre, state: SearchState, base: str) -> list[Chip]:
    """What is chosen, each with the way to undo it; the default status is one of them."""
    found = []
    for name in TITLES:
        chosen = state.selection.get(name, frozenset())
        labels = registre.laboratoires if name == f.LABO else LABELS[name]
        for value in sorted(chosen):
            label = labels.get(value, value).removeprefix("dont ")
            found.append(Chip(label, base + state.without(name, value).query_string()))
    return found
