"""Products a search found, in its order, read from the database a page at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, overload
from uuid import UUID

from referentiel.models import Produit
from referentiel.rules.search_engine import Hits
from referentiel.selectors.search_index import Registre, loaded

BATCH = 500


@dataclass(frozen=True)
class Trouves(Sequence[Produit]):
    """A list of products that paginators slice: only what a page shows is loaded."""

    registre: Registre
    hits: Hits
    related: tuple[Any, ...] = ()

    def prefetch_related(self, *names: Any) -> Trouves:
        return replace(self, related=(*self.related, *names))

    def within(self, allowed: int) -> Trouves:
        """Those of a set of products."""
        return replace(self, hits=self.hits.within(allowed))

    @cached_property
    def _count(self) -> int:
        return len(self.hits)

    def __len__(self) -> int:
        return self._count

    def keys(self, start: int = 0, stop: int | None = None) -> list[UUID]:
        """The keys of the products from one place to another."""
        return [self.registre.keys[rank] for rank in self.hits[start:stop]]

    @overload
    def __getitem__(self, at: int) -> Produit: ...

    @overload
    def __getitem__(self, at: slice) -> list[Produit]: ...

    def __getitem__(self, at: int | slice) -> Produit | list[Produit]:
        if isinstance(at, slice):
            start, stop, step = at.indices(len(self))
            return self._load(self.keys(start, stop))[::step]
        if not -len(self) <= at < len(self):
            raise IndexError(at)
        at %= len(self)
        return self._load(self.keys(at, at + 1))[0]

    def __iter__(self) -> Iterator[Produit]:
        return iter(self._load(self.keys()))

    def _load(self, keys: list[UUID]) -> list[Produit]:
        found: list[Produit] = []
        for start in range(0, len(keys), BATCH):
            some = keys[start : start + BATCH]
            rows = Produit.objects.filter(pk__in=some).prefetch_related(*self.related)
            found += loaded(some, rows)
        return found
