"""What the documents of a decision share: its author, its code and the way to verify it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import segno
from django.conf import settings
from django.urls import reverse

from access.models import Decision

DELEGATION = "Pour la directrice générale ou le directeur général, et par délégation"


@dataclass(frozen=True)
class Signature:
    """Who decided, in what capacity, when."""

    nom: str
    qualite: str
    le: datetime
    mention: str = DELEGATION


@dataclass(frozen=True)
class Verification:
    """The 128-bit code of a decision and its public page, which says nothing of the patient."""

    code: str
    page: str
    qr: str

    @property
    def groupes(self) -> str:
        """The code as people type it, by fours on two lines."""
        fours = [self.code[n : n + 4] for n in range(0, len(self.code), 4)]
        return "\u00a0".join(fours[:4]) + "\n" + "\u00a0".join(fours[4:])


def signature(decision: Decision) -> Signature:
    """The author as the decision kept them."""
    return Signature(decision.decideur_nom, decision.decideur_qualite, decision.le)


def verification(decision: Decision) -> Verification:
    """The public address of a decision, also as a QR code."""
    site = settings.PLACET_BASE_URL
    address = site + reverse("access:verifier", args=[decision.code])
    image = segno.make(address, error="m").svg_data_uri(scale=4, border=2)
    return Verification(decision.code, site + reverse("access:verifier"), image)
