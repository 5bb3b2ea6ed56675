"""A request closed without action: no answer came to the complement asked (CRPA, L. 114-5)."""

from __future__ import annotations

from access.documents import refus_aac
from access.documents.refus_aac import RefusAac
from access.models import Decision


def build(decision: Decision) -> RefusAac:
    """The same identity, facts and remedies as a refusal, without a ground on the merits."""
    return refus_aac.build(decision, "Classement sans suite d'une demande d'accès compassionnel")
