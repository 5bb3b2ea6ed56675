"""Who the patient of a request is: found by hospital number, or created from a full identity."""

from __future__ import annotations

from datetime import date
from typing import Any

from access.models import DemandeAac, Dossier, Patient
from access.rules.age import age, age_label
from engine.clocks import today
from engine.errors import InvalidInput

IDENTITE = ("nom", "prenom", "naissance", "sexe")


def identify(
    *, etablissement: Any, ipp: str, nom: str, prenom: str, naissance: date, sexe: str
) -> Patient:
    """The patient of this number in this establishment, created when the number is new."""
    found = Patient.objects.filter(etablissement=etablissement, ipp=ipp).first()
    if found is None:
        patient = Patient(
            etablissement=etablissement,
            ipp=ipp,
            nom=nom,
            prenom=prenom,
            naissance=naissance,
            sexe=sexe,
        )
        patient.full_clean()
        patient.save()
        return patient
    if found.naissance != naissance or found.nom.casefold() != nom.casefold():
        message = "Ce numéro hospitalier est déjà celui d'un autre patient : vérifiez-le."
        raise InvalidInput(message, errors={"patient_ipp": [message]})
    return found


def is_only_here(patient: Patient, dossier: Dossier) -> bool:
    """True while nothing but this draft speaks of the patient: the identity may be corrected."""
    if patient.traitements.exists():
        return False
    return not Dossier.objects.filter(patient=patient).exclude(pk=dossier.pk).exists()


def settle_patient(dossier: DemandeAac, identite: dict[str, Any]) -> None:
    """Tie a draft to the patient of a full identity, or correct the one it has just created."""
    values = {name: identite[name] for name in IDENTITE}
    current = dossier.patient
    if current is not None and is_only_here(current, dossier):
        _correct(current, identite["ipp"], values)
        show_patient(dossier)
        return
    dossier.patient = identify(
        etablissement=dossier.organisation.etablissement, ipp=identite["ipp"], **values
    )
    show_patient(dossier)


def _correct(patient: Patient, ipp: str, values: dict[str, Any]) -> None:
    taken = Patient.objects.filter(etablissement=patient.etablissement, ipp=ipp)
    if taken.exclude(pk=patient.pk).exists():
        message = "Ce numéro hospitalier est déjà celui d'un autre patient : vérifiez-le."
        raise InvalidInput(message, errors={"patient_ipp": [message]})
    patient.ipp = ipp
    for name, value in values.items():
        setattr(patient, name, value)
    patient.full_clean()
    patient.save()


def show_patient(dossier: DemandeAac) -> None:
    """What lists show of the patient while the request is a draft: initials and age."""
    patient = dossier.patient
    if patient is None:
        dossier.initiales, dossier.age = "", ""
        return
    dossier.initiales = patient.initiales
    dossier.age = age_label(*age(patient.naissance, today()))


def forget_if_unused(patient: Patient | None) -> None:
    """Erase the identity typed in a draft that was thrown away, when nothing else uses it."""
    if patient is None or patient.traitements.exists() or patient.dossiers.exists():
        return
    patient.delete()
