"""The default billing route of a hospital, from its tariff mode (decision 29)."""

from dataclasses import dataclass

FICHCOMP_MODES = frozenset({"0", "1", "3"})
RSF_MODES = frozenset({"4", "5"})
FOR_PROFIT = "2"
ESPIC, OTHER_NON_PROFIT = "6", "7"


@dataclass(frozen=True)
class RouteParDefaut:
    route: str
    a_confirmer: bool


def default_route(*, mode: str, statut: str, espic: str) -> RouteParDefaut:
    """Modes 0, 1, 3 bill by FICHCOMP, 4 and 5 by S3404.

    Doubtful, so « à confirmer »: a for-profit clinic in a funded mode, an ESPIC outside it, and
    every other non-profit hospital, which no rule names.
    """
    funded = mode in FICHCOMP_MODES
    doubtful = (
        (statut == FOR_PROFIT and funded)
        or (espic == ESPIC and not funded)
        or espic == OTHER_NON_PROFIT
    )
    return RouteParDefaut("FICHCOMP" if funded else "S3404", doubtful)
