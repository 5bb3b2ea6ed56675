"""What each source says of the pairs of a list: the letter, the corrections, persons, the LES."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from referentiel.importers.atih import LigneAtih
from referentiel.importers.decisions import load_decisions_file
from referentiel.importers.shipped import sync_corrections
from referentiel.models import CodeIndication, CodeUcd, Correction, LigneLes, Specialite
from referentiel.rules import codes
from referentiel.rules.decisions import FERMANTES, status_of, title_of
from referentiel.states import TypeCadre

LES_NAME = "Liste en sus"
# What the comparison reads of a pair and of a line of the liste en sus; the rest stays there.
READ = (
    *("code", "libelle", "debut", "fin", "cadre_type", "saisi", "champs_saisis"),
    *("absente_version", "specialite__ucd7", "cadre__champs_saisis"),
)
READ_LES = ("ucd7", "code", "debut", "fin", "inscrite", "absente_version")


@dataclass
class Sources:
    """Everything the comparison reads, gathered in a constant number of queries."""

    stored: dict[tuple[str, str], CodeIndication]
    specialites: dict[str, str]
    ucds: dict[str, str]
    ucds_known: bool
    corrections: dict[tuple[str, str], Correction]
    les: dict[tuple[str, str], list[LigneLes]]
    closings: dict[str, tuple[str, date]]

    def label_of(self, ucd7: str) -> str:
        """The name the register, else the official table, gives to a UCD."""
        return self.specialites.get(ucd7) or self.ucds.get(ucd7, "")

    def framework_of(self, row: LigneAtih) -> TypeCadre:
        """The letter, then what the list says, then the corrections laid over both."""
        correction = self.corrections.get((row.ucd7, row.code))
        if correction is not None:
            return TypeCadre(correction.framework)
        told: TypeCadre | None = getattr(row, "cadre", None)
        return told or codes.framework_of_letter(row.code) or TypeCadre.AAC

    def said(
        self,
        row: LigneAtih,
        changed: set[str],
        stored: CodeIndication | None,
        typed: set[str],
        liste: str,
    ) -> tuple[list[dict[str, str]], bool]:
        """What each source says side by side, and whether one of them disagrees."""
        found = []
        frameworks = self._frameworks(row, liste) if "cadre" in changed else []
        disagree = len({text for _, text in frameworks}) > 1
        if disagree:
            found += frameworks
        for line in self.les.get((row.ucd7, row.code), []):
            differing = [
                name
                for name in ("debut", "fin")
                if name in changed
                and getattr(line, name) is not None
                and getattr(line, name) != getattr(row, name)
            ]
            if differing:
                disagree = True
                found.append((LES_NAME, period(line.debut, line.fin)))
        closing = self.closings.get(row.code) if "fin" in changed else None
        if closing is not None and closing[1] != row.fin:
            disagree = True
            found.append(("Décision publiée", f"{closing[0]} le {closing[1]:%d/%m/%Y}"))
        if found or typed:
            found.insert(0, (liste, f"{self.framework_of(row)}, {period(row.debut, row.fin)}"))
        for name in sorted(typed):
            found.append(("Saisi par une personne", f"{LABELS[name]} : {shown(stored, name)}"))
        return [{"source": source, "dit": text} for source, text in found], disagree

    def _frameworks(self, row: LigneAtih, liste: str) -> list[tuple[str, str]]:
        """Who says which framework."""
        found = []
        letter = codes.framework_of_letter(row.code)
        if letter:
            found.append(("Première lettre du code", letter.value))
        told: TypeCadre | None = getattr(row, "cadre", None)
        if told:
            found.append((liste, told.value))
        correction = self.corrections.get((row.ucd7, row.code))
        if correction is not None:
            found.append(("Table des corrections", correction.framework))
        return found

    def les_open(self, ucd7: str, code: str) -> dict[str, str] | None:
        """What the liste en sus says of a pair it still holds as open."""
        for line in self.les.get((ucd7, code), []):
            if line.inscrite and line.fin is None and not line.absente_version:
                return {"source": LES_NAME, "dit": period(line.debut, line.fin)}
        return None


LABELS = {"libelle": "libellé", "debut": "début", "fin": "fin", "cadre": "cadre"}


def shown(stored: CodeIndication | None, name: str) -> str:
    """The value of a field as it stands."""
    if stored is None:
        return ""
    value = stored.cadre_type if name == "cadre" else getattr(stored, name)
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value or "vide")


def period(debut: date | None, fin: date | None) -> str:
    """A period in words."""
    start = f"depuis le {debut:%d/%m/%Y}" if debut else "sans date de début"
    return f"{start}, jusqu'au {fin:%d/%m/%Y}" if fin else f"{start}, ouvert"


def published_closings() -> dict[str, tuple[str, date]]:
    """By code, the last shipped decision when it is one after which nobody enters."""
    found: dict[str, tuple[str, date]] = {}
    for row in load_decisions_file():
        statut = status_of(row.cadre, row.evenement, row.nature)
        if statut is None or row.datee is None:
            continue
        for code in row.codes:
            if statut in FERMANTES:
                found[code] = (title_of(row.cadre, row.evenement), row.datee)
            else:
                found.pop(code, None)
    return found


def gather(rows: Sequence[LigneAtih]) -> Sources:
    """Read what is stored about all pairs, and what the other tables say of these."""
    wanted = {row.ucd7 for row in rows}
    stored = {
        (pair.specialite.ucd7 or "", pair.code): pair
        for pair in CodeIndication.objects.select_related("specialite", "cadre").only(*READ)
    }
    les: dict[tuple[str, str], list[LigneLes]] = defaultdict(list)
    for line in LigneLes.objects.only(*READ_LES):
        les[line.ucd7, line.code].append(line)
    return Sources(
        stored=stored,
        specialites={
            ucd7: label for ucd7, label in Specialite.objects.values_list("ucd7", "libelle") if ucd7
        },
        ucds={
            ucd7: label
            for ucd7, label in CodeUcd.objects.values_list("ucd7", "libelle")
            if ucd7 in wanted
        },
        ucds_known=CodeUcd.objects.exists(),
        corrections=sync_corrections(save=False),
        les=les,
        closings=published_closings(),
    )
