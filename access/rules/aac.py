"""The authorisation itself: when it begins and ends, which days it covers (CSP, R. 5121-74-3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from access.states import AacState
from engine.steps import Blocker, blocked_if
from referentiel.formats.french import write_within

# In these states an authorisation gives no right (CSP, R. 5121-74-8; stop or replacement).
STOPPED = frozenset(
    {AacState.SUSPENDUE, AacState.ARRETEE, AacState.REMPLACEE, AacState.RETIREE_ANSM}
)


@dataclass(frozen=True)
class Passage:
    """A state an authorisation took, and the day it took it."""

    jour: date
    state: str


@dataclass(frozen=True)
class Droit:
    """What an authorisation gives: its dates, its state, the states it went through."""

    state: str
    debut: date
    fin: date
    passages: tuple[Passage, ...] = ()

    @property
    def told(self) -> tuple[Passage, ...]:
        """The states gone through; a state that no act tells is taken to have always been."""
        if self.passages and self.passages[-1].state == self.state:
            return self.passages
        return (Passage(self.debut, self.state),)

    @property
    def since(self) -> date:
        """The day it took its present state."""
        return self.told[-1].jour

    def state_on(self, day: date) -> str:
        """The state in which the acts of a day left it."""
        return next((p.state for p in reversed(self.told) if p.jour <= day), self.told[0].state)


@dataclass(frozen=True)
class FaitsAac:
    """What the rules of an authorisation know on one day."""

    jour: date
    droit: Droit
    quantite_max: Decimal | None = None
    quantite_dispensee: Decimal = Decimal(0)


def covers(droit: Droit, day: date) -> bool:
    """True when an authorisation gives the right to dispense on a day: dated, not stopped.

    A suspension or an end takes away its own day and those after it, never the days before; once
    a suspension is lifted, its days stay without right (R. 5121-74-8).
    """
    return droit.debut <= day <= droit.fin and droit.state_on(day) not in STOPPED


def last_covered(droit: Droit, until: date) -> date | None:
    """The latest day covered, not after `until`; None when there is none."""
    day = min(until, droit.fin)
    while day >= droit.debut and not covers(droit, day):
        day -= timedelta(days=1)
    return day if day >= droit.debut else None


def cover_blockers(droit: Droit, day: date) -> list[Blocker]:
    """Why an authorisation does not cover a day of dispensing."""
    if covers(droit, day):
        return []
    if day < droit.debut:
        sentence = f"L'autorisation commence le {droit.debut:%d/%m/%Y}."
        return [Blocker("AAC_A_VENIR", sentence, "jour")]
    if droit.state in STOPPED and day >= droit.since:
        return [_stopped(droit)]
    if day > droit.fin:
        sentence = f"L'autorisation a pris fin le {droit.fin:%d/%m/%Y}."
        return [Blocker("AAC_EXPIREE", sentence, "jour")]
    return [Blocker("AAC_SUSPENDUE", "L'autorisation était suspendue ce jour-là.", "jour")]


def _stopped(droit: Droit) -> Blocker:
    """« L'autorisation est suspendue depuis le 12/03/2026 »."""
    label = write_within(AacState(droit.state).label)
    told = f" depuis le {droit.since:%d/%m/%Y}" if droit.since > droit.debut else ""
    code = "AAC_SUSPENDUE" if droit.state == AacState.SUSPENDUE else "AAC_TERMINEE"
    return Blocker(code, f"L'autorisation est {label}{told}.", "titre")


def begin_blockers(f: FaitsAac) -> list[Blocker]:
    """An authorisation begins on its first day."""
    debut = f.droit.debut
    return blocked_if(f.jour < debut, "PAS_COMMENCEE", f"Elle commence le {debut:%d/%m/%Y}.", "")


def expiry_blockers(f: FaitsAac) -> list[Blocker]:
    """An authorisation lives to 23:59, Paris, on its last day."""
    fin = f.droit.fin
    return blocked_if(f.jour <= fin, "PAS_FINIE", f"Elle vit jusqu'au {fin:%d/%m/%Y}.", "")
