"""How a file is refused whole: one sentence, and nothing changed."""

from __future__ import annotations


class ImportRefuse(Exception):
    """The file is refused whole; the message is the sentence people read."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
