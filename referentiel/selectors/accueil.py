"""What the public home page tells of the register: news, last changes, age of the lists."""

from __future__ import annotations

from datetime import date

from referentiel.models import Changement, Nouvelle
from referentiel.selectors.changes import changes
from referentiel.selectors.listes import EtatListe, etat_listes
from referentiel.states import SourceImport

NEWS, CHANGES = 4, 6
# The lists a reader of the register depends on; the others only complete them.
LISTES = (SourceImport.ATIH, SourceImport.LES, SourceImport.BDPM)


def news(on: date) -> list[Nouvelle]:
    """The last news dated up to a day."""
    return list(Nouvelle.objects.filter(le__lte=on)[:NEWS])


def last_changes() -> list[Changement]:
    """The last lines of the public log."""
    return list(changes()[:CHANGES])


def lists(on: date) -> list[EtatListe]:
    """The lists the register is made from, those that were imported, with their age."""
    return [etat for etat in etat_listes(on, LISTES) if etat.run is not None]
