"""Files written whole or not at all: a temporary file on the same disk, fsync, rename."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path


def write_whole(target: Path, chunks: Iterable[bytes]) -> None:
    """Write a file whose name appears once all its bytes are on the disk."""
    put_in_place(write_apart(target.parent, chunks), target)


def write_apart(folder: Path, chunks: Iterable[bytes]) -> Path:
    """Bytes on the disk under a passing name, beside their final place."""
    handle, name = tempfile.mkstemp(dir=folder, prefix=".recu-")
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def put_in_place(source: Path, target: Path) -> None:
    """Give a written file its final name, and make that name last."""
    try:
        os.replace(source, target)
    except BaseException:
        source.unlink(missing_ok=True)
        raise
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def private_folder(path: Path) -> Path:
    """A folder that only Placet reads, made when it is not there."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path
