"""The period of a sending: cumulative from 1 January to the end of month M (M1…M12)."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, order=True)
class Periode:
    annee: int
    mois: int

    def __post_init__(self) -> None:
        if not 1 <= self.mois <= 12:
            raise ValueError("Le mois va de 1 à 12.")
        if not 2000 <= self.annee <= 2999:
            raise ValueError("L'année va de 2000 à 2999.")

    @property
    def premier_jour(self) -> date:
        """1 January: a sending is cumulative, it replaces the last one (DRUIDES guide 2023)."""
        return date(self.annee, 1, 1)

    @property
    def dernier_jour(self) -> date:
        return date(self.annee, self.mois, monthrange(self.annee, self.mois)[1])

    @property
    def debut_mois(self) -> date:
        return date(self.annee, self.mois, 1)

    def holds(self, sortie: date | None) -> bool:
        """Whether a stay discharged that day belongs to this sending."""
        return sortie is not None and self.premier_jour <= sortie <= self.dernier_jour


def is_format_in_force(periode: Periode) -> bool:
    """The 105-position AP-AC record is valid from M3 2022 (ATIH formats MCO 2022)."""
    return periode >= Periode(2022, 3)
