"""Stays and administrations pasted as text, one per line, from the hospital's own software.

`numero_sejour;entree;sortie;dispensation;date;quantite[;perte]`, separated by semicolons or tabs.
Every fault of the text is listed; nothing is guessed.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

COLUMNS = ("numero_sejour", "entree", "sortie", "dispensation", "date", "quantite", "perte")
LABELS = {
    "numero_sejour": "N° de séjour",
    "entree": "entrée",
    "sortie": "sortie",
    "dispensation": "dispensation",
    "date": "date d'administration",
    "quantite": "quantité",
    "perte": "perte",
}
MAX_LINES = 5000
NUMERO = re.compile(r"[A-Z0-9](?:[A-Z0-9 ]{0,18}[A-Z0-9])?", re.ASCII)
"""What the 20 positions of the stay number may hold (A*: capitals, digits, inner spaces)."""
NUMBER = re.compile(r"[0-9]{1,7}(?:[.,][0-9]{1,3})?", re.ASCII)
FRENCH_DATE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", re.ASCII)
ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)


@dataclass(frozen=True)
class LigneSaisie:
    """One administration as typed, its line in the text kept for the messages."""

    ligne: int
    numero_sejour: str
    entree: date
    sortie: date | None
    dispensation: str
    jour: date
    quantite: Decimal
    perte: Decimal


@dataclass(frozen=True)
class Faute:
    """One thing wrong in the text: where and what to correct."""

    ligne: int
    colonne: str
    message: str

    def __str__(self) -> str:
        where = f", {LABELS[self.colonne]}" if self.colonne in LABELS else ""
        return f"Ligne {self.ligne}{where}\u00a0: {self.message}"


def parse(text: str) -> tuple[list[LigneSaisie], list[Faute]]:
    """The administrations of the text, and every fault found in it."""
    rows: list[LigneSaisie] = []
    fautes: list[Faute] = []
    lines = text.removeprefix("\ufeff").splitlines()
    if len(lines) > MAX_LINES:
        return [], [Faute(MAX_LINES + 1, "", f"pas plus de {MAX_LINES} lignes à la fois.")]
    for number, line in enumerate(lines, start=1):
        if not line.strip() or (number == 1 and _is_header(line)):
            continue
        row, found = _parse_line(number, line)
        fautes += found
        if row is not None:
            rows.append(row)
    if not rows and not fautes:
        fautes.append(Faute(1, "", "aucune administration dans le texte."))
    return rows, fautes + _stay_conflicts(rows)


def parse_date(text: str) -> date | None:
    """A day written 31/03/2025 or 2025-03-31, None when it is neither."""
    if found := FRENCH_DATE.fullmatch(text):
        day, month, year = map(int, found.groups())
    elif found := ISO_DATE.fullmatch(text):
        year, month, day = map(int, found.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _is_header(line: str) -> bool:
    return line.strip().lower().startswith(("numero_sejour", "n° de séjour", "numéro"))


def _parse_line(number: int, line: str) -> tuple[LigneSaisie | None, list[Faute]]:
    cells = [cell.strip() for cell in re.split(r"[;\t]", line)]
    if not 6 <= len(cells) <= 7:
        return None, [
            Faute(
                number,
                "",
                f"{len(cells)} colonnes au lieu de 6 ou 7, séparées par «\u00a0;\u00a0».",
            )
        ]
    values = dict(zip(COLUMNS, [*cells, "0"], strict=False))
    fautes: list[Faute] = []

    def fault(column: str, message: str) -> None:
        fautes.append(Faute(number, column, message))

    def day(column: str) -> date | None:
        found = parse_date(values[column])
        if found is None:
            fault(column, f"«\u00a0{values[column]}\u00a0» n'est pas une date (JJ/MM/AAAA).")
        return found

    def amount(column: str) -> Decimal | None:
        if not NUMBER.fullmatch(values[column]):
            fault(
                column,
                f"«\u00a0{values[column]}\u00a0» n'est pas un nombre à 3 décimales au plus.",
            )
            return None
        return Decimal(values[column].replace(",", "."))

    numero = values["numero_sejour"].upper()
    if not NUMERO.fullmatch(numero):
        fault("numero_sejour", "20 caractères au plus, lettres sans accent, chiffres ou espaces.")
    entree, jour = day("entree"), day("date")
    sortie = day("sortie") if values["sortie"] else None
    quantite = amount("quantite")
    perte = amount("perte") if values["perte"] else Decimal(0)
    if entree and sortie and sortie < entree:
        fault("sortie", "la sortie précède l'entrée.")
    if fautes or entree is None or jour is None or quantite is None or perte is None:
        return None, fautes
    return (
        LigneSaisie(number, numero, entree, sortie, values["dispensation"], jour, quantite, perte),
        [],
    )


def _stay_conflicts(rows: list[LigneSaisie]) -> list[Faute]:
    """A stay has one entry and one discharge: lines that contradict the first one are faults."""
    first: dict[str, LigneSaisie] = {}
    fautes = []
    for row in rows:
        known = first.setdefault(row.numero_sejour, row)
        if (row.entree, row.sortie) != (known.entree, known.sortie):
            fautes.append(
                Faute(
                    row.ligne,
                    "entree",
                    f"le séjour {row.numero_sejour} a d'autres dates à la ligne {known.ligne}.",
                )
            )
    return fautes
