"""Files at any size, made by repeating the shipped rows under new keys."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

from referentiel.importers.bdpm import CIP, CIS, COMPO, CPD
from referentiel.rules import codes
from referentiel.services.snapshot import BDPM_FOLDER, PATTERNS, SNAPSHOT
from referentiel.states import SourceImport

CIS_BASE, CIP_BASE, UCD_BASE = 60_000_000, 1_000_000, 9_000_000
COLUMNS = (
    "ucd_7", "ucd_13", "ucd_libelle", "indication", "indication_libelle", "date_debut", "date_fin",
)  # fmt: skip
VERSION = "2025-03"


@dataclass(frozen=True)
class Size:
    """How many specialities and cadres a measure is taken at."""

    specialites: int
    cadres: int


@dataclass(frozen=True)
class Files:
    """One list of derogatory medicines and one BDPM folder, and the same in another order."""

    atih: Path
    atih_again: Path
    bdpm: Path
    bdpm_again: Path


def write_files(folder: Path, size: Size) -> Files:
    """Write every file of a size; « again » holds the same rows, so that no checksum is known."""
    atih = list(atih_rows(size))
    found = Files(*(folder / name for name in ("a.csv", "b.csv", "bdpm", "bdpm_again")))
    _write_csv(found.atih, atih)
    _write_csv(found.atih_again, atih[::-1])
    for name, lines in bdpm_lines(size.specialites).items():
        _write_tabs(found.bdpm / name, lines)
        _write_tabs(found.bdpm_again / name, lines[::-1])
    return found


def atih_rows(size: Size) -> Iterator[list[str]]:
    """UCD in number, the first ones with their cadres, the others with a generic code alone."""
    groups = list(_shipped_atih().values())
    cadres = 0
    for n in range(size.specialites):
        ucd7 = str(UCD_BASE + n)
        rows = groups[n % len(groups)]
        own = [row for row in rows if not codes.is_generic_code(row["indication"])]
        own = own[: max(0, size.cadres - cadres)]
        cadres += len(own)
        label = f"{rows[0]['ucd_libelle'][:190]} {n // len(groups) or ''}".strip()
        kept = own or [rows[0] | {"indication": codes.CODE_AUTRE, "date_fin": ""}]
        for row in kept:
            yield [
                ucd7, codes.ucd13_of(ucd7), label, row["indication"], row["indication_libelle"],
                row["date_debut"], row["date_fin"],
            ]  # fmt: skip


def _shipped_atih() -> dict[str, list[dict[str, str]]]:
    """The shipped list, by UCD."""
    path = sorted(SNAPSHOT.glob(f"{PATTERNS[SourceImport.ATIH]}.gz"))[-1]
    grouped: dict[str, list[dict[str, str]]] = {}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            grouped.setdefault(row["ucd_7"], []).append(row)
    return grouped


def bdpm_lines(wanted: int) -> dict[str, list[list[str]]]:
    """As many CIS as wanted, each with the presentations and the rest of the one it repeats."""
    shipped = {name: _shipped_bdpm(name) for name in (CIS, CIP, COMPO, CPD)}
    specialites = shipped[CIS]
    parts = {name: _by_cis(shipped[name]) for name in (CIP, COMPO, CPD)}
    found: dict[str, list[list[str]]] = {name: [] for name in shipped}
    numbers = count(CIP_BASE)
    for n in range(wanted):
        line = specialites[n % len(specialites)]
        cis = str(CIS_BASE + n)
        found[CIS].append([cis, *line[1:]])
        for name in (COMPO, CPD):
            found[name] += [[cis, *part[1:]] for part in parts[name].get(line[0], [])]
        for part in parts[CIP].get(line[0], []):
            cip7 = str(next(numbers))
            body = codes.CIP_PREFIX + cip7
            cip13 = body + codes.ean13_key(body)
            found[CIP].append([cis, cip7, *part[2:6], cip13, *part[7:]])
    return found


def _shipped_bdpm(name: str) -> list[list[str]]:
    raw = gzip.decompress((SNAPSHOT / BDPM_FOLDER / f"{name}.gz").read_bytes())
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("windows-1252", errors="replace")
    return [line.split("\t") for line in text.split("\n") if line.strip()]


def _by_cis(lines: list[list[str]]) -> dict[str, list[list[str]]]:
    grouped: dict[str, list[list[str]]] = {}
    for line in lines:
        grouped.setdefault(line[0], []).append(line)
    return grouped


def _write_csv(path: Path, rows: list[list[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)


def _write_tabs(path: Path, lines: list[list[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join("\t".join(cell.strip("\r") for cell in line) + "\n" for line in lines)
    path.write_text(text, encoding="utf-8", newline="")


def typed_queries(rows: list[list[str]], wanted: int = 60) -> list[str]:
    """What people type: beginnings of names, names misspelt, words of indications, codes."""
    step = max(1, len(rows) // wanted)
    ways = (
        lambda row: row[2].split()[0].lower(),
        lambda row: row[2].split()[0].lower()[:4],
        lambda row: misspelt(row[2].split()[0].lower()),
        lambda row: " ".join(row[4].lower().split()[2:4]) or row[2],
        lambda row: row[0],
        lambda row: row[3],
    )
    return [ways[n % len(ways)](row) for n, row in enumerate(islice(rows[::step], wanted))]


def misspelt(word: str) -> str:
    """Two letters in the middle, the wrong way round."""
    middle = len(word) // 2
    return (
        word[: middle - 1]
        + word[middle : middle + 1]
        + word[middle - 1 : middle]
        + (word[middle + 1 :])
    )
