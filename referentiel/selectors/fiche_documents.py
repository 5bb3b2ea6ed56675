"""One version of a document as its page shows it, among the versions of its chain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from uuid import UUID

from referentiel.models import Document
from referentiel.selectors.versions import Suite, VersionDocument, suite_of

LONGEST_COMPARED = 20_000


@dataclass(frozen=True)
class Passage:
    """A piece of text kept, added or taken out since the version before."""

    genre: str  # "", "ins" or "del"
    texte: str


@dataclass(frozen=True)
class DocumentLu:
    """What the page of one version says."""

    document: Document
    suite: Suite
    version: VersionDocument
    differences: list[Passage]
    on: date

    @property
    def perimee(self) -> bool:
        """Another version is the one to read."""
        return self.suite.courante.document.pk != self.document.pk and not self.a_venir

    @property
    def a_venir(self) -> bool:
        return self.document.date_effet > self.on

    @property
    def terminee(self) -> bool:
        """The last version, itself over."""
        return not self.perimee and not self.a_venir and not self.version.in_effect(self.on)

    @property
    def telechargeable(self) -> bool:
        return bool(self.document.fichier or self.document.texte)

    @property
    def nom_fichier(self) -> str:
        """A name made of the type and the day: no name of a product is needed to find it again."""
        kind = "pdf" if self.document.fichier else "txt"
        day = self.document.date_effet
        return f"{self.document.type.lower()}-{day:%Y%m%d}-{self.document.sha256[:8]}.{kind}"


def read(pk: UUID, on: date) -> DocumentLu | None:
    """A version, its chain and what changed from the one before; None when there is none."""
    document = Document.objects.filter(pk=pk).select_related("produit", "cadre").first()
    if document is None:
        return None
    suite = suite_of(document, on)
    version = next(v for v in suite.versions if v.document.pk == document.pk)
    before = next((v for v in suite.versions if v.document.pk == document.remplace_id), None)
    return DocumentLu(
        document=document,
        suite=suite,
        version=version,
        differences=differences(before.document.texte if before else "", document.texte),
        on=on,
    )


def differences(before: str, after: str) -> list[Passage]:
    """Word by word, what was taken out and what was added; nothing when there is no before."""
    if not before or not after or before == after:
        return []
    if len(before) + len(after) > LONGEST_COMPARED:
        return []
    old, new = _words(before), _words(after)
    passages = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            passages.append(Passage("", "".join(old[a:b])))
            continue
        if b > a:
            passages.append(Passage("del", "".join(old[a:b])))
        if d > c:
            passages.append(Passage("ins", "".join(new[c:d])))
    return passages


def _words(text: str) -> list[str]:
    """Words with the blank that follows each: joined again they are the text."""
    words: list[str] = []
    for line in text.splitlines(keepends=True):
        parts = line.split(" ")
        words += [part + " " for part in parts[:-1]]
        if parts[-1]:
            words.append(parts[-1])
    return words
