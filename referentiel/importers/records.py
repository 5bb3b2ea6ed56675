"""A file as read and its records, whatever its kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class Lu:
    """A file as read: its name, its decoded text and the checksum of its bytes."""

    nom: str
    texte: str
    sha256: str
    encodage: str


class Ligne(NamedTuple):
    """One record with the number of its first physical line."""

    numero: int
    cellules: list[str]

    @property
    def contenu(self) -> str:
        return ";".join(self.cellules)
