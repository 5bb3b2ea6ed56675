"""Refusals of billing: each is a French sentence, and nothing was changed."""

from collections.abc import Sequence

from engine.errors import StepError


class Refus(StepError):
    """The month or the price cannot be treated as asked."""

    status = 422


class SaisieRefusee(StepError):
    """Typed or pasted lines with at least one fault: none was recorded, all faults are listed."""

    status = 422

    def __init__(self, fautes: Sequence[str]) -> None:
        count = len(fautes)
        faults = "1 faute" if count == 1 else f"{count} fautes"
        super().__init__(f"Rien n'a été enregistré\u00a0: {faults} à corriger.")
        self.fautes = list(fautes)
