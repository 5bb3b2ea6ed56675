"""Stays and administrations enter: typed one by one or pasted, all of them or none."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from access.models import Dispensation, Patient
from billing.errors import Refus, SaisieRefusee
from billing.formats import saisie
from billing.formats.saisie import LigneSaisie
from billing.models import Administration, Sejour
from billing.rules.sejours import stay_faults
from billing.services.rattachement import Rattachement
from engine import clocks, journal
from referentiel.models import Etablissement


@transaction.atomic
def record_stay(
    *,
    etablissement: Etablissement,
    numero: str,
    patient: Patient,
    entree: date,
    sortie: date | None,
    by: Any,
) -> Sejour:
    """Record a stay, or bring a known one to its dates; a stay never changes patient."""
    sejour = (
        Sejour.objects.select_for_update()
        .filter(etablissement=etablissement, numero=numero)
        .first()
    )
    if sejour is None:
        sejour = Sejour(etablissement=etablissement, numero=numero, patient=patient)
        action = "record_stay"
    elif sejour.patient_id != patient.pk:
        raise Refus(f"Le séjour {numero} est celui d'un autre patient.")
    elif (sejour.entree, sejour.sortie) == (entree, sortie):
        return sejour
    else:
        action = "update_stay"
    sejour.entree, sejour.sortie = entree, sortie
    _validated(sejour).save()
    journal.record(sejour, action, by=by)
    return sejour


@transaction.atomic
def record_administrations(
    *, etablissement: Etablissement, text: str, by: Any
) -> list[Administration]:
    """Record every administration of a pasted text, or none with all its faults."""
    rows, fautes = saisie.parse(text)
    found = Rattachement(etablissement, rows)
    matched = [(row, found.match(row)) for row in rows]
    fautes = sorted([*fautes, *found.fautes], key=lambda faute: faute.ligne)
    if fautes:
        raise SaisieRefusee([str(faute) for faute in fautes])
    return [_record_row(etablissement, row, match, by) for row, match in matched if match]


@transaction.atomic
def record_administration(
    *,
    dispensation: Dispensation,
    numero_sejour: str,
    entree: date,
    sortie: date | None,
    jour: date,
    quantite: Decimal,
    perte: Decimal = Decimal(0),
    validation: str = "",
    by: Any,
) -> Administration:
    """Record one administration with its stay, under the rules of pasted ones."""
    row = LigneSaisie(1, numero_sejour, entree, sortie, str(dispensation.pk), jour, quantite, perte)
    found = Rattachement(dispensation.etablissement, [row])
    match = found.match(row)
    if found.fautes or match is None:
        raise SaisieRefusee([faute.message for faute in found.fautes])
    return _record_row(dispensation.etablissement, row, match, by, validation)


@transaction.atomic
def correct_stay(*, sejour: Sejour, entree: date, sortie: date | None, by: Any) -> Sejour:
    """Correct the dates of a stay, most often by adding its discharge."""
    for _, message in stay_faults(entree, sortie, clocks.today()):
        raise Refus(message[:1].upper() + message[1:])
    return record_stay(
        etablissement=sejour.etablissement,
        numero=sejour.numero,
        patient=sejour.patient,
        entree=entree,
        sortie=sortie,
        by=by,
    )


@transaction.atomic
def remove_administration(*, administration: Administration, by: Any) -> None:
    """Take out an administration recorded by mistake; files already made keep their lines."""
    journal.record(
        administration.sejour,
        "remove_administration",
        by=by,
        administration=str(administration.pk),
        dispensation=str(administration.dispensation_id),
    )
    administration.delete()


def _record_row(
    etablissement: Etablissement,
    row: LigneSaisie,
    dispensation: Dispensation,
    by: Any,
    validation: str = "",
) -> Administration:
    known = Sejour.objects.filter(etablissement=etablissement, numero=row.numero_sejour).first()
    sejour = record_stay(
        etablissement=etablissement,
        numero=row.numero_sejour,
        patient=dispensation.patient,
        entree=row.entree,
        sortie=row.sortie or (known.sortie if known else None),
        by=by,
    )
    administration = Administration(
        dispensation=dispensation,
        sejour=sejour,
        jour=row.jour,
        quantite=row.quantite,
        perte=row.perte,
        validation=validation,
        saisi_par_id=by.pk,
        saisi_le=clocks.now(),
    )
    _validated(administration).save()
    journal.record(
        sejour,
        "record_administration",
        by=by,
        administration=str(administration.pk),
        dispensation=str(dispensation.pk),
    )
    return administration


def _validated(row: Any) -> Any:
    try:
        row.full_clean()
    except ValidationError as error:
        raise SaisieRefusee(error.messages) from error
    return row
