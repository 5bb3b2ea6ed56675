"""How a link to an authority is named: a page of its own, or only the site it is looked up on."""

from __future__ import annotations

from urllib.parse import urlsplit

SITES = {
    "ANSM": "Site de l'ANSM",
    "HAS": "Site de la HAS",
    "ministère chargé de la santé": "Site du ministère chargé de la santé",
}


def link_title(url: str, autorite: str) -> str:
    """« Page officielle (ANSM) », or « Site de l'ANSM » when only the home page is known."""
    if not urlsplit(url).path.strip("/"):
        return SITES.get(autorite, "Site officiel")
    return f"Page officielle ({autorite})" if autorite else "Page officielle"
