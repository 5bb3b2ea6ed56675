"""The dates of a stay: what happened, in years when the files of today already existed."""

from __future__ import annotations

from datetime import date, timedelta

FIRST_YEAR = 2000
SORTIE_PLAUSIBLE = timedelta(days=366)


def stay_faults(entree: date, sortie: date | None, on: date) -> list[tuple[str, str]]:
    """What is wrong with the dates of a stay recorded on a day: column, sentence."""
    found = []
    if entree > on:
        found.append(("entree", "l'entrée est dans le futur."))
    if entree.year < FIRST_YEAR:
        found.append(("entree", "relisez l'année de l'entrée."))
    if sortie is not None and sortie - on > SORTIE_PLAUSIBLE:
        found.append(("sortie", "relisez l'année de la sortie."))
    return found
