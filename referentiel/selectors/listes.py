"""How old each list is: the last release applied, its age, and when that is too much."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from engine import clocks
from referentiel.models import ImportRejet, ImportRun, RevueImport
from referentiel.parametres import en_vigueur
from referentiel.states import SourceImport, StatutImport, StatutRevue

PARAMETRE = "liste.age_max_jours"
# A closed history: no newer release will come.
SANS_AGE = frozenset({SourceImport.LISTE})


@dataclass(frozen=True)
class EtatListe:
    """One list: what was applied last, and since when."""

    nom: str
    lien: str
    run: ImportRun | None = None
    date: date | None = None
    age: str = ""
    perimee: bool = False
    limite: int = 0


def etat_listes(today: date, sources: Iterable[str]) -> list[EtatListe]:
    """Every source, then every other list known by name: a constant number of queries."""
    values = en_vigueur(today)
    last: dict[str, ImportRun] = {}
    applied = ImportRun.objects.filter(statut=StatutImport.APPLIQUE).order_by("commence_le")
    for run in applied.only("source", "version", "commence_le", "fichier", "lues"):
        last[run.source] = run
    found = [
        _etat(source, source.label, f"?source={source}", last.get(source), today, values)
        for source in map(SourceImport, sources)
    ]
    return found + _named_lists(today, values)


def _named_lists(today: date, values: Mapping[str, str]) -> list[EtatListe]:
    """The last run of each mapping."""
    last: dict[UUID, RevueImport] = {}
    rows = RevueImport.objects.filter(
        statut=StatutRevue.APPLIQUEE, correspondance__isnull=False
    ).select_related("correspondance", "import_run")
    for revue in rows.order_by("depose_le"):
        if revue.correspondance_id is not None:
            last[revue.correspondance_id] = revue
    found = []
    for revue in last.values():
        name = revue.correspondance.nom if revue.correspondance else ""
        link = f"?source={SourceImport.LISTE}"
        found.append(_etat(SourceImport.LISTE, name, link, revue.import_run, today, values))
    return sorted(found, key=lambda etat: etat.nom)


def _etat(
    source: SourceImport,
    nom: str,
    lien: str,
    run: ImportRun | None,
    today: date,
    values: Mapping[str, str],
) -> EtatListe:
    """One line of the page."""
    if run is None:
        return EtatListe(nom, lien)
    day = released(run)
    days = (today - day).days
    limit = 0 if source in SANS_AGE else max_age(source, values)
    return EtatListe(nom, lien, run, day, age_in_words(days), bool(limit) and days > limit, limit)


def max_age(source: SourceImport, values: Mapping[str, str]) -> int:
    """The limit of a source, else that of all lists (dated parameters)."""
    return int(values.get(f"{PARAMETRE}.{source}") or values.get(PARAMETRE) or 0)


def released(run: ImportRun) -> date:
    """The month its version announces, else the day it was applied."""
    applied = clocks.local(run.commence_le).date()
    year, _, month = run.version.partition("-")
    try:
        named = date(int(year), int(month or 12), 1)
    except ValueError:
        return applied
    return min(named, applied)


def age_in_words(days: int) -> str:
    """How long ago, as people say it."""
    if days < 1:
        return "aujourd'hui"
    if days < 60:
        return f"{days} jour{'s' if days > 1 else ''}"
    months = days * 12 // 365
    if months < 24:
        return f"{months} mois"
    return f"{days // 365} ans"


def refused_rows(run: ImportRun) -> list[dict[str, object]]:
    """The rows an import set aside."""
    rows = ImportRejet.objects.filter(import_run=run).order_by("fichier", "ligne")
    names = ("fichier", "ligne", "colonne", "raison", "contenu")
    return [dict(zip(names, values, strict=True)) for values in rows.values_list(*names)]
