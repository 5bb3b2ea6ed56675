"""One measure: two terms taken in one run, their ratio, its limit."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True)
class Ratio:
    """`measured` over `yardstick`, at most (or at least) `limit`."""

    name: str
    measured: float
    yardstick: float
    limit: float
    at_least: bool = False
    unit: str = "ms"

    @property
    def value(self) -> float:
        return self.measured / self.yardstick if self.yardstick else float("inf")

    @property
    def holds(self) -> bool:
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    @property
    def line(self) -> str:
        """« nom : 12,3 (615,0 ms / 50,0 ms), limite ≤ 20 : tenu »."""
        sign, verdict = "≥" if self.at_least else "≤", "tenu" if self.holds else "DÉPASSÉ"
        scale, unit = (1000, " ms") if self.unit == "ms" else (1, self.unit)
        terms = f"{self.measured * scale:.1f}{unit} / {self.yardstick * scale:.1f}{unit}"
        text = f"{self.name} : {self.value:.2f} ({terms}), limite {sign} {self.limit:g} : {verdict}"
        return text.replace(".", ",")


def percentile(times: list[float], share: float) -> float:
    """The value under which a share of the measures fall (nearest rank)."""
    ranked = sorted(times)
    return ranked[max(0, ceil(share * len(ranked)) - 1)]
