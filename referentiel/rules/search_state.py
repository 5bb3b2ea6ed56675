"""The state of a search as its address holds it: words, filters, page (pure)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from referentiel.rules import facettes as f

MAX_QUERY = 200
MAX_VALUES = 40
TOUS = "tous"
FILTERS = (*f.OF_CADRES, *f.OF_PRODUCTS)
DEFAULT_STATUT = frozenset({f.EN_VIGUEUR})


@dataclass(frozen=True)
class SearchState:
    """What is searched: the words typed and the values chosen, filter by filter."""

    q: str = ""
    chosen: dict[str, frozenset[str]] = field(default_factory=dict)

    @property
    def implicit(self) -> bool:
        """Whether no status was chosen: those in force are shown first."""
        return f.STATUT not in self.chosen

    @property
    def selection(self) -> dict[str, frozenset[str]]:
        """The values that filter; « tous » filters nothing."""
        found = {f.STATUT: DEFAULT_STATUT, **self.chosen}
        if TOUS in found[f.STATUT]:
            del found[f.STATUT]
        return found

    @property
    def everywhere(self) -> SearchState:
        """The same search whatever the status."""
        return replace(self, chosen={**self.chosen, f.STATUT: frozenset({TOUS})})

    def without(self, name: str, value: str) -> SearchState:
        """The same search with one value less; no status left means all of them."""
        chosen = {f.STATUT: DEFAULT_STATUT, **self.chosen} if name == f.STATUT else self.chosen
        left = chosen.get(name, frozenset()) - {value}
        kept = {other: values for other, values in chosen.items() if other != name}
        if name == f.STATUT and not left:
            left = frozenset({TOUS})
        return replace(self, chosen={**kept, name: left} if left else kept)

    def query_string(self) -> str:
        """The address of this search: always the same for the same state."""
        pairs = [("q", self.q)] if self.q else []
        for name in FILTERS:
            pairs += [(name, value) for value in sorted(self.chosen.get(name, ()))]
        return f"?{urlencode(pairs)}" if pairs else ""


def read_state(q: str, values_of: Callable[[str], list[str]]) -> SearchState:
    """The state an address holds; what it cannot hold is passed over, the default is not noted."""
    chosen = {}
    for name in FILTERS:
        values = frozenset(value for value in values_of(name)[:MAX_VALUES] if value)
        if values and not (name == f.STATUT and values == DEFAULT_STATUT):
            chosen[name] = values
    return SearchState(q.replace("\0", "")[:MAX_QUERY].strip(), chosen)
