"""ATIH, liste en sus: its indications, and the listing, price and removal events of its UCD.

An indication may stand several times for one UCD and start, under several wordings; three codes
(`I999997` to `I999999`) have no product. Prices have a decimal point here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from referentiel.importers import completions, tables
from referentiel.importers.base import Lot
from referentiel.importers.completions import Mentions
from referentiel.importers.differences import Bilan, ListDifference
from referentiel.importers.values import (
    RowError,
    indication_in,
    iso_date,
    point_price,
    short,
    ucd_in,
    ucd_pair,
)
from referentiel.models import ImportRun, LigneLes, PrixUcd
from referentiel.rules import codes
from referentiel.states import SourceImport

INDICATIONS, EVENEMENTS = "indications", "evenements"
UNUSABLE_HOLDER = "NE PAS UTILISER "
_INSCRITE = {"true": True, "false": False, "": True}


@dataclass(frozen=True)
class LigneIndication:
    ucd7: str
    code: str
    libelle: str
    specialite: str
    dci: str
    laboratoire: str
    inscrite: bool
    debut: date | None
    fin: date | None
    brut: dict[str, str] = field(hash=False)


@dataclass(frozen=True)
class LigneEvenement:
    ucd7: str
    nature: str
    debut: date | None
    publie: date | None
    prix_ht: Decimal | None
    prix_ttc: Decimal | None
    dci: str
    atc: str


def typed_indication(cells: dict[str, str]) -> LigneIndication:
    """One indication; the generic codes have no product."""
    code = cells["indication"].strip()
    if not codes.has_indication_form(code):
        raise RowError("indication", f"« {code[:40]} » n'est pas un code d'indication.")
    ucd7 = "" if code in codes.LES_GENERIC_CODES and not cells["ucd_7"].strip() else ucd_pair(cells)
    inscrite = cells["inscription_liste_en_sus"].strip().lower()
    if inscrite not in _INSCRITE:
        raise RowError("inscription_liste_en_sus", f"« {inscrite[:40]} » au lieu de true ou false.")
    debut = iso_date("date_debut", cells["date_debut"])
    fin = iso_date("date_fin", cells["date_fin"])
    if debut and fin and fin < debut:
        raise RowError("date_fin", f"La fin ({fin}) précède le début ({debut}).")
    laboratoire = short("laboratoire", cells["laboratoire"], 200)
    return LigneIndication(
        ucd7,
        code,
        cells["indication_libelle"].strip(),
        short("specialite", cells["specialite"], 300),
        short(
            "denomination_commune_internationale",
            cells["denomination_commune_internationale"],
            300,
        ),
        laboratoire.removeprefix(UNUSABLE_HOLDER),
        _INSCRITE[inscrite],
        debut,
        fin,
        {
            name: cells[name]
            for name in ("laboratoire", "classe_indication_1", "classe_indication_2")
            if cells.get(name)
        },
    )


def typed_evenement(cells: dict[str, str]) -> LigneEvenement:
    """One event of a UCD: listing, price, removal… its nature may be missing."""
    return LigneEvenement(
        ucd_pair(cells),
        short("evenement", cells["evenement"], 80),
        iso_date("date_effet", cells["date_effet"]),
        iso_date("date_publication", cells["date_publication"]),
        point_price("prix_ht", cells["prix_ht"]),
        point_price("prix_ttc", cells["prix_ttc"]),
        cells["denomination_commune_internationale"].strip()[:300],
        cells["atc"].strip()[:10],
    )


GENRES = {
    INDICATIONS: tables.Genre(
        (
            "indication",
            "indication_libelle",
            "ucd_7",
            "ucd_13",
            "specialite",
            "denomination_commune_internationale",
            "laboratoire",
            "inscription_liste_en_sus",
            "date_debut",
            "date_fin",
        ),
        typed_indication,
        marks=(ucd_in, indication_in),
    ),
    EVENEMENTS: tables.Genre(
        (
            "ucd_7",
            "ucd_13",
            "denomination_commune_internationale",
            "atc",
            "evenement",
            "prix_ht",
            "prix_ttc",
            "date_publication",
            "date_effet",
        ),
        typed_evenement,
    ),
}


def parse(path: Path) -> Lot:
    """Read the indications, the events, or the folder that holds both."""
    what = "la liste en sus (indications ou événements)"
    return tables.parse(path, SourceImport.LES, GENRES, what)


def apply(lot: Lot, run: ImportRun, version: str) -> Bilan:
    """Write what the lot holds, then complete the mentions that no other source gave."""
    bilan = Bilan()
    if INDICATIONS in lot.lignes:
        bilan += apply_indications(lot, run, version)
    if EVENEMENTS in lot.lignes:
        bilan += apply_evenements(lot, run, version)
    bilan.ecarts += completions.complete(mentions_of(lot), f"ATIH, liste en sus {version}", run)
    return bilan


def apply_indications(lot: Lot, run: ImportRun, version: str) -> Bilan:
    """One row per UCD, code, start and rank among the wordings of these."""
    ranks: Counter[tuple[str, str, date | None]] = Counter()
    stored: dict[str, LigneLes] = {}
    for known in LigneLes.objects.all():
        rank = known.brut.get("rang", 1)
        stored[f"{known.ucd7}/{known.code}/{known.debut or ''}/{rank}"] = known
    difference = ListDifference(LigneLes, stored, run=run)
    rows: list[LigneIndication] = lot.lignes[INDICATIONS]
    for row in rows:
        key = (row.ucd7, row.code, row.debut)
        ranks[key] += 1
        identity = f"{row.ucd7}/{row.code}/{row.debut or ''}/{ranks[key]}"
        difference.put_row(
            identity,
            {
                "libelle": row.libelle,
                "specialite": row.specialite,
                "dci": row.dci,
                "laboratoire": row.laboratoire,
                "inscrite": row.inscrite,
                "fin": row.fin,
                "brut": row.brut | {"rang": ranks[key]},
            },
            ucd7=row.ucd7,
            code=row.code,
            debut=row.debut,
        )
    return difference.finish(version, lot.held(INDICATIONS))


def apply_evenements(lot: Lot, run: ImportRun, version: str) -> Bilan:
    """One row per UCD, nature, day of effect and day of publication; exact copies count once."""
    known_prices = PrixUcd.objects.filter(source=SourceImport.LES)
    stored = {
        event_key(p.ucd7, p.nature, p.debut, p.brut.get("publie", "")): p for p in known_prices
    }
    difference = ListDifference(PrixUcd, stored, run=run)
    rows: list[LigneEvenement] = lot.lignes[EVENEMENTS]
    once = dict.fromkeys(rows)
    lot.regroupees += len(rows) - len(once)
    for row in once:
        published = row.publie.isoformat() if row.publie else ""
        identity = event_key(row.ucd7, row.nature, row.debut, published)
        difference.put_row(
            identity,
            {"prix_ht": row.prix_ht, "prix_ttc": row.prix_ttc},
            ucd7=row.ucd7,
            nature=row.nature,
            debut=row.debut,
            source=SourceImport.LES.value,
            brut={"publie": published, "dci": row.dci, "atc": row.atc},
        )
    return difference.finish(version, lot.held(EVENEMENTS))


def event_key(ucd7: str, nature: str, debut: date | None, published: str) -> str:
    """What an event is known by: all but its prices."""
    return f"{ucd7}/{nature}/{debut or ''}/{published}"


def mentions_of(lot: Lot) -> dict[str, Mentions]:
    """What the liste en sus says of each UCD, where it says one thing only."""
    found = completions.Recueil()
    for row in lot.lignes.get(INDICATIONS, []):
        found.add(row.ucd7, dci=row.dci, laboratoire=row.laboratoire)
    for row in lot.lignes.get(EVENEMENTS, []):
        found.add(row.ucd7, dci=row.dci, atc=row.atc)
    return found.single()
