"""How a large file is received: counted while it arrives, stopped beyond the limit."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import (
    FileUploadHandler,
    StopUpload,
    TemporaryFileUploadHandler,
)
from django.http import HttpRequest

from referentiel.importers.archives import MAX_BYTES


class LimitHandler(FileUploadHandler):
    """Stop keeping what arrives once the file is too large, and remember it."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.received, self.refused = 0, False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > MAX_BYTES:
            self.refused = True
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> Any:
        return None


def limit_upload(request: HttpRequest) -> None:
    """Must come before anything reads the form."""
    request.upload_handlers = [LimitHandler(request), TemporaryFileUploadHandler(request)]


def was_refused(request: HttpRequest) -> bool:
    """Whether the file received was stopped for its size."""
    return any(getattr(handler, "refused", False) for handler in request.upload_handlers)
