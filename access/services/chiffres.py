"""The public figures, recomputed whole from the journal of the weeks that have ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import groupby, islice
from typing import Any
from uuid import UUID

from django.db import transaction

from access.models import Chiffre, Dossier
from access.rules.chiffres import Noeud, hidden_paths, last_closed_day, middle_and_p90
from access.states import DELAIS, Kind, MesureChiffre, NiveauChiffre
from engine.clocks import end_of_day, local, now
from engine.journal import subject_type
from engine.models import Entry
from referentiel import parametres
from referentiel.states import TypeCadre

M = MesureChiffre
SENT, TRANSMITTED = "submit", "transmit"
DECIDED = ("grant", "refuse", "close_without_action")
CADRES = {Kind.DEMANDE_AAC: TypeCadre.AAC}
CHUNK = 1000
DAY = 86_400
NIVEAUX = (NiveauChiffre.TOTAL, NiveauChiffre.CADRE, NiveauChiffre.PRODUIT)
Path = tuple[Any, ...]


@dataclass
class Faits:
    """What the journal tells of one request: the first sending, transmission and decision."""

    sent: datetime | None = None
    transmitted: datetime | None = None
    decided: datetime | None = None


@dataclass
class Cumul:
    """What adds up at one place of the tree, in one year."""

    demandes: int = 0
    decisions: int = 0
    patients: set[UUID] = field(default_factory=set)
    delais: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def count(self, mesure: str) -> int:
        if mesure in DELAIS:
            return len(self.delais[mesure])
        if mesure == M.PATIENTS:
            return len(self.patients)
        return self.demandes if mesure == M.DEMANDES else self.decisions


Years = dict[int, dict[Path, Cumul]]


def recompute() -> int:
    """Read the whole journal again and replace every figure; returns how many cells are kept.

    The journal only grows: it is read before the transaction, which would make others wait.
    """
    at = now()
    least = int(parametres.valeur("chiffres.seuil", local(at).date()))
    years = gathered(end_of_day(last_closed_day(local(at).date())))
    rows = [row for annee, places in years.items() for row in _rows(annee, places, least, at)]
    _replace(rows)
    return len(rows)


@transaction.atomic
def _replace(rows: list[Chiffre]) -> None:
    Chiffre.objects.all().delete()
    Chiffre.objects.bulk_create(rows, batch_size=CHUNK)


def gathered(before: datetime) -> Years:
    """Every act of the journal before an instant added up, a batch of requests at a time."""
    years: Years = defaultdict(lambda: defaultdict(Cumul))
    requests = _requests(before)
    while batch := list(islice(requests, CHUNK)):
        rows = Dossier.objects.filter(pk__in=[pk for pk, _ in batch])
        known = {row[0]: row[1:] for row in rows.values_list("pk", "kind", "produit", "patient")}
        for pk, facts in batch:
            if pk in known:
                _add(years, facts, *known[pk])
    return years


def _requests(before: datetime) -> Iterator[tuple[UUID, Faits]]:
    """Each request of the journal with its three dates, in the order of the journal."""
    acts = Entry.objects.filter(
        subject_type=subject_type(Dossier()),
        action__in=[SENT, TRANSMITTED, *DECIDED],
        at__lt=before,
    )
    ordered = acts.order_by("subject_type", "subject_id", "seq")
    lines = ordered.values_list("subject_id", "action", "at").iterator(chunk_size=CHUNK)
    for pk, own in groupby(lines, key=lambda line: line[0]):
        yield pk, facts_of((action, at) for _, action, at in own)


def facts_of(acts: Any) -> Faits:
    """The first of each act; a request returned and sent again counts from its first sending."""
    facts = Faits()
    for action, at in acts:
        if action == SENT:
            facts.sent = facts.sent or at
        elif action == TRANSMITTED:
            facts.transmitted = facts.transmitted or at
        else:
            facts.decided = facts.decided or at
    return facts


def _add(years: Years, facts: Faits, kind: str, produit: Any, patient: Any) -> None:
    """Count one request at the three levels, each act in the year it was done."""
    cadre = CADRES[Kind(kind)]
    for path in ((), (cadre,), (cadre, produit)):
        if facts.sent:
            place = years[local(facts.sent).year][path]
            place.demandes += 1
            place.patients |= {patient} - {None}
        if facts.transmitted and facts.sent:
            place = years[local(facts.transmitted).year][path]
            place.delais[M.DELAI_TRANSMISSION].append(_days(facts.sent, facts.transmitted))
        if facts.decided:
            place = years[local(facts.decided).year][path]
            place.decisions += 1
            if facts.transmitted:
                place.delais[M.DELAI_DECISION].append(_days(facts.transmitted, facts.decided))


def _days(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / DAY


def _rows(annee: int, places: dict[Path, Cumul], least: int, at: datetime) -> Iterator[Chiffre]:
    """The cells of a year, the hidden ones empty."""
    for mesure in MesureChiffre:
        hidden = hidden_paths(_tree(places, mesure), least)
        for path, place in places.items():
            if not place.count(mesure):
                continue
            yield Chiffre(
                annee=annee,
                niveau=NIVEAUX[len(path)],
                cadre=path[0] if path else "",
                produit_id=path[1] if len(path) > 1 else None,
                mesure=mesure,
                masque=path in hidden,
                calcule_le=at,
                **({} if path in hidden else _numbers(place, mesure)),
            )


def _tree(places: dict[Path, Cumul], mesure: str) -> Noeud[Any]:
    """The counts of one measure as a tree; an empty place is no cell."""
    top: Noeud[Any] = Noeud()
    for path, place in places.items():
        count = place.count(mesure)
        if not count:
            continue
        node = top
        for key in path:
            node = node.enfants.setdefault(key, Noeud())
        node.compte = count
    return top


def _numbers(place: Cumul, mesure: str) -> dict[str, Any]:
    """What one shown cell holds; a delay says over how many acts to nobody."""
    if mesure not in DELAIS:
        return {"valeur": place.count(mesure)}
    middle, p90 = middle_and_p90(place.delais[mesure])
    return {"mediane": Decimal(str(middle)), "p90": Decimal(str(p90))}
