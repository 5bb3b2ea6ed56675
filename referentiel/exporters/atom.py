"""The Atom file of a feed (RFC 4287): stable ids, one author, an address of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from referentiel.formats.french import write_typography
from referentiel.selectors.fil import Entree

MIME = Atom1Feed.content_type
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def printable(text: str) -> str:
    """Without the characters no XML file may hold."""
    return _CONTROLS.sub(" ", text)


def write_atom(titre: str, chemin: str, page: str, entrees: Iterable[Entree]) -> str:
    """The feed as text; `chemin` is its own path, `page` that of what it follows."""
    base = settings.PLACET_BASE_URL
    feed = Atom1Feed(
        title=printable(titre),
        link=base + page,
        description="",
        language="fr",
        author_name="Placet",
        feed_url=base + chemin,
        feed_guid=uuid5(NAMESPACE_URL, f"placet:{chemin}").urn,
    )
    for entree in entrees:
        feed.add_item(
            title=write_typography(printable(entree.titre)),
            link=base + entree.chemin,
            description=escape(printable(entree.texte)),  # told as HTML
            unique_id=entree.id.urn,
            updateddate=entree.le,
            pubdate=entree.le,
        )
    return feed.writeString("utf-8")
