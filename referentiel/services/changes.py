"""The public log: what changed on which product. Feeds, sheets, alerts and the API read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from engine.clocks import now
from engine.outbox import Draft, write
from referentiel.models import Cadre, Changement, Produit
from referentiel.states import NatureChangement

# What may concern a dossier under way: an alert is prepared for those who hold one.
SENSIBLES = frozenset(
    {
        NatureChangement.CADRE_OUVERT,
        NatureChangement.CADRE_MODIFIE,
        NatureChangement.CADRE_FERME,
        NatureChangement.CODE_FERME,
        NatureChangement.CODE_MODIFIE,
        NatureChangement.CRITERES_PUBLIES,
        NatureChangement.DOCUMENT_PUBLIE,
        NatureChangement.DISPONIBILITE,
    }
)
# What a decision carries of a product: a mention filled in is no news, one that moves is.
MENTIONS = frozenset(
    {"nom", "dci", "forme", "dosage", "voie", "laboratoire", "condition_prescription"}
)
NON_PRECISE = "non précisé"
JOB = "access.produit_changed"
BATCH = 500


@dataclass(frozen=True)
class Annonce:
    """One line for the log, before it is written."""

    produit_id: UUID
    nature: NatureChangement
    titre: str
    cadre_id: UUID | None = None
    champ: str = ""
    avant: str = ""
    apres: str = ""


def annonce(
    subject: Produit | Cadre,
    nature: NatureChangement,
    titre: str,
    *,
    champ: str = "",
    avant: str = "",
    apres: str = "",
) -> Annonce:
    """A line about a product, or about one of its cadres."""
    if isinstance(subject, Cadre):
        return Annonce(subject.produit_id, nature, titre, subject.pk, champ, avant, apres)
    return Annonce(subject.pk, nature, titre, None, champ, avant, apres)


def concerns_dossiers(line: Annonce) -> bool:
    """Whether those who hold a dossier of the product are to be told."""
    corrected = line.nature == NatureChangement.PRODUIT_MODIFIE and line.champ in MENTIONS
    return line.nature in SENSIBLES or (corrected and line.avant not in ("", NON_PRECISE))


@transaction.atomic
def announce(annonces: Sequence[Annonce], *, origine: str) -> list[Changement]:
    """Write lines of the log and ask, once per product, which dossiers they touch.

    `origine` says where the change comes from: an official list and its version, or two persons.
    """
    if not annonces:
        return []
    at = now()
    rows = [
        Changement(
            produit_id=line.produit_id,
            cadre_id=line.cadre_id,
            nature=line.nature,
            titre=line.titre[:300],
            champ=line.champ[:40],
            avant=line.avant,
            apres=line.apres,
            origine=origine[:120],
            le=at,
            sensible=concerns_dossiers(line),
        )
        for line in annonces
    ]
    Changement.objects.bulk_create(rows, batch_size=BATCH)
    touched = sorted({str(row.produit_id) for row in rows if row.sensible})
    write(
        None,
        [
            Draft(
                kind="job",
                name=JOB,
                key=f"{JOB}:{rows[0].pk}:{start}",
                payload={"produits": touched[start : start + BATCH], "le": at.isoformat()},
            )
            for start in range(0, len(touched), BATCH)
        ],
    )
    return rows
