"""Where the bytes of documents are kept: one file per content, named by its SHA-256."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings

from engine.files import private_folder, write_whole


class Corrupted(Exception):
    """The stored file is missing, or is no longer the one that was written."""


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def name_of(sha256: str) -> str:
    """The path of a content under the files' folder."""
    return f"documents/{sha256[:2]}/{sha256}.pdf"


def write(content: bytes) -> str:
    """Store bytes whole or not at all; return their SHA-256."""
    sha256 = digest(content)
    target = Path(settings.MEDIA_ROOT, name_of(sha256))
    private_folder(target.parent)
    write_whole(target, [content])
    return sha256


def read(sha256: str) -> bytes:
    """The bytes as they were written, or Corrupted."""
    try:
        content = Path(settings.MEDIA_ROOT, name_of(sha256)).read_bytes()
    except OSError as error:
        raise Corrupted("missing") from error
    if digest(content) != sha256:
        raise Corrupted("altered")
    return content
