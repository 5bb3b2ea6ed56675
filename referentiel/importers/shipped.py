"""Tables shipped with Placet that every ATIH import lays over the official list."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from referentiel.models import Correction

DATA = Path(__file__).resolve().parents[1] / "data"
CORRECTIONS = DATA / "corrections.csv"
COMPLEMENTS = DATA / "complements.csv.gz"


@dataclass(frozen=True)
class Complement:
    """What other public tables say of a UCD, each value with its source."""

    dci: str = ""
    laboratoire: str = ""
    atc: str = ""
    cis: str = ""
    provenance: dict[str, str] = field(default_factory=dict)


def shipped_rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a shipped table; none when this installation does not hold it."""
    if not path.exists():
        return
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    yield from csv.DictReader(io.StringIO(text, newline=""), delimiter=";")


def load_complements() -> dict[str, Complement]:
    """Substance, company, ATC and CIS by UCD 7, where a public table gives a single answer."""
    return {
        row["ucd_7"]: Complement(
            row["dci"],
            row["laboratoire"],
            row["atc"],
            row["cis"],
            {
                name: row[f"{name}_source"]
                for name in ("dci", "laboratoire", "atc")
                if row[f"{name}_source"]
            },
        )
        for row in shipped_rows(COMPLEMENTS)
    }


def sync_corrections(*, save: bool = True) -> dict[tuple[str, str], Correction]:
    """Bring the shipped table into the database; a person's correction outweighs it."""
    stored = {(row.ucd7, row.code): row for row in Correction.objects.all()}
    fresh, changed = [], []
    for row in shipped_rows(CORRECTIONS):
        key = (row["ucd_7"], row["indication"])
        values = {
            "framework": row["cadre"],
            "cadre_source": row["cadre_source"],
            "motif": row["motif"],
        }
        known = stored.get(key)
        if known is None:
            stored[key] = Correction(ucd7=key[0], code=key[1], livree=True, **values)
            fresh.append(stored[key])
        elif known.livree and any(getattr(known, k) != v for k, v in values.items()):
            for name, value in values.items():
                setattr(known, name, value)
            changed.append(known)
    if save:
        Correction.objects.bulk_create(fresh)
        Correction.objects.bulk_update(changed, ["framework", "cadre_source", "motif"])
    return stored
