"""What a person typed in the address of a page: short, and without what no text holds."""

from __future__ import annotations

from django.http import HttpRequest

MOST = 100


def asked_words(request: HttpRequest, name: str = "q", *, most: int = MOST) -> str:
    """The words of one parameter, cut and trimmed; a NUL, which PostgreSQL refuses, is dropped."""
    return request.GET.get(name, "").replace("\0", "")[:most].strip()
