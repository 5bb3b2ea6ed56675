"""Six products of the shipped lists made ready for a demonstration.

The criteria are invented: no public source gives them. They are marked « exemple fictif », as is
each mention that no public table gives (decision 23).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from referentiel.models import Cadre, Produit, Specialite
from referentiel.selectors.medicines import mentions_manquantes
from referentiel.services.medicines import (
    EXEMPLE_FICTIF,
    Question,
    add_cadre,
    complete_produit,
    publish_criteria,
)
from referentiel.states import TypeCadre

SOURCE_BDPM = "BDPM 2026-05"
SOURCE_LIBELLE = "connaissance publique"
LABORATOIRE_FICTIF = "Laboratoire Exemple (fictif)"
PRESCRIPTION_FICTIVE = "Liste I. Prescription hospitalière (exemple fictif)."
HEPCLUDEX, INDOCIN = "9000525", "9321007"


@dataclass(frozen=True)
class ProduitDemo:
    """A real UCD, its mentions, one of its codes and the criteria invented for it."""

    ucd7: str
    code: str
    mentions: dict[str, str]
    questions: tuple[Question, ...]
    laboratoire: str = LABORATOIRE_FICTIF
    condition: str = PRESCRIPTION_FICTIVE
    indication: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


def _mentions(dci: str, forme: str, dosage: str, voie: str) -> dict[str, str]:
    return {"dci": dci, "forme": forme, "dosage": dosage, "voie": voie}


_ALINIA = (
    Question("L'infection à Cryptosporidium est-elle confirmée par un examen des selles ?"),
    Question("La diarrhée dure-t-elle depuis plus de sept jours malgré la réhydratation ?"),
    Question("Le patient est-il immunodéprimé ?"),
    Question("Le patient est-il allergique au nitazoxanide ?", attendu=False),
)

PRODUITS: tuple[ProduitDemo, ...] = (
    ProduitDemo(
        INDOCIN,
        "NINDO05",
        _mentions("indométacine", "suspension buvable", "25 mg/5 mL", "orale"),
        (
            Question("Le syndrome néphrotique congénital est-il confirmé par un néphrologue ?"),
            Question(
                "La protéinurie persiste-t-elle malgré un inhibiteur de l'enzyme de conversion ?"
            ),
            Question("La créatininémie est-elle surveillée chaque semaine ?"),
            Question("Existe-t-il une hémorragie digestive en cours ?", attendu=False),
        ),
    ),
    ProduitDemo(
        HEPCLUDEX,
        "",
        _mentions("bulévirtide", "poudre pour solution injectable", "2 mg", "sous-cutanée"),
        (
            Question("Le traitement a-t-il commencé sous accès compassionnel ?"),
            Question("L'ARN du virus de l'hépatite delta a-t-il diminué sous traitement ?"),
            Question("Le patient présente-t-il une cirrhose décompensée ?", attendu=False),
        ),
        laboratoire="GILEAD SCIENCES IRELAND UC (IRLANDE)",
        condition="Liste I. Prescription hospitalière réservée aux spécialistes en "
        "hépato-gastro-entérologie, médecine interne ou infectiologie.",
        indication="Infection chronique par le virus de l'hépatite delta : poursuite d'un "
        "traitement commencé en accès compassionnel (exemple fictif)",
        extra={"continuite": True},
    ),
    ProduitDemo(
        "9243810",
        "NPHYS01",
        _mentions(
            "salicylate de physostigmine", "solution injectable", "2 mg/5 mL", "intraveineuse"
        ),
        (
            Question("Le patient présente-t-il un syndrome anticholinergique central ?"),
            Question("Un électrocardiogramme a-t-il écarté un trouble de la conduction ?"),
            Question("Le patient a-t-il pris un antidépresseur tricyclique ?", attendu=False),
        ),
    ),
    ProduitDemo(
        "9002446",
        "NTIOP01",
        _mentions("tiopronine", "comprimé", "100 mg", "orale"),
        (
            Question("La cystinurie homozygote est-elle documentée ?"),
            Question("L'hydratation et l'alcalinisation des urines ont-elles échoué ?"),
            Question("Une surveillance de la protéinurie est-elle prévue ?"),
        ),
    ),
    ProduitDemo(
        "9294463", "NNITA03", _mentions("nitazoxanide", "comprimé", "500 mg", "orale"), _ALINIA
    ),
    ProduitDemo(
        "9299242",
        "NNITA03",
        _mentions("nitazoxanide", "poudre pour suspension buvable", "100 mg/5 mL", "orale"),
        _ALINIA,
    ),
    ProduitDemo(
        "9094468",
        "NETHI01",
        _mentions("éthionamide", "comprimé pelliculé", "250 mg", "orale"),
        (
            Question("La tuberculose est-elle confirmée par culture ?"),
            Question("La souche résiste-t-elle à l'isoniazide et à la rifampicine ?"),
            Question("Le dossier a-t-il été discuté avec le centre de référence ?"),
            Question("Le patient a-t-il une hépatite aiguë ?", attendu=False),
        ),
    ),
)


@transaction.atomic
def seed_criteria(*, by: Any) -> list[Cadre]:
    """Complete the demonstration products and publish their invented criteria, once.

    Returns their cadres; a product the loaded list does not hold is passed over.
    """
    cadres = []
    for demo in PRODUITS:
        specialite = Specialite.objects.filter(ucd7=demo.ucd7).select_related("produit").first()
        if specialite is None:
            continue
        produit = complete(specialite.produit, demo, by=by)
        cadre = cadre_of(produit, demo, by=by)
        if cadre is None:
            continue
        if not cadre.criteres_publies:
            cadre = publish_criteria(cadre, demo.questions, by=by, exemple_fictif=True)
        cadres.append(cadre)
    return cadres


def complete(produit: Produit, demo: ProduitDemo, *, by: Any) -> Produit:
    """Fill the mentions; those no public table gives are marked as invented."""
    if not mentions_manquantes(produit):
        return produit
    public = SOURCE_BDPM if demo.ucd7 == HEPCLUDEX else SOURCE_LIBELLE
    produit = complete_produit(produit, by=by, origin=public, **demo.mentions)
    invented = EXEMPLE_FICTIF if demo.laboratoire == LABORATOIRE_FICTIF else SOURCE_BDPM
    return complete_produit(
        produit,
        by=by,
        origin=invented,
        laboratoire=demo.laboratoire,
        condition_prescription=demo.condition,
        exemple_fictif=invented == EXEMPLE_FICTIF,
    )


def cadre_of(produit: Produit, demo: ProduitDemo, *, by: Any) -> Cadre | None:
    """The cadre of the chosen code, or the invented one of a continued treatment."""
    if demo.code:
        return produit.cadres.filter(code=demo.code).first()
    known = produit.cadres.filter(framework=TypeCadre.AAC, exemple_fictif=True).first()
    return known or add_cadre(
        produit,
        by=by,
        framework=TypeCadre.AAC,
        indication=demo.indication,
        exemple_fictif=True,
        **demo.extra,
    )
