"""Documents read as chains: the version in effect, those before it, the one that comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from referentiel.models import Document, Produit


@dataclass(frozen=True)
class VersionDocument:
    """One version with the day it really ends: its own, or the eve of the next."""

    document: Document
    fin: date | None
    suivante: Document | None

    def in_effect(self, on: date) -> bool:
        """Begun and not ended on a day."""
        return self.document.date_effet <= on and (self.fin is None or self.fin >= on)


@dataclass(frozen=True)
class Suite:
    """The versions of one document, newest first, and the one to read today."""

    courante: VersionDocument
    versions: list[VersionDocument]
    en_vigueur: bool

    @property
    def anciennes(self) -> list[VersionDocument]:
        """The versions before the one to read."""
        return self.versions[self.versions.index(self.courante) + 1 :]

    @property
    def a_venir(self) -> list[VersionDocument]:
        """The versions published that have not taken effect."""
        return self.versions[: self.versions.index(self.courante)]


def suites_by_cadre(produit: Produit, on: date) -> dict[UUID | None, list[Suite]]:
    """The documents of a product by cadre (None: the product itself), in one query."""
    rows = list(produit.documents.defer("texte"))
    found: dict[UUID | None, list[Suite]] = {}
    for suite in chains(rows, on):
        found.setdefault(suite.courante.document.cadre_id, []).append(suite)
    return found


def suite_of(document: Document, on: date) -> Suite:
    """The chain one version belongs to."""
    rows = list(Document.objects.filter(produit=document.produit_id, type=document.type))
    for suite in chains(rows, on):
        if any(version.document.pk == document.pk for version in suite.versions):
            return suite
    return chains([document], on)[0]


def chains(rows: list[Document], on: date) -> list[Suite]:
    """Versions tied by what each one replaces; no query."""
    by_id = {row.pk: row for row in rows}
    after = {row.remplace_id: row for row in rows if row.remplace_id}
    suites = []
    for last in (row for row in rows if row.pk not in after):
        versions: list[VersionDocument] = []
        row: Document | None = last
        while row is not None:
            following = after.get(row.pk)
            versions.append(VersionDocument(row, _end(row, following), following))
            row = by_id.get(row.remplace_id) if row.remplace_id else None
        standing = next((v for v in versions if v.in_effect(on)), None)
        begun = next((v for v in versions if v.document.date_effet <= on), versions[-1])
        suites.append(Suite(standing or begun, versions, standing is not None))
    return suites


def _end(row: Document, following: Document | None) -> date | None:
    """A version ends at its own date, or the day before the next takes effect."""
    ends = [row.date_fin] if row.date_fin else []
    if following is not None:
        ends.append(max(following.date_effet - timedelta(days=1), row.date_effet))
    return min(ends) if ends else None
