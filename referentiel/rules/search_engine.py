"""The search of the register, in memory: one answer, in one order, whatever the database (pure).

Products stand in the order of their folded names and a set of products is one integer, a bit per
product: a search is a few operations on integers, and reading its bits upwards is reading names
in order.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from referentiel.folding import fold, search_text
from referentiel.rules.search_words import (
    faults_allowed,
    is_code,
    is_guessable,
    split,
    typed_words,
)
from referentiel.rules.synonymes import also_said

KEPT = 4096  # words whose answer is remembered
MAX_GUESSES = 12
TYPED_ENOUGH = 6  # letters from which the beginning of a misspelt word is compared
AFTER_ALL = "\U0010ffff"


class Entry(NamedTuple):
    """What is searched of one product."""

    key: Hashable
    nom: str
    autres: tuple[str, ...] = ()  # DCI, other names
    texte: str = ""  # everything else, folded
    codes: tuple[str, ...] = ()  # codes and frameworks its texts do not hold


class Found(NamedTuple):
    """The products one typed word gives."""

    named: int  # in the name, the DCI or another name
    anywhere: int
    code: int
    taken: tuple[str, ...] = ()  # the known words a misspelt one was taken for


@dataclass(frozen=True)
class Hits:
    """What a search found: disjoint sets, best first, and the words it had to guess."""

    tiers: tuple[int, ...]
    guesses: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def all(self) -> int:
        total = 0
        for tier in self.tiers:
            total |= tier
        return total

    def within(self, allowed: int) -> Hits:
        return Hits(tuple(tier & allowed for tier in self.tiers), self.guesses)

    def last(self, late: int) -> Hits:
        """The same, a set of products at the end of each tier."""
        parts = ((tier & ~late, tier & late) for tier in self.tiers)
        return Hits(tuple(part for both in parts for part in both), self.guesses)

    def __iter__(self) -> Iterator[int]:
        for tier in self.tiers:
            yield from ranks_of(tier)

    def __len__(self) -> int:
        return sum(tier.bit_count() for tier in self.tiers)

    def __getitem__(self, part: slice) -> list[int]:
        """A page of ranks."""
        start, stop, _ = part.indices(len(self))
        return list(islice(iter(self), start, stop))


def ranks_of(bits: int) -> Iterator[int]:
    """The positions of the bits of a set, upwards."""
    text = bin(bits)[:1:-1]
    at = text.find("1")
    while at >= 0:
        yield at
        at = text.find("1", at + 1)


def bits_of(ranks: Iterable[int], size: int) -> int:
    """The set that holds these positions."""
    buffer = bytearray(size // 8 + 1)
    for rank in ranks:
        buffer[rank >> 3] |= 1 << (rank & 7)
    return int.from_bytes(buffer, "little")


class Vocabulary:
    """The words of one field of all products, sorted, with the products that hold each."""

    def __init__(self, words_by_rank: Sequence[Iterable[str]]) -> None:
        postings: dict[str, list[int]] = defaultdict(list)
        for rank, words in enumerate(words_by_rank):
            for word in set(words):
                postings[word].append(rank)
        self.size = len(words_by_rank)
        self.words = sorted(postings)
        self.postings = dict(postings)

    def holders(self, word: str) -> int:
        """The products that hold exactly this word."""
        return bits_of(self.postings.get(word, ()), self.size)

    def beginning(self, start: str) -> int:
        """The products that hold a word that begins so."""
        low, high = bisect_left(self.words, start), bisect_left(self.words, start + AFTER_ALL)
        ranks: set[int] = set()
        for word in self.words[low:high]:
            ranks.update(self.postings[word])
        return bits_of(ranks, self.size)


class SearchIndex:
    """Every product in the order of names, and the answers to what is typed."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        rows = [(" ".join(split(fold(entry.nom))), entry) for entry in entries]
        rows.sort(key=lambda row: (row[0], row[1].texte, str(row[1].key)))
        self.names = [name for name, _ in rows]
        self.keys = [entry.key for _, entry in rows]
        self.size = len(rows)
        self.everything = (1 << self.size) - 1
        named = [_named_words(entry) for _, entry in rows]
        self.named = Vocabulary(named)
        self.anywhere = Vocabulary(
            [
                [*words, *split(entry.texte), *entry.codes]
                for words, (_, entry) in zip(named, rows, strict=True)
            ]
        )
        self.guessable = [word for word in self.anywhere.words if is_guessable(word)]
        self._known: dict[str, Found] = {}

    def find(self, query: str) -> Hits:
        """The products that hold every word typed, in tiers, by name inside a tier.

        A code typed exactly; a name that begins so; every word in the name, the DCI or another
        name; elsewhere. Nothing typed finds everything.
        """
        words = typed_words(query)
        if not words:
            return Hits((0 if query.strip() else self.everything,))
        coded, named, anywhere = 0, self.everything, self.everything
        guesses = {}
        for word in words:
            found = self._word(word)
            coded |= found.code
            named &= found.named
            anywhere &= found.anywhere
            if found.taken:
                guesses[word] = found.taken
            if not anywhere:
                return Hits((0,))
        tiers, seen = [], 0
        for tier in (coded, self._name_begins(query), named, anywhere):
            tiers.append(tier & anywhere & ~seen)
            seen |= tiers[-1]
        return Hits(tuple(tiers), guesses)

    def _name_begins(self, query: str) -> int:
        start = " ".join(split(fold(query)))
        low, high = bisect_left(self.names, start), bisect_left(self.names, start + AFTER_ALL)
        return (1 << high) - (1 << low)

    def _word(self, word: str) -> Found:
        known = self._known.get(word)
        if known is None:
            if len(self._known) >= KEPT:
                self._known.clear()
            known = self._known[word] = self._look_up(word)
        return known

    def _look_up(self, word: str) -> Found:
        anywhere = self.anywhere.beginning(word) | self._also(word)
        if anywhere:
            code = self.anywhere.holders(word) if is_code(word) else 0
            return Found(self.named.beginning(word), anywhere, code)
        if not is_guessable(word):
            return Found(0, 0, 0)
        taken = self._near(word)
        ranks: set[int] = set()
        named: set[int] = set()
        for guess in taken:
            ranks.update(self.anywhere.postings[guess])
            named.update(self.named.postings.get(guess, ()))
        return Found(bits_of(named, self.size), bits_of(ranks, self.size), 0, taken)

    def _also(self, word: str) -> int:
        """The products whose texts hold what the word means, in other words."""
        return _said_in(self.anywhere, word)

    def late(self, query: str, opened: Vocabulary, ended: Vocabulary) -> int:
        """The products that one of the words finds by an indication that has ended, no other.

        `opened` and `ended` are the words of the indications in force and of the others.
        """
        bits = 0
        for word in typed_words(query):
            found = self._word(word)
            past, standing = (_held_in(field, word, found.taken) for field in (ended, opened))
            bits |= past & ~standing & ~found.named
        return bits

    def _near(self, word: str) -> tuple[str, ...]:
        """The nearest known words; while a word is being typed, its beginning counts."""
        near = _nearest(word, self.guessable, self.guessable)
        if near or len(word) < TYPED_ENOUGH:
            return near
        return _nearest(word, self.guessable, [known[: len(word)] for known in self.guessable])


def _said_in(field: Vocabulary, word: str) -> int:
    """The products whose field holds a whole phrase that means a word."""
    bits = 0
    for phrase in also_said(word):
        held = (1 << field.size) - 1
        for other in typed_words(phrase):
            held &= field.beginning(other)
        bits |= held
    return bits


def _held_in(field: Vocabulary, word: str, taken: Iterable[str]) -> int:
    """The products whose field holds a word, begun, said otherwise, or taken for another."""
    bits = field.beginning(word) | _said_in(field, word)
    for guess in taken:
        bits |= field.holders(guess)
    return bits


def _named_words(entry: Entry) -> list[str]:
    return split(search_text(entry.nom, *entry.autres))


def _nearest(word: str, known: Sequence[str], compared: Sequence[str]) -> tuple[str, ...]:
    """The known words at the smallest distance allowed; ties in alphabetical order."""
    scored = process.extract(
        word,
        compared,
        scorer=OSA.distance,
        score_cutoff=faults_allowed(word),
        limit=None,
    )
    if not scored:
        return ()
    best = min(distance for _, distance, _ in scored)
    near = sorted({known[at] for _, distance, at in scored if distance == best})
    return tuple(near[:MAX_GUESSES])
