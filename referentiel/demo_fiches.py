"""What the sheets of the demonstration show that no public source gives: all of it invented.

Each document says « exemple fictif ». A wholly invented product carries what is told of a refusal,
so that no real medicine is said to have been refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from referentiel.demo_textes import FICHES, TITRES, FicheDemo, VersionDemo
from referentiel.models import Cadre, ContactProduit, Produit, Specialite
from referentiel.services.changes import annonce, announce
from referentiel.services.documents import add_document, add_extraits
from referentiel.services.medicines import (
    Question,
    add_cadre,
    add_produit,
    complete_produit,
    publish_criteria,
    update_cadre,
)
from referentiel.states import (
    NatureChangement,
    NatureContact,
    RubriqueSecurite,
    StatutCadre,
    TypeCadre,
    TypeDocument,
)

FICTIF = " (exemple fictif)"
LABORATOIRE = "Laboratoire Exemple (fictif)"
FICTIVAL = "FICTIVAL 10 mg, gélule (fictif)"


@transaction.atomic
def seed_sheets(*, by: Any) -> int:
    """Give the demonstration products their invented sheet, once; returns how many were filled."""
    filled = 0
    for demo in FICHES:
        found = Specialite.objects.filter(ucd7=demo.ucd7).select_related("produit").first()
        if found is None or found.produit.resume_patient:
            continue
        _fill(found.produit, demo, by)
        filled += 1
    if not Produit.objects.filter(nom=FICTIVAL).exists():
        _fictival(by)
        filled += 1
    return filled


def _fill(produit: Produit, demo: FicheDemo, by: Any) -> None:
    cadre = produit.cadres.filter(code=demo.code).first()
    complete_produit(produit, by=by, origin="exemple fictif", resume_patient=demo.resume)
    if cadre is not None and demo.conditions:
        update_cadre(cadre, by=by, conditions=demo.conditions)
    for kind, versions in demo.documents.items():
        own = cadre if kind == TypeDocument.PUT_SP else None
        publish_versions(produit, kind, versions, by=by, cadre=own)
    _contacts(produit)
    announce(
        [
            annonce(
                produit,
                NatureChangement.PRODUIT_MODIFIE,
                "Texte pour le patient ajouté (exemple fictif)",
                champ="resume_patient",
                apres=demo.resume,
            )
        ],
        origine="démonstration",
    )


def publish_versions(
    produit: Produit,
    kind: TypeDocument,
    versions: Sequence[VersionDemo],
    *,
    by: Any,
    cadre: Cadre | None = None,
) -> None:
    """The invented versions of one document, each replacing the one before."""
    earlier = None
    for row in versions:
        earlier = add_document(
            produit,
            by=by,
            cadre=cadre,
            type=kind,
            titre=TITRES[kind] + FICTIF,
            version=row.version,
            date_publication=row.effet,
            date_effet=row.effet,
            texte=row.texte,
            remplace=earlier,
            exemple_fictif=True,
            annoncer=False,
        )
        add_extraits(earlier, row.extraits, by=by)


def _contacts(produit: Produit, *, plateforme: bool = False) -> None:
    rows = [
        (NatureContact.INFORMATION_MEDICALE, "Information médicale", "01 99 00 00 01", ""),
        (NatureContact.COMMANDE, "Service des commandes", "01 99 00 00 02", ""),
        (NatureContact.PHARMACOVIGILANCE, "Pharmacovigilance", "01 99 00 00 03", ""),
    ]
    if plateforme:
        page = "https://acces.exemple.invalid/fictival"
        rows.append((NatureContact.PLATEFORME, "Plateforme d'accès", "", page))
    ContactProduit.objects.bulk_create(
        ContactProduit(
            produit=produit,
            nature=nature,
            nom=nom,
            telephone=telephone,
            url=url,
            courriel="" if url else f"{nature.value.lower().replace('_', '-')}@exemple.invalid",
            exemple_fictif=True,
        )
        for nature, nom, telephone, url in rows
    )


def _fictival(by: Any) -> None:
    """An invented product: an early access in force, one refused, a framework not established."""
    produit = add_produit(
        by=by,
        nom=FICTIVAL,
        dci="fictivalum",
        forme="gélule",
        dosage="10 mg",
        voie="orale",
        laboratoire=LABORATOIRE,
        condition_prescription="Prescription hospitalière (exemple fictif).",
    )
    complete_produit(produit, by=by, exemple_fictif=True)
    _contacts(produit, plateforme=True)
    opened = _cadre(
        produit,
        by,
        TypeCadre.AAP,
        StatutCadre.OCTROYEE,
        "Maladie inventée de l'adulte, en deuxième ligne (exemple fictif)",
    )
    publish_criteria(
        opened,
        [
            Question("Le diagnostic inventé est-il confirmé par le laboratoire de référence ?"),
            Question("Une première ligne de traitement a-t-elle échoué ?"),
        ],
        by=by,
        exemple_fictif=True,
    )
    put = VersionDemo(
        "1",
        date(2026, 1, 10),
        "Protocole inventé pour la démonstration : une fiche à l'entrée, une tous les trois mois.",
        ((RubriqueSecurite.EFFET_INDESIRABLE, "Maux de tête, fréquents dans l'essai inventé."),),
    )
    publish_versions(produit, TypeDocument.PUT_RD, [put], by=by, cadre=opened)
    refused = _cadre(
        produit,
        by,
        TypeCadre.AAP,
        StatutCadre.REFUSEE,
        "Maladie inventée de l'enfant (exemple fictif)",
    )
    no = VersionDemo("1", date(2025, 11, 4), "Refus inventé : le traitement peut être différé.")
    publish_versions(produit, TypeDocument.DECISION_HAS, [no], by=by, cadre=refused)
    reported = _cadre(
        produit,
        by,
        TypeCadre.CPC,
        StatutCadre.NON_RETENU,
        "Usage inventé signalé par une filière (exemple fictif)",
    )
    not_kept = VersionDemo("1", date(2026, 2, 2), "Signalement inventé, non retenu.")
    publish_versions(produit, TypeDocument.DECISION_CPC, [not_kept], by=by, cadre=reported)


def _cadre(
    produit: Produit, by: Any, framework: TypeCadre, statut: StatutCadre, indication: str
) -> Cadre:
    return add_cadre(
        produit,
        by=by,
        framework=framework,
        statut=statut,
        indication=indication,
        debut=date(2025, 11, 4),
        exemple_fictif=True,
    )
