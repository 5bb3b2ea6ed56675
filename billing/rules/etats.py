"""The state a line takes from its controls."""

from collections.abc import Iterable

from billing.rules.faits import Blocage, PorteeControle
from billing.states import EtatLigne


def line_state(blocages: Iterable[Blocage]) -> EtatLigne:
    """Left out when nothing was given; else blocked, waiting, left out (0 €) or ready.

    A number of 0 is excluded and reported whatever else is wrong: there is nothing to bill.
    """
    found = list(blocages)
    gravites = {blocage.gravite for blocage in found}
    if any(blocage.code == "nombre_nul" for blocage in found):
        return EtatLigne.EXCLUE
    if PorteeControle.BLOQUANT in gravites:
        return EtatLigne.BLOQUEE
    if PorteeControle.EXCLUSION in gravites:
        return EtatLigne.EXCLUE
    if PorteeControle.ATTENTE in gravites:
        return EtatLigne.EN_ATTENTE
    return EtatLigne.PRETE
