"""What the controls look at, and what they answer."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from billing.rules.indication import CodeOuvert
from billing.rules.periode import Periode

TYPE_PRESTATION = "09"


class PorteeControle(StrEnum):
    BLOQUANT = "bloquant"
    ATTENTE = "attente"
    EXCLUSION = "exclusion"
    AVERTISSEMENT = "avertissement"


@dataclass(frozen=True)
class Blocage:
    """One reason why a line waits, is left out or deserves a look, and the control it prevents."""

    code: str
    druides: str
    message: str
    field: str = ""
    gravite: PorteeControle = PorteeControle.BLOQUANT

    def as_json(self) -> dict[str, str]:
        return {
            "code": self.code,
            "druides": self.druides,
            "message": self.message,
            "champ": self.field,
            "gravite": self.gravite.value,
        }


@dataclass(frozen=True)
class Faits:
    """Everything the controls of one line look at."""

    periode: Periode
    finess: str
    sejour: str
    entree: date
    sortie: date | None
    jour: date
    ucd7: str
    ucd_connu: bool
    ucd_en_attente: bool
    nombre: Decimal
    prix_unitaire: Decimal | None
    montant: Decimal | None
    code_indication: str
    codes: tuple[CodeOuvert, ...]
    droits_non_couverts: tuple[str, ...] = ()
    validation: str = ""
    validations_contraires: bool = False
    inclure_zero: bool = False
    doublon: bool = False


def french_date(jour: date) -> str:
    """« 28/02/2025 », as in the messages of the controls."""
    return f"{jour:%d/%m/%Y}"
