"""Rows of the search: what each product offers, in which indication, until when, and what to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from referentiel.folding import fold
from referentiel.formats.french import SHORT_MONTHS, write_day
from referentiel.models import Cadre, ContactProduit
from referentiel.rules import facettes as f
from referentiel.rules.next_action import NextAction, Situation, next_action
from referentiel.rules.search_words import typed_words
from referentiel.rules.synonymes import also_said
from referentiel.selectors.disponibilites import Badge
from referentiel.selectors.search_index import Registre, Shown
from referentiel.states import NatureContact, StatutCadre, TypeCadre

SHORT = 140
SIGLES = {TypeCadre.DIRECT.value: "Accès direct"}
ORDER = {value: rank for rank, value in enumerate(("AAP", "CPC", "DIRECT", "AAC"))}
# Statuses whose own word says more than where the cadre stands.
_ENDED = {f.TERMINE: "Terminé", f.SUSPENDU: "Suspendu", f.A_VENIR: "À venir"}
SUPPLY = {"rupture": "alerte", "tension": "alerte", "arret": "termine"}
_OWN = frozenset({StatutCadre.PASSEE_DROIT_COMMUN, StatutCadre.CONTINUITE})
_LABELS = dict(StatutCadre.choices)


class Ligne(NamedTuple):
    """One product of the list."""

    pk: UUID
    nom: str
    sous: str
    badges: list[tuple[str, str]]
    indication: str
    autres: str
    statut: str
    action: NextAction


class CadreRead(NamedTuple):
    """What a row reads of a cadre, besides what is filtered."""

    indication: str
    code: str
    continuite: bool


class Standing(NamedTuple):
    """A cadre and where it stands on the day of the page."""

    facts: f.CadreFacts
    read: CadreRead
    where: str


def rows(registre: Registre, ranks: Sequence[int], q: str, on: date) -> list[Ligne]:
    """The rows of a page, in two queries."""
    keys: list[UUID] = [registre.keys[rank] for rank in ranks]
    if not keys:
        return []
    cadres, platforms = _cadres(keys, on), _platforms(keys)
    words = understood(q)
    return [
        _row(key, registre.shown[rank], cadres.get(key, []), platforms.get(key, ""), words)
        for key, rank in zip(keys, ranks, strict=True)
    ]


def understood(q: str) -> list[str]:
    """The words typed, with those of what they also mean."""
    words = typed_words(q)
    said = " ".join(phrase for word in words for phrase in also_said(word))
    return words + typed_words(said) if said else words


@lru_cache(maxsize=8192)
def _folded(text: str) -> str:
    return fold(text)


def _cadres(keys: list[UUID], on: date) -> dict[UUID, list[Standing]]:
    fields = ("produit_id", *CadreRead._fields, *f.CadreFacts._fields)
    cut = 1 + len(CadreRead._fields)
    found: dict[UUID, list[Standing]] = defaultdict(list)
    for row in Cadre.objects.filter(produit__in=keys).order_by().values_list(*fields):
        facts = f.CadreFacts(*row[cut:])
        found[row[0]].append(Standing(facts, CadreRead(*row[1:cut]), f.standing(facts, on)))
    return found


def _platforms(keys: list[UUID]) -> dict[UUID, str]:
    found = ContactProduit.objects.filter(produit__in=keys, nature=NatureContact.PLATEFORME)
    return dict(found.exclude(url="").order_by("-url").values_list("produit_id", "url"))


def _row(key: UUID, shown: Shown, cadres: list[Standing], url: str, words: list[str]) -> Ligne:
    opened = [one for one in cadres if one.where == f.EN_VIGUEUR]
    first = min(cadres, key=lambda one: _rank(one, words), default=None)
    others = len([one for one in opened or cadres if one is not first])
    return Ligne(
        pk=key,
        nom=shown.nom,
        sous=shown.sous,
        badges=_badges(opened, first) + _supply(shown.badges),
        indication=_short(first.read.indication) if first else "",
        autres=_others(others, en_vigueur=bool(opened) and first not in opened),
        statut=_told(first.facts, first.where) if first else "",
        action=next_action(_situation(first, url, shown.amm)),
    )


def _others(count: int, *, en_vigueur: bool) -> str:
    """How many more indications; in force is said when the one shown no longer is."""
    if not count:
        return ""
    plural = "s" if count > 1 else ""
    return f"et {count} autre{plural} indication{plural}{' en vigueur' if en_vigueur else ''}"


def _rank(one: Standing, words: list[str]) -> tuple[int, bool, int, bool, str, str]:
    """The indication that holds most of what was typed, then in force, by kind, with criteria."""
    told = _folded(one.read.indication)
    held = sum(word in told or word == one.read.code.lower() for word in words)
    return (
        -held,
        one.where != f.EN_VIGUEUR,
        ORDER[one.facts.framework],
        not one.facts.criteres_publies,
        told,
        one.read.code,
    )


def _badges(opened: list[Standing], first: Standing | None) -> list[tuple[str, str]]:
    if opened:
        kinds = sorted({one.facts.framework for one in opened}, key=lambda value: ORDER[value])
        return [("accorde", SIGLES.get(kind, kind)) for kind in kinds]
    if first is None:
        return [("brouillon", "Aucun cadre")]
    sigle = SIGLES.get(first.facts.framework, first.facts.framework)
    kind = "autre" if first.where in (f.A_VENIR, f.EN_EXAMEN) else "termine"
    return [(kind, sigle)]


def _supply(badges: list[Badge]) -> list[tuple[str, str]]:
    """Shortages with their date; « MITM » is spelled on the sheet."""
    found = []
    for badge in badges:
        since = f" depuis le {write_day(badge.since, SHORT_MONTHS)}" if badge.since else ""
        label = "MITM" if badge.kind == "mitm" else f"{badge.label}{since}"
        found.append((SUPPLY.get(badge.kind, "brouillon"), label))
    return found


def _told(facts: f.CadreFacts, where: str) -> str:
    """The status and the dates of a cadre, in one line."""
    label = _LABELS[facts.statut]
    told = label if facts.statut in _OWN else _ENDED.get(where, label)
    if where == f.EN_VIGUEUR and facts.ferme_depuis:  # its status will close it, later
        told = "En vigueur"
    if where == f.TERMINE:
        end = facts.absente_depuis or facts.fin
        return f"{told} le {write_day(end, SHORT_MONTHS)}" if end else told
    if facts.debut:
        since = "le" if where == f.REFUSE else "à partir du" if where == f.A_VENIR else "depuis le"
        told += f", {since} {write_day(facts.debut, SHORT_MONTHS)}"
    if facts.fin and where != f.REFUSE:
        told += f", jusqu'au {write_day(facts.fin, SHORT_MONTHS)}"
    return told


def _situation(first: Standing | None, platform: str, amm: str) -> Situation:
    if first is None:
        return Situation(amm=amm)
    return Situation(
        framework=first.facts.framework,
        standing=first.where,
        statut=first.facts.statut,
        continuite=first.read.continuite,
        criteres_publies=first.facts.criteres_publies,
        plateforme=platform,
        amm=amm,
    )


def _short(text: str) -> str:
    return text if len(text) <= SHORT else text[: SHORT - 1].rstrip() + "…"
