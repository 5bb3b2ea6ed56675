"""From a typed context to the bytes of a PDF. The renderer reads nothing but bundled files."""

from __future__ import annotations

import io
import re
from importlib.resources import files
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from weasyprint import HTML
from weasyprint.css import ColorProfile
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from access.documents.parts import ARCHIVED

BUNDLED = re.compile(r"placet:(placet/[a-z0-9-]+\.(css|svg))")
MIME = {"css": "text/css", "svg": "image/svg+xml"}
SCREEN, RGB = "placet-srgb", (["r"], ["g"], ["b"])
MAX_PAGES = 20


class RenderingError(Exception):
    """The document could not be drawn; nothing was stored."""


class BundledFetcher(URLFetcher):
    """Gives `data:` addresses and the style sheets of `static/placet/`; refuses all others."""

    def fetch(self, url: str, headers: Any = None) -> Any:
        if url.startswith("data:"):
            return super().fetch(url, headers)
        match = BUNDLED.fullmatch(url)
        path = finders.find(match[1]) if match else None
        if match is None or not isinstance(path, str):
            raise FatalURLFetchingError(f"address refused: {url[:80]}")
        with open(path, "rb") as file:
            return URLFetcherResponse(url, file.read(), {"Content-Type": MIME[match[2]]})


def render(template: str, context: Any, *, variant: str) -> bytes:
    """Draw one document; the same context always gives the same bytes."""
    html = render_to_string(f"pdf/{template}.html", {"d": context})
    options = {"pdf_variant": variant} | ({"output_intent": SCREEN} if variant == ARCHIVED else {})
    try:
        fetcher = BundledFetcher(allowed_protocols={"data"}, allow_redirects=False)
        source = HTML(string=html, url_fetcher=fetcher)
        document = source.render(color_profiles={SCREEN: _srgb()}, **options)
        if len(document.pages) > MAX_PAGES:
            raise RenderingError(f"{len(document.pages)} pages, {MAX_PAGES} at most")
        pdf: bytes = document.write_pdf(**options)
    except FatalURLFetchingError as error:
        raise RenderingError(str(error)) from error
    return pdf


def _srgb() -> ColorProfile:
    """The colours of screens, which an archived PDF names (WeasyPrint leaves its own file open)."""
    profile = (files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()
    return ColorProfile(io.BytesIO(profile), "sRGB2014.icc", "relative-colorimetric", RGB)
