"""A source made of several files with headers: given one by one, or together in a folder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from referentiel.importers import base
from referentiel.importers.base import Lot
from referentiel.importers.records import Lu
from referentiel.importers.refusals import ImportRefuse
from referentiel.importers.values import ucd_in, version_in_name

TEXTS = (".csv", ".tsv", ".txt")


@dataclass(frozen=True)
class Genre:
    """One kind of file: the columns it is known by, how a row is typed, the key of a row."""

    colonnes: tuple[str, ...]
    typed: Callable[[dict[str, str]], Any]
    key: Callable[[Any], Hashable] | None = None
    marks: tuple[Callable[[str], str], ...] = (ucd_in,)


def parse(
    path: Path, source: str, genres: Mapping[str, Genre], what: str, *, tabs: bool = False
) -> Lot:
    """Read a file, or every file of a folder whose header is known; the checksum covers them."""
    read = [(file, _parse_file(file, source, genres, tabs)) for file in _files(path)]
    lots = [lot for _, lot in read if lot]
    if not lots:
        raise ImportRefuse(f"Le fichier « {path.name} » n'a pas les colonnes de {what}.")
    if len(lots) == 1:
        return lots[0]
    releases = [version_in_name(file) for file, lot in read if lot]
    sums = "".join(sorted(lot.sha256 for lot in lots))
    whole = Lot(source, path.name, hashlib.sha256(sums.encode()).hexdigest())
    whole.version_contenu = max(releases)
    for lot in lots:
        twice = sorted(set(whole.lignes) & set(lot.lignes))
        if twice:
            raise ImportRefuse(
                f"Le dossier « {path.name} » contient deux fichiers de même forme, "
                f"dont « {lot.nom} » : gardez le plus récent."
            )
        whole.lignes |= lot.lignes
        whole.lues |= lot.lues
        whole.rejets += lot.rejets
        whole.douteuses |= lot.douteuses
    return whole


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    names = [p for p in sorted(path.iterdir()) if p.name.removesuffix(".gz").endswith(TEXTS)]
    if not names:
        raise ImportRefuse(f"Le dossier « {path.name} » ne contient aucun fichier à lire.")
    return names


def _parse_file(path: Path, source: str, genres: Mapping[str, Genre], tabs: bool) -> Lot | None:
    """One file, by the kind its header announces; None when it announces none."""
    found = ""

    def check_header(lu: Lu, names: list[str]) -> list[str]:
        nonlocal found
        found = next((n for n, genre in genres.items() if set(genre.colonnes) <= set(names)), "")
        return names

    lot, lu, names, records = base.table_of(path, source, check_header, tabs=tabs)
    if not found:
        return None
    genre = genres[found]
    rows = base.collect(
        lot,
        lu,
        records,
        lambda cells: genre.typed(dict(zip(names, cells, strict=True))),
        columns=names,
        key=genre.key,
        marks=genre.marks,
    )
    lot.lignes = {found: rows}
    lot.douteuses = {found: lot.douteuses.pop(lu.nom, set())}
    return lot
