"""Bytes kept once under their checksum, on the disk before the row that speaks of them."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage

from engine.files import private_folder, write_whole

FOLDER = "facturation"
CHUNK = 64 * 1024


@dataclass(frozen=True)
class Depot:
    sha256: str
    taille: int


def keep(chunks: Iterable[bytes]) -> Depot:
    """Store the bytes under their checksum, unless they are there already."""
    digest, size = hashlib.sha256(), 0
    with tempfile.TemporaryFile() as spool:
        for chunk in chunks:
            spool.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        spool.seek(0)
        name = name_of(digest.hexdigest())
        if not default_storage.exists(name):
            _save(name, File(spool))
    return Depot(digest.hexdigest(), size)


def read(sha256: str) -> Iterator[bytes] | None:
    """The stored bytes by blocks, None when the file is no longer there."""
    name = name_of(sha256)
    if not default_storage.exists(name):
        return None
    return _blocks(name)


def name_of(sha256: str) -> str:
    """Where the bytes of a checksum are kept."""
    return f"{FOLDER}/{sha256[:2]}/{sha256}"


def _save(name: str, content: File) -> None:
    if not isinstance(default_storage, FileSystemStorage):
        default_storage.save(name, content)
        return
    path = Path(default_storage.path(name))
    private_folder(path.parent)
    write_whole(path, content.chunks(CHUNK))


def _blocks(name: str) -> Iterator[bytes]:
    with default_storage.open(name, "rb") as stream:
        while block := stream.read(CHUNK):
            yield block
