"""What the request form offers: choices, products found, other requests of the patient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from access.links import link
from access.models import DemandeAac, Dossier, Patient
from engine.clocks import today
from referentiel.formats.french import write_within
from referentiel.models import Affectation, Cadre, Produit, Pui, Service, Specialite, User
from referentiel.roles import Role
from referentiel.rules.noms import brand_of
from referentiel.selectors import medicines
from referentiel.states import TypeCadre

RELATED = (
    "organisation__etablissement", "service", "pui", "patient", "produit", "specialite", "cadre",
    "code_indication", "prescripteur", "detail_aac",
)  # fmt: skip


def drafts_for(user: Any) -> QuerySet[DemandeAac]:
    """The requests a person may open, with all their form reads."""
    return DemandeAac.objects.visible_to(user).select_related(*RELATED)


# --- Choices ----------------------------------------------------------------------------


def services_for(user: Any) -> QuerySet[Service]:
    """The services of the affectation, or all those of the hospital when it names none."""
    affectation = user.affectation
    found = Service.objects.filter(etablissement_id=affectation.organisation_id)
    return found.filter(pk__in=affectation.service_ids) if affectation.service_ids else found


def puis_for(user: Any) -> QuerySet[Pui]:
    """The pharmacies in service of the hospital."""
    return Pui.objects.filter(etablissement_id=user.affectation.organisation_id, active=True)


def seniors_for(user: Any) -> QuerySet[User]:
    """The prescribers in place in the hospital, those who may send a request."""
    held = Affectation.objects.in_force(today()).filter(
        role=Role.PRESCRIPTEUR, organisation_id=user.affectation.organisation_id
    )
    return User.objects.filter(pk__in=held.values("user_id"))


def cadres_for(produit: Produit | None) -> list[Cadre]:
    """The indications in which the product may be asked for today."""
    if produit is None:
        return []
    return list(medicines.cadres_ouverts(produit, today(), TypeCadre.AAC))


def other_strengths(demande: DemandeAac) -> list[Specialite]:
    """The other units of the same medicine: same DCI, or same brand."""
    produit = demande.produit
    if produit is None:
        return []
    found = Specialite.objects.select_related("produit")
    if demande.specialite_id is not None:
        found = found.exclude(pk=demande.specialite_id)
    brand = brand_of(produit.nom)
    near = found.filter(produit=produit)
    if produit.dci:
        near |= found.filter(produit__dci__iexact=produit.dci)
    if len(brand) >= 4:
        near |= found.filter(produit__texte_recherche__startswith=brand)
    return list(near.distinct()[:20])


# --- Product search ---------------------------------------------------------------------


def product_rows(words: str) -> list[dict[str, Any]]:
    """The products found, each with how many indications are open under AAC."""
    found = medicines.search_produits(words, limit=12)
    ids = [produit.pk for produit in found]
    opened = Cadre.objects.filter(
        medicines.open_on(today()), produit__in=ids, framework=TypeCadre.AAC
    )
    by_product: dict[Any, list[Cadre]] = {}
    for cadre in opened:
        by_product.setdefault(cadre.produit_id, []).append(cadre)
    return [
        {
            "produit": produit,
            "facts": " · ".join(
                part
                for part in (produit.dci, produit.forme, produit.dosage, produit.laboratoire)
                if part
            ),
            "cadres": by_product.get(produit.pk, []),
        }
        for produit in found
    ]


@dataclass(frozen=True)
class Choisi:
    """The product, and perhaps the indication, that a sheet of the référentiel chose."""

    produit: Produit
    cadre: Cadre | None


def chosen(produit: UUID | None, cadre: UUID | None) -> Choisi | None:
    """What an address names; an indication no longer open leaves its product."""
    if cadre is not None:
        row = Cadre.objects.select_related("produit").filter(pk=cadre).first()
        if row is not None:
            asked = row.framework == TypeCadre.AAC and row.is_open(today())
            return Choisi(row.produit, row if asked else None)
    row_produit = Produit.objects.filter(pk=produit).first() if produit is not None else None
    return Choisi(row_produit, None) if row_produit is not None else None


# --- Patient and other requests ----------------------------------------------------------


def patient_by_ipp(etablissement_id: Any, ipp: str) -> Patient | None:
    """The patient of this exact number in this hospital."""
    if not ipp:
        return None
    return Patient.objects.filter(etablissement_id=etablissement_id, ipp=ipp).first()


def same_need(demande: DemandeAac, user: Any) -> list[dict[str, str]]:
    """Other requests or live authorisations of this patient for this product, in sentences.

    One that the person may not open is said to exist, without its address.
    """
    if demande.patient_id is None:
        return []
    others = Dossier.objects.filter(patient_id=demande.patient_id).open()
    if demande.produit_id is not None:
        others = others.filter(produit_id=demande.produit_id)
    else:
        others = others.filter(produit=None)
    root = demande.jumeau_id or demande.pk
    others = others.exclude(pk__in=[demande.pk, root]).exclude(jumeau_id=root)
    found = list(others.order_by("created_at")[:5])
    if not found:
        return []
    readable = set(
        Dossier.objects.visible_to(user)
        .filter(pk__in=[other.pk for other in found])
        .values_list("pk", flat=True)
    )
    return [_told(other, other.pk in readable) for other in found]


def _told(other: Dossier, readable: bool) -> dict[str, str]:
    state = write_within(other.get_state_display())
    if readable:
        return {
            "text": f"{other.nom_affiche} ({state})",
            "url": link("access:dossier", other.pk),
        }
    return {"text": f"une demande d'un autre service de votre établissement ({state})", "url": ""}
