"""Until which day a cadre lets a patient enter, by its status alone; its dates are judged apart.

A status is today's. The day it closed the cadre is kept beside it, so that what was dispensed or
administered before keeps the right it had (CSP, R. 5121-74-9, R. 5121-76-10).
"""

from __future__ import annotations

from datetime import date

from referentiel.states import STATUTS_OUVERTS, STATUTS_SANS_DROIT


def is_closed_by_status(statut: str, ferme_depuis: date | None, on: date) -> bool:
    """Whether a status lets nobody enter on a day; one that closed on no known day never did."""
    if statut in STATUTS_OUVERTS:
        return False
    return ferme_depuis is None or ferme_depuis <= on


def closed_since(before: str, after: str, known: date | None, since: date) -> date | None:
    """The first day a cadre is closed by its new status, when it was open until then.

    From one closing status to another the first day stands; what was never granted has none.
    """
    if after in STATUTS_OUVERTS or after in STATUTS_SANS_DROIT:
        return None
    return since if before in STATUTS_OUVERTS else known
