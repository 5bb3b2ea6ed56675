"""What a person needs to declare an adverse event: where, and what to copy. Nothing is sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from access.models import DetailDemandeAac, Dispensation, Dossier, Patient
from access.rules.age import age, age_label
from access.states import Kind
from engine.clocks import today
from referentiel.dates import jour_long
from referentiel.formats.french import write_number
from referentiel.models import Organisation, TypeOrganisation
from referentiel.selectors.etablissements import ContactRegional, regional_contacts
from referentiel.selectors.signalement import Signalement, signalement_aac


@dataclass(frozen=True)
class Fait:
    """One thing to copy into the declaration."""

    label: str
    value: str


@dataclass(frozen=True)
class Centre:
    """A pharmacovigilance centre of the region and what is known to reach it."""

    nom: str
    ressort: str = ""
    adresse: str = ""
    telephone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Declaration:
    """The page of a declaration."""

    faits: list[Fait]
    centres: list[Centre]
    region: str
    signalement: Signalement

    @property
    def texte(self) -> str:
        """All of it as lines to paste."""
        return "\n".join(f"{fait.label}\u00a0: {fait.value}" for fait in self.faits)


def declaration_of(dossier: Dossier, by: Any) -> Declaration:
    """Gather what the dossier already knows, for the hospital that treats the patient."""
    region = dossier.organisation.region
    return Declaration(
        faits=_faits(dossier, by),
        centres=centres_of(region),
        region=region,
        signalement=signalement_aac(dossier.produit, dossier.cadre, today()),
    )


def centres_of(region: str) -> list[Centre]:
    """The pharmacovigilance centres of a region, none when the table does not know it."""
    if not region:
        return []
    return [_centre(organisation) for organisation in all_centres().filter(region=region)]


@regional_contacts
def contacts_of(region: str, departement: str) -> list[ContactRegional]:
    """The centres of a region; those whose remit names the department, when some do."""
    centres = centres_of(region)
    named = [c for c in centres if departement in re.findall(r"\w+", c.ressort)]
    return [
        ContactRegional(
            "Pharmacovigilance (CRPV)",
            centre.nom,
            tuple(text for text in (centre.telephone, centre.email, centre.adresse) if text),
        )
        for centre in named or centres
    ]


def all_centres() -> QuerySet[Organisation]:
    """Every pharmacovigilance centre in activity, with what is known to reach it."""
    found = Organisation.objects.filter(type=TypeOrganisation.CRPV, actif=True)
    return found.select_related("coordonnees_crpv").order_by("region", "nom", "id")


def _centre(organisation: Organisation) -> Centre:
    known = getattr(organisation, "coordonnees_crpv", None)
    if known is None:
        return Centre(organisation.nom)
    return Centre(organisation.nom, known.ressort, known.adresse, known.telephone, known.email)


def _faits(dossier: Dossier, by: Any) -> list[Fait]:
    """Person, medicine, dose, lots and dates; what is unknown is left out."""
    source = dossier.parent if dossier.kind == Kind.AAC and dossier.parent else dossier
    detail = getattr(source, "detail_aac", None)
    given = list(
        Dispensation.objects.filter(titre__in=[dossier.pk, *_grants(dossier)]).order_by("jour")
    )
    lines = [
        *_patient(dossier.patient, detail),
        *_medicine(dossier),
        Fait("Indication", dossier.indication),
        Fait("Posologie", _dose(detail, given)),
        *_dispensed(given),
        Fait("Cadre", _cadre(dossier)),
        Fait("Déclarant", f"{by.full_name}, {by.affectation.label}"),
    ]
    return [line for line in lines if line.value]


def _grants(dossier: Dossier) -> list[Any]:
    return [pk for (pk,) in dossier.suites.values_list("pk")]


def _patient(patient: Patient | None, detail: DetailDemandeAac | None) -> list[Fait]:
    if patient is None:
        return []
    weight = detail.poids_kg if detail else None
    return [
        Fait("Initiales du patient", patient.initiales),
        Fait("Âge", age_label(*age(patient.naissance, today()))),
        Fait("Sexe", str(patient.get_sexe_display())),  # type: ignore[attr-defined]
        Fait("Poids", f"{write_number(weight)} kg" if weight else ""),
    ]


def _medicine(dossier: Dossier) -> list[Fait]:
    specialite = dossier.specialite
    return [
        Fait("Médicament", dossier.produit_nom),
        Fait("DCI", dossier.produit.dci if dossier.produit else ""),
        Fait("Code UCD", (specialite.ucd7 or "") if specialite else ""),
    ]


def _dose(detail: DetailDemandeAac | None, given: list[Dispensation]) -> str:
    """The last ordonnance dispensed, else what the request asks."""
    if given:
        return given[-1].ordonnance_dose
    if detail is None or not detail.dose:
        return ""
    return " ".join(f"{write_number(detail.dose)} {detail.dose_unite} {detail.frequence}".split())


def _dispensed(given: list[Dispensation]) -> list[Fait]:
    """First and last day, then each lot with its units: the lot is what vigilance asks first."""
    if not given:
        return []
    lots: dict[str, Decimal] = {}
    for row in given:
        lots[row.lot] = lots.get(row.lot, Decimal(0)) + row.quantite
    return [
        Fait("Première dispensation", jour_long(given[0].jour)),
        Fait("Dernière dispensation", jour_long(given[-1].jour)),
        *[Fait(f"Lot dispensé ({write_number(n)} UCD)", lot) for lot, n in lots.items()],
    ]


def _cadre(dossier: Dossier) -> str:
    if dossier.kind == Kind.AAC:
        return f"Autorisation d'accès compassionnel {dossier.nom_affiche}"
    return f"Demande d'autorisation d'accès compassionnel, {dossier.nom_affiche}"
