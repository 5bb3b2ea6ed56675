"""The table of pharmacovigilance centres, kept by the platform's administrators."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from engine import journal
from engine.errors import Forbidden
from followup.models import CoordonneesCrpv
from referentiel.models import Organisation
from referentiel.permissions import ReferentielPermission, is_granted


@transaction.atomic
def keep_coordinates(*, organisation: Organisation, by: Any, **fields: str) -> CoordonneesCrpv:
    """Write how a centre is reached; the journal says who changed it."""
    if not is_granted(by, ReferentielPermission.ADD_ORGANISATION):
        raise Forbidden("Seul un administrateur de la plateforme tient ces coordonnées.")
    known = CoordonneesCrpv(organisation=organisation, **fields)
    known.full_clean(validate_unique=False, validate_constraints=False)
    CoordonneesCrpv.objects.update_or_create(organisation=organisation, defaults=fields)
    journal.record(organisation, "keep_coordinates", by=by, label="Coordonnées modifiées")
    return known
