"""What a joined file may be: a PDF, a PNG or a JPEG, by its content and by its name."""

from __future__ import annotations

import struct
from collections.abc import Iterator

MAX_PIXELS = 50_000_000
MIMES = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}
EXTENSION = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}
PNG = b"\x89PNG\r\n\x1a\n"
# JPEG segments that carry the size of the picture (the other Cx markers are tables).
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def mime_of(head: bytes) -> str:
    """The type the content shows, empty when it is none of the three."""
    if head[:1024].lstrip().startswith(b"%PDF-"):
        return "application/pdf"
    if head.startswith(PNG):
        return "image/png"
    return "image/jpeg" if head.startswith(b"\xff\xd8\xff") else ""


def content_error(name: str, head: bytes) -> str:
    """Why a file is refused, in one sentence; empty when it may be kept."""
    dot = name.rfind(".")
    announced = MIMES.get(name[dot:].lower() if dot >= 0 else "")
    if announced is None:
        return "Seuls les fichiers PDF, PNG et JPEG peuvent être joints."
    if not head:
        return "Ce fichier est vide."
    real = mime_of(head)
    if real != announced:
        return "Le contenu du fichier ne correspond pas à son extension : enregistrez-le en PDF."
    if real == "application/pdf":
        return ""
    pixels = pixels_of(real, head)
    if pixels is None:
        return "Cette image est illisible : enregistrez-la de nouveau, ou joignez un PDF."
    if pixels > MAX_PIXELS:
        return "Cette image dépasse 50 millions de pixels : réduisez-la ou joignez un PDF."
    return ""


def pixels_of(mime: str, head: bytes) -> int | None:
    """Width × height as the header says, without decompressing anything; None when unreadable."""
    if mime == "image/png":
        if len(head) < 24 or head[12:16] != b"IHDR":
            return None
        width, height = struct.unpack(">II", head[16:24])
        return int(width * height) or None
    for marker, at in _segments(head):
        if marker in _FRAMES and at + 9 <= len(head):
            height, width = struct.unpack(">HH", head[at + 5 : at + 9])
            return int(width * height) or None
    return None


def _segments(head: bytes) -> Iterator[tuple[int, int]]:
    """The markers of a JPEG and where each begins, up to the compressed data."""
    at = 2
    while at + 4 <= len(head) and head[at] == 0xFF:
        marker = head[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xDA:
            return
        yield marker, at
        at += 2 + int(struct.unpack(">H", head[at + 2 : at + 4])[0])
