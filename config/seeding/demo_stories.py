"""The dossiers of the demonstration: some twenty-five stories that end in every state."""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from config.seeding import acts
from config.seeding.acts import Malade, Monde
from config.seeding.demo_pharmacie import (
    dispensed,
    ordered,
    partly_received,
    prepared,
    priced,
    retroceded,
    staying,
)
from config.seeding.story import Story, on
from engine.clocks import today
from referentiel.models import Cadre
from referentiel.roles import Role

NAMES = [
    ("Exemple", "Noé"), ("Fictive", "Ada"), ("Essai", "Max"), ("Modèle", "Lou"),
    ("Inventé", "Tom"), ("Imaginaire", "Zoé"), ("Factice", "Hugo"), ("Démo", "Léa"),
    ("Maquette", "Paul"), ("Témoin", "Inès"), ("Esquisse", "Jean"), ("Brouillon", "Rose"),
]  # fmt: skip
_patients = count()


# Ages in years and weights in kg, told in turn.
AGES = [
    (7, "22"), (11, "34.5"), (3, "14.2"), (15, "52"), (5, "18.4"), (9, "28"),
    (13, "45"), (2, "12"), (17, "61"), (6, "20.5"), (4, "16"),
]  # fmt: skip


def patient(**fields: Any) -> Malade:
    """The next invented patient."""
    rank = next(_patients)
    years, poids = AGES[rank % len(AGES)]
    nom, prenom = NAMES[rank % len(NAMES)]
    suffix = "" if rank < len(NAMES) else f" {'BCDEFG'[rank // len(NAMES) - 1]}"
    birth = today() - timedelta(days=365 * years + 40 + rank)
    sexe = "F" if rank % 2 else "M"
    values = {"poids": poids, "ipp": f"DEMO{1000 + rank}", "sexe": sexe} | fields
    return Malade(nom + suffix, prenom, birth, **values)


def draft(m: Monde, cadre: Cadre, ago: int, *, complete: bool = True, by: Any = None) -> Story:
    yield on(ago, 10)
    acts.write(m, patient(), cadre, complete=complete, by=by)


def waiting_at_pui(m: Monde, cadre: Cadre, ago: int, *, urgent: bool = False) -> Story:
    yield on(ago, 9)
    dossier = acts.write(m, patient(), cadre, urgent=urgent)
    yield on(ago, 9, 20)
    acts.submit(m, dossier)


def returned(m: Monde, cadre: Cadre, ago: int) -> Story:
    yield on(ago, 11)
    dossier = acts.write(m, patient(), cadre)
    yield on(ago, 11, 15)
    acts.submit(m, dossier)
    yield on(ago - 1, 9)
    reason = "Le poids me semble ancien : pouvez-vous le vérifier ?"
    acts.do(dossier, "return_to_prescripteur", m.hopital[Role.PHARMACIEN], motif=reason)


def transmitted(m: Monde, cadre: Cadre, ago: int, *, criteres: bool = False, **more: Any) -> Story:
    """Sent to the agency; with the criteria, the fast lane has prepared a proposal."""
    yield on(ago, 9)
    dossier = acts.write(m, patient(), cadre, criteres=criteres, **more)
    acts.join(dossier, m.hopital[Role.PRESCRIPTEUR])
    yield on(ago, 9, 30)
    acts.submit(m, dossier)
    yield on(ago, 14)
    acts.transmit(m, dossier)


def under_review(m: Monde, cadre: Cadre, ago: int, *, proposition: str = "") -> Story:
    yield on(ago, 9)
    dossier = acts.write(m, patient(), cadre, criteres=False)
    yield on(ago, 9, 40)
    acts.submit(m, dossier)
    yield on(ago, 15)
    acts.transmit(m, dossier)
    yield on(ago - 1, 10)
    acts.review(m, dossier)
    acts.say(dossier, m.agence[Role.EVALUATEUR_ANSM], "Le dernier bilan est-il récent ?", "AGENCE")
    yield on(ago - 1, 16)
    acts.say(dossier, m.hopital[Role.PRESCRIPTEUR], "Oui, il date de cette semaine.", "AGENCE")
    acts.say(dossier, m.hopital[Role.PRESCRIPTEUR], "À prévoir : stock avant le week-end.")
    if proposition:
        yield on(max(ago - 2, 0), 11)
        acts.review(m, dossier, proposition=proposition)


def complement(
    m: Monde, cadre: Cadre, ago: int, *, answered: bool = False
) -> Generator[datetime, None, Any]:
    """Two items are asked; the prescriber answers, or not yet."""
    yield on(ago, 9)
    dossier = acts.write(m, patient(), cadre, criteres=False)
    yield on(ago, 10)
    acts.submit(m, dossier)
    yield on(ago, 16)
    acts.transmit(m, dossier)
    yield on(ago - 1, 10)
    dossier = acts.review(m, dossier)
    yield on(ago - 1, 11)
    dossier = acts.ask(m, dossier)
    if answered:
        yield on(ago - 2, 9)
        acts.answer(m, dossier)
    return dossier


def refused(m: Monde, cadre: Cadre, ago: int) -> Story:
    yield on(ago, 9)
    dossier = acts.write(m, patient(), cadre, criteres=False)
    yield on(ago, 10)
    acts.submit(m, dossier)
    yield on(ago, 16)
    dossier = acts.transmit(m, dossier)
    yield on(ago - 1, 10)
    acts.review(m, dossier, proposition="DEFAVORABLE")
    yield on(ago - 2, 14)
    acts.contact(m, dossier)
    yield on(ago - 3, 10)
    acts.refuse(m, dossier)


def closed(m: Monde, cadre: Cadre, ago: int) -> Story:
    """No answer to a complement, a reminder, then a closing."""
    dossier = yield from complement(m, cadre, ago)
    yield on(ago - 1 - 15 - 1, 6)  # the deadline has passed: the clock recalls it
    yield on(ago - 1 - 15 - 1 - 8, 10)
    acts.do(dossier, "close_without_action", m.agence[Role.EVALUATEUR_ANSM])


def withdrawn(m: Monde, cadre: Cadre, ago: int) -> Story:
    yield on(ago, 9)
    dossier = acts.write(m, patient(), cadre)
    yield on(ago, 10)
    acts.submit(m, dossier)
    yield on(ago - 1, 10)
    reason = "Le patient est transféré dans un autre établissement."
    acts.do(dossier, "withdraw", m.hopital[Role.PRESCRIPTEUR], motif=reason)


# --- Stories that end with an authorisation -----------------------------------------------


def granted(
    m: Monde,
    cadre: Cadre,
    ago: int,
    *,
    jours: int = 180,
    wait: int = 0,
    after: Callable[[Monde, Any, int], Story] | None = None,
    **more: Any,
) -> Story:
    """Conforming lane: the decision comes the day after; then what the pharmacy does of it."""
    yield on(ago, 9)
    dossier = acts.write(m, patient(**more), cadre, jours=jours)
    yield on(ago, 9, 30)
    acts.submit(m, dossier)
    yield on(ago, 15)
    dossier = acts.transmit(m, dossier, quantite=str(jours))
    yield on(ago - 1, 10)
    aac = acts.grant(m, dossier, jours=jours, quantite=str(jours), wait=wait)
    if after is not None:
        yield from after(m, aac, ago - 1)


# --- The whole ----------------------------------------------------------------------------


def stories(chu: Monde, clinique: Monde, nord: Monde, cadres: list[Cadre]) -> list[Story]:
    """Every story of the demonstration, in any order."""

    def c(rank: int) -> Cadre:
        return cadres[rank % len(cadres)]

    adjoint = chu.hopital[Role.INTERNE]
    ended = today().replace(day=1) - timedelta(days=1)
    month_end = (today() - ended).days
    return [
        priced(
            chu,
            cadres[:-1] or cadres,
            ["392.00", "188.30", "46.50", "12.75", "61.20", "58.90"],
            250,
        ),
        draft(chu, c(0), 0),
        draft(chu, c(3), 2, complete=False),
        draft(chu, c(2), 4, by=adjoint),
        waiting_at_pui(chu, c(0), 1),
        waiting_at_pui(chu, c(4), 0, urgent=True),
        returned(chu, c(3), 3),
        transmitted(chu, c(1), 2),
        transmitted(chu, c(0), 1, criteres=True),
        transmitted(chu, c(2), 1, criteres=True, urgent=True),
        under_review(chu, c(4), 6),
        under_review(chu, c(3), 5, proposition="FAVORABLE"),
        complement(chu, c(0), 7),
        complement(chu, c(4), 9, answered=True),
        refused(chu, c(2), 40),
        closed(chu, c(3), 60),
        withdrawn(chu, c(4), 25),
        granted(chu, c(0), 100, jours=60),
        granted(chu, c(1), 120, jours=127, after=staying(100, 98, 96)),
        granted(
            chu, c(0), 95, jours=180, after=staying(month_end + 12, month_end + 9, month_end + 6)
        ),
        granted(
            chu, c(3), 80, jours=120, after=staying(month_end + 8, month_end + 6, month_end + 4)
        ),
        granted(chu, c(2), 45, jours=90, after=staying(12, 9, 7)),
        granted(chu, cadres[-1], 30, jours=180, after=staying(10, 8, 5)),
        granted(chu, c(0), 20, jours=365, after=staying(4, 2, None)),
        granted(chu, c(4), 15, after=dispensed),
        granted(chu, c(3), 14, after=retroceded),
        granted(chu, c(2), 8, after=partly_received),
        granted(chu, c(1), 6, after=ordered),
        granted(chu, c(0), 3),
        granted(chu, c(4), 2, wait=10),
        granted(clinique, c(0), 30, after=staying(15, 13, 11)),
        waiting_at_pui(clinique, c(3), 1),
        under_review(clinique, c(2), 4),
        granted(nord, c(1), 40, jours=45),
        transmitted(nord, c(0), 1),
        draft(nord, c(4), 1),
        prepared(chu),
    ]
