"""What an establishment keeps of itself: services, pharmacies, billing; and new organisations."""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from engine import journal
from engine.errors import Blocked, Conflict, Forbidden
from engine.steps import Blocker
from referentiel.errors import refused
from referentiel.models import Etablissement, Omedit, Organisation, Pui, Service
from referentiel.permissions import ReferentielPermission, can, is_granted
from referentiel.selectors.people import heads_of

P = ReferentielPermission
Row = TypeVar("Row", bound=models.Model)


@transaction.atomic
def save_service(*, by: Any, service: Service, **values: Any) -> Service:
    """Add or correct a service; its head is a prescriber of the establishment."""
    chef = values.get("chef")
    if chef is not None and not heads_of(service.etablissement_id).filter(pk=chef.pk).exists():
        raise refused("Le chef est un prescripteur de l'établissement.", "chef")
    return _write(by, service, "service", values)


@transaction.atomic
def save_pui(*, by: Any, pui: Pui, **values: Any) -> Pui:
    """Add or correct a pharmacy: its shared box, whether it is active, stocks, retrocedes."""
    return _write(by, pui, "pui", values)


@transaction.atomic
def save_billing(*, by: Any, etablissement: Etablissement, **values: Any) -> Etablissement:
    """Correct the billing of an establishment; a route typed by a person is no longer doubtful."""
    values |= {"route_saisie": True, "route_a_confirmer": False}
    return _write(by, etablissement, "facturation", values)


@transaction.atomic
def save_omedit(*, by: Any, omedit: Omedit, **values: Any) -> Omedit:
    """Complete how the OMEDIT of a region is reached; the audit log keeps who and what."""
    if not is_granted(by, P.ADD_ORGANISATION):
        raise Forbidden("Seule la plateforme tient les coordonnées des OMEDIT.")
    row = Omedit.objects.select_for_update().get(pk=omedit.pk)
    for name, value in values.items():
        setattr(row, name, value)
    _check(row, values)
    row.save()
    return row


@transaction.atomic
def add_organisation(*, by: Any, **values: Any) -> Organisation:
    """Add an agency, a company or another body that is no hospital."""
    if not is_granted(by, P.ADD_ORGANISATION):
        raise Forbidden("Seule la plateforme ajoute une organisation.")
    organisation = Organisation.objects.create(**values)
    journal.record(organisation, "ajouter_organisation", by=by, type=organisation.type)
    return organisation


def _write(by: Any, row: Row, what: str, values: dict[str, Any]) -> Row:
    """Set the values, check, save, and journal the names of the fields that changed."""
    if not can(P.EDIT_ETABLISSEMENT)(by, row):
        raise Forbidden("Vous ne tenez pas cet établissement.")
    adding = row._state.adding
    if not adding:
        row = type(row)._default_manager.select_for_update().get(pk=row.pk)
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    if not changed and not adding:
        return row
    for name, value in values.items():
        setattr(row, name, value)
    _check(row, values)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Conflict("Une autre personne vient d'enregistrer la même chose.") from error
    organisation = Organisation.objects.get(pk=getattr(row, "etablissement_id", row.pk))
    action = f"ajouter_{what}" if adding else f"modifier_{what}"
    facts: dict[str, Any] = {
        "organisation": str(organisation.pk),
        "objet": str(row.pk),
        "champs": changed,
    }
    journal.record(organisation, action, by=by, **facts)
    return row


def _check(row: models.Model, values: dict[str, Any]) -> None:
    """The values and the constraints of the row; each fault is tied to its field."""
    others = {field.name for field in row._meta.fields} - set(values)
    try:
        row.clean_fields(exclude=others)
        row.validate_constraints()
    except ValidationError as error:
        found = [
            Blocker("saisie", message, name if name in values else "")
            for name, messages in error.message_dict.items()
            for message in messages
        ]
        raise Blocked(found) from error
