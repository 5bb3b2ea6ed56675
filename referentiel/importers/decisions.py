"""The decisions of the HAS and the ANSM shipped with Placet, read one by one on public pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from referentiel.importers.shipped import DATA, shipped_rows

DECISIONS = DATA / "decisions.csv"


@dataclass(frozen=True)
class LigneDecision:
    """One event of one product, with the page it was read on."""

    id: str
    cadre: str
    evenement: str
    jour: date | None
    publication: date | None
    numero: str
    specialites: str
    indication: str
    duree: str
    codes: tuple[str, ...]
    source_url: str
    nature: str
    remarque: str

    @property
    def datee(self) -> date | None:
        """The day of the decision, else of its publication."""
        return self.jour or self.publication


def load_decisions_file() -> list[LigneDecision]:
    """Every shipped decision, oldest first; one without any date comes last."""
    rows = [_line(row) for row in shipped_rows(DECISIONS)]
    return sorted(rows, key=lambda row: (row.datee or date.max, row.id))


def _line(row: dict[str, str]) -> LigneDecision:
    return LigneDecision(
        id=row["id"],
        cadre=row["cadre"],
        evenement=row["evenement"],
        jour=_day(row["date_decision"]),
        publication=_day(row["date_publication"]),
        numero=row["numero"],
        specialites=row["specialites"],
        indication=row["indication_resumee"],
        duree=row["duree"],
        codes=tuple(code for code in row["codes_indication"].split("|") if code),
        source_url=row["source_url"],
        nature=row["source_nature"],
        remarque=row["remarque"],
    )


def _day(text: str) -> date | None:
    """A day; a month alone is taken at its first day, its remark says so."""
    if not text:
        return None
    return date.fromisoformat(text if len(text) == 10 else f"{text}-01")
