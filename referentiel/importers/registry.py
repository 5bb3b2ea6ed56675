"""Each public source with the two functions of its module: read a file, write its difference."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from referentiel.importers import atih, atih_cadres, bdpm, cnamts, finess, les, sae, ucd
from referentiel.importers.base import Lot
from referentiel.importers.differences import Bilan
from referentiel.models import ImportRun
from referentiel.states import SourceImport

Apply = Callable[[Lot, ImportRun, str, date], Bilan]


@dataclass(frozen=True)
class Source:
    """How a source is read and written."""

    parse: Callable[[Path], Lot]
    apply: Apply


def _undated(apply: Callable[[Lot, ImportRun, str], Bilan]) -> Apply:
    """Most sources date nothing but their version."""

    def dated(lot: Lot, run: ImportRun, version: str, day: date) -> Bilan:
        return apply(lot, run, version)

    return dated


SOURCES: dict[str, Source] = {
    SourceImport.ATIH: Source(atih.parse, atih_cadres.apply),
    SourceImport.BDPM: Source(bdpm.parse, _undated(bdpm.apply)),
    SourceImport.UCD: Source(ucd.parse, _undated(ucd.apply)),
    SourceImport.SAE: Source(sae.parse, _undated(sae.apply)),
    SourceImport.LES: Source(les.parse, _undated(les.apply)),
    SourceImport.CNAMTS: Source(cnamts.parse, _undated(cnamts.apply)),
    SourceImport.FINESS: Source(finess.parse, _undated(finess.apply)),
}
