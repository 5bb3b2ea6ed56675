"""The compact public data shipped with Placet: rebuilt from original files, loaded by importers."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
from collections.abc import Callable, Iterator
from pathlib import Path

from referentiel.importers import bdpm as bdpm_files
from referentiel.importers import bdpm_suites as suites
from referentiel.importers import reading
from referentiel.importers.refusals import ImportRefuse
from referentiel.importers.shipped import COMPLEMENTS, CORRECTIONS, DATA
from referentiel.models import Produit
from referentiel.rules.decisions import PRIMAIRE, STATUTS
from referentiel.services.anciennes import keep_old_addresses
from referentiel.services.decisions import load_decisions
from referentiel.services.imports import PARSERS, Rapport, import_referentiel
from referentiel.states import SourceImport

SNAPSHOT = DATA / "snapshot"
MANIFEST = "MANIFEST.csv"
# Where each source stands in the snapshot; the newest file of that pattern wins.
PATTERNS = {
    SourceImport.UCD: "atih_ucd_libelle_*.csv",
    SourceImport.SAE: "sae_ID_*.csv",
    SourceImport.ATIH: "atih_ap_ac_cpc_*.csv",
    SourceImport.LES: "atih_les_indications_*.csv",
}
# The opinions of the HAS are left out for their size; a full BDPM folder brings them.
BDPM_FILES = (
    bdpm_files.CIS,
    bdpm_files.CIP,
    bdpm_files.COMPO,
    bdpm_files.CPD,
    suites.DISPO,
    suites.MITM,
    suites.GENER,
)
# References before the lists that use them.
ORDER = (
    SourceImport.UCD,
    SourceImport.SAE,
    SourceImport.BDPM,
    SourceImport.ATIH,
    SourceImport.LES,
)
BDPM_FOLDER = "bdpm"
DERIVED = "referentiel_derogatoire.csv"
COMPLEMENT_COLUMNS = (
    "ucd_7",
    "dci",
    "dci_source",
    "atc",
    "atc_source",
    "laboratoire",
    "laboratoire_source",
    "cis",
    "cis_source",
)
LETTER_LIES = "code N mais decision ANSM"
LES_RTU = "inscription RTU dans le referentiel LES"
UNUSABLE_HOLDER = "NE PAS UTILISER "

Say = Callable[[str], None]


def load_snapshot(
    say: Say, *, folder: Path = SNAPSHOT, by: str = "référentiel livré"
) -> list[Rapport]:
    """Import every file of the snapshot; those already known cost only their reading."""
    rapports = []
    filling = not Produit.objects.exists()
    for source, path in snapshot_files(folder):
        say(f"{source.label}…")
        rapport = import_referentiel(source, path, by=by, filling=filling)
        say(f"  {rapport.message}")
        rapports.append(rapport)
    if folder == SNAPSHOT and all(rapport.accepted for rapport in rapports):
        say(f"Décisions de la HAS et de l'ANSM : {load_decisions().told()}")
        keep_old_addresses()
    return rapports


def snapshot_files(folder: Path) -> Iterator[tuple[SourceImport, Path]]:
    """The files of a snapshot, references before the lists that use them."""
    for source in ORDER:
        if source == SourceImport.BDPM:
            yield source, folder / BDPM_FOLDER
            continue
        found = sorted(folder.glob(f"{PATTERNS[source]}.gz"))
        if not found:
            raise ImportRefuse(f"L'instantané ne contient pas {PATTERNS[source]}.gz.")
        yield source, found[-1]


def make_snapshot(origin: Path, say: Say, *, folder: Path = SNAPSHOT) -> None:
    """Rebuild the snapshot from a folder of original files, checked by their importers."""
    if not origin.is_dir():
        raise ImportRefuse(f"« {origin} » n'est pas un dossier.")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / BDPM_FOLDER).mkdir(exist_ok=True)
    written = []
    for source, pattern in PATTERNS.items():
        path = _newest(origin, pattern)
        lot = PARSERS[source](path)
        for old in folder.glob(f"{pattern}.gz"):
            old.unlink()
        written.append(_pack(path, folder / f"{path.name}.gz", lot.total))
        say(f"{path.name} : {lot.total} lignes.")
    bdpm = _newest(origin, "CIS_bdpm.txt").parent
    lot = PARSERS[SourceImport.BDPM](bdpm)
    for name in BDPM_FILES:
        path = bdpm / name
        if path.exists():
            target = folder / BDPM_FOLDER / f"{name}.gz"
            written.append(_pack(path, target, lot.lues[name]))
            say(f"{name} : {lot.lues[name]} lignes.")
    _write_rows(folder / MANIFEST, ("fichier", "lignes", "sha256"), written)
    derived = sorted(origin.rglob(DERIVED))
    if derived:
        write_shipped_tables(derived[0], say)


def _newest(origin: Path, pattern: str) -> Path:
    found = sorted(origin.rglob(pattern), key=lambda path: path.name)
    if not found:
        raise ImportRefuse(f"Aucun fichier « {pattern} » sous « {origin} ».")
    return found[-1]


def _pack(path: Path, target: Path, lines: int) -> tuple[str, ...]:
    """Compress one file, byte for byte the same each time (no name, no date inside)."""
    data = path.read_bytes()
    target.write_bytes(compress(data))
    return (target.name.removesuffix(".gz"), str(lines), hashlib.sha256(data).hexdigest())


def compress(data: bytes) -> bytes:
    """Deterministic gzip."""
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=packed, mode="wb", compresslevel=9, mtime=0) as out:
        out.write(data)
    return packed.getvalue()


def write_shipped_tables(derived: Path, say: Say) -> None:
    """Corrections and complements, from the list where public tables were laid side by side."""
    lu = reading.read(derived)
    rows = list(csv.DictReader(io.StringIO(lu.texte, newline=""), delimiter=";"))
    decisions = _decisions(derived.parent / "decisions_has_ansm.csv")
    decided = _decided(derived.parent / "decisions_has_ansm.csv")
    corrections = sorted(filter(None, (_correction(row, decisions, decided) for row in rows)))
    header = ("ucd_7", "indication", "cadre", "cadre_source", "motif")
    _write_rows(CORRECTIONS, header, corrections)
    say(f"corrections.csv : {len(corrections)} lignes.")
    complements = {}
    for row in rows:
        row["laboratoire"] = row["laboratoire"].removeprefix(UNUSABLE_HOLDER)
        if len(row["cis"]) != 8:  # several specialities of one brand: none is the one
            row["cis"] = row["cis_source"] = ""
        values = tuple(row[name] for name in COMPLEMENT_COLUMNS)
        if any(values[1:]):
            complements[row["ucd_7"]] = values
    lines = [complements[ucd7] for ucd7 in sorted(complements)]
    COMPLEMENTS.write_bytes(compress(_csv_text(COMPLEMENT_COLUMNS, lines).encode()))
    say(f"complements.csv : {len(lines)} lignes.")


def _decisions(path: Path) -> dict[str, str]:
    """Where the decision of each code was read, by code."""
    if not path.exists():
        return {}
    lu = reading.read(path)
    found: dict[str, str] = {}
    for row in csv.DictReader(io.StringIO(lu.texte, newline=""), delimiter=";"):
        for code in row["codes_indication"].split("|"):
            if row["cadre"] == "CPC":
                found.setdefault(code, f"du {row['date_decision']}, {row['source_url']}")
    return found


def _decided(path: Path) -> dict[str, str]:
    """The framework of each code as the authority's own page says it, with that page."""
    found: dict[str, str] = {}
    if not path.exists():
        return found
    for row in csv.DictReader(io.StringIO(reading.read(path).texte, newline=""), delimiter=";"):
        if row["source_nature"] != PRIMAIRE or (row["cadre"], row["evenement"]) not in STATUTS:
            continue
        for code in filter(None, row["codes_indication"].split("|")):
            day = row["date_decision"] or row["date_publication"]
            found[code] = f"{row['cadre']} par décision du {day}, {row['source_url']}"
    return found


def _correction(
    row: dict[str, str], decisions: dict[str, str], decided: dict[str, str]
) -> tuple[str, ...] | None:
    pair = (row["ucd_7"], row["indication"], row["cadre"])
    if row["cadre_regle"].startswith(LETTER_LIES):
        origin = decisions.get(row["indication"], "")
        return (*pair, "décision", f"CPC par décision de l'ANSM {origin}".strip()[:300])
    if row["indication"] in decided:
        return (*pair, "décision", decided[row["indication"]][:300])
    if LES_RTU in row["cadre_regle"]:
        return (*pair, "LES", "Ancienne RTU, inscrite comme telle dans la liste en sus")
    return None


def _csv_text(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def _write_rows(path: Path, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    path.write_bytes(_csv_text(header, rows).encode())
