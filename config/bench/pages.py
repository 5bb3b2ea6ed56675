"""Public pages beside an empty page of the same server, in one process."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

from django.test import Client
from django.urls import reverse

from config.bench.ratios import percentile
from referentiel.models import Produit

EMPTY = "accessibilite"  # the public frame around a text: nothing is read
ROUNDS = 3


@dataclass(frozen=True)
class PageTimes:
    """The 95th percentile of each kind of page, in seconds."""

    empty: float
    search: float
    sheet: float


def measure(queries: list[str]) -> PageTimes:
    """Search each query, open as many sheets, and the empty page between them."""
    client = Client()
    search = reverse("referentiel:recherche")
    ids = list(Produit.objects.order_by("pk").values_list("pk", flat=True))
    step = max(1, len(ids) // len(queries))
    sheets = [reverse("referentiel:produit", args=[pk]) for pk in ids[::step][: len(queries)]]
    _get(client, reverse(EMPTY)), _get(client, search, queries[0]), _get(client, sheets[0])
    empty, found, opened = [], [], []
    for _ in range(ROUNDS):
        for n, query in enumerate(queries):
            empty.append(_get(client, reverse(EMPTY)))
            found.append(_get(client, search, query))
            opened.append(_get(client, sheets[n % len(sheets)]))
    return PageTimes(*(percentile(times, 0.95) for times in (empty, found, opened)))


def _get(client: Client, address: str, q: str = "") -> float:
    """Seconds of one answer; anything but 200 stops the bench."""
    start = perf_counter()
    answer = client.get(address, {"q": q} if q else {}, HTTP_HOST="localhost", secure=True)
    seconds = perf_counter() - start
    if answer.status_code != 200:
        raise RuntimeError(f"{address} a répondu {answer.status_code}.")
    return seconds
