"""What the public search answers: the products found, the filters, and what it had to guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from referentiel.folding import fold
from referentiel.rules.facettes import STATUT
from referentiel.rules.search_engine import Hits
from referentiel.rules.search_state import TOUS, SearchState
from referentiel.rules.search_words import EMPTY, MAX_WORDS, typed_words
from referentiel.rules.synonymes import also_said
from referentiel.selectors import result_rows
from referentiel.selectors.facet_groups import Chip, Group, chips, groups
from referentiel.selectors.result_rows import Ligne
from referentiel.selectors.search_index import Registre, registre


@dataclass(frozen=True)
class Reponse:
    """The answer to a search, before a page of it is read."""

    state: SearchState
    registre: Registre
    hits: Hits
    counts: dict[str, dict[str, int]]
    on: date
    widened: bool  # nothing in force: what is not is shown
    hidden: int  # products found that the default status leaves out

    @property
    def guesses(self) -> list[tuple[str, list[str]]]:
        """The words that nothing holds, each with those it was taken for."""
        return [(word, list(taken[:3])) for word, taken in self.hits.guesses.items()]

    @property
    def said(self) -> list[tuple[str, tuple[str, ...]]]:
        """The words that were also searched as what they mean."""
        return [(word, also_said(word)) for word in typed_words(self.state.q) if also_said(word)]

    @property
    def unfiltered(self) -> str:
        """The address of the same words without the filters that leave nothing, or nothing."""
        known = self.state.chosen and self.registre.index.find(self.state.q).all
        return SearchState(self.state.q).query_string() if known else ""

    @property
    def alone(self) -> list[tuple[str, str]]:
        """Each of several words that finds something by itself, with its address."""
        typed = [word for word in self.state.q.split() if fold(word) not in EMPTY][:MAX_WORDS]
        if len(typed) < 2:
            return []
        find = self.registre.index.find
        return [
            (word, SearchState(word).query_string())
            for word in dict.fromkeys(typed)
            if find(word).all
        ]

    def rows(self, ranks: Sequence[int]) -> list[Ligne]:
        """The rows of one page."""
        return result_rows.rows(self.registre, ranks, self.state.q, self.on)

    def groups(self) -> list[Group]:
        """The filters with their counts."""
        return groups(self.registre, self.counts, self.state)

    def chips(self, base: str) -> list[Chip]:
        """What is chosen; nothing when the default was widened."""
        state = self.state.everywhere if self.widened else self.state
        return chips(self.registre, state, base)


def search(asked: SearchState, *, on: date) -> Reponse:
    """Everything found for a state, those in force first; what is unknown filters nothing."""
    known = registre()
    filters = known.facettes(on)
    state = replace(asked, chosen=filters.valid(asked.chosen))
    if TOUS in asked.chosen.get(STATUT, ()):
        state = state.everywhere
    hits = known.find(state.q, on)
    counted = filters.count(hits.all, state.selection)
    hidden, widened = 0, False
    if state.implicit:
        wide = filters.count(hits.all, state.everywhere.selection)
        hidden = (wide.kept & ~counted.kept).bit_count()
        if hidden and not counted.kept:
            counted, widened = wide, True
    kept = hits.within(counted.kept)
    return Reponse(state, known, kept, counted.counts, on, widened, hidden)
