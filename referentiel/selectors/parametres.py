"""The table of the dated parameters: in force, from when, from which source, what comes next."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from referentiel.models import Parametre, Publication
from referentiel.parametres import INITIAUX
from referentiel.states import NaturePublication, StatutPublication


@dataclass(frozen=True)
class Valeur:
    """One value of a parameter, from a day on."""

    valeur: str
    debut: date
    source: str

    @property
    def lue(self) -> str:
        """As people read it: « 0,005 », « 90, 45, 15 »."""
        return self.valeur.replace(",", ", ").replace(".", ",")


@dataclass(frozen=True)
class LigneParametre:
    """One parameter: its value in force, those before, those to come, proposals that wait."""

    code: str
    libelle: str
    en_vigueur: Valeur
    suivantes: list[Valeur]
    passees: list[Valeur]
    en_attente: int


def table(on: date) -> list[LigneParametre]:
    """Every parameter on a day, in the order they ship (two queries)."""
    dated = defaultdict(list)
    for row in Parametre.objects.order_by("debut"):
        dated[row.code].append(Valeur(row.valeur, row.debut, row.source))
    waiting = Publication.objects.filter(
        nature=NaturePublication.PARAMETRE, statut=StatutPublication.PROPOSEE
    ).values_list("valeurs", flat=True)
    asked = [values.get("code") for values in waiting]
    lines = []
    for p in INITIAUX:
        values = sorted(
            [Valeur(p.valeur, p.debut, p.source), *dated[p.code]], key=lambda v: v.debut
        )
        begun = [value for value in values if value.debut <= on] or values[:1]
        lines.append(
            LigneParametre(
                code=p.code,
                libelle=p.libelle,
                en_vigueur=begun[-1],
                suivantes=[value for value in values if value.debut > on],
                passees=begun[:-1],
                en_attente=asked.count(p.code),
            )
        )
    return lines


def known(code: str, on: date) -> LigneParametre | None:
    """One parameter by its code; None when there is none."""
    return next((line for line in table(on) if line.code == code), None)
