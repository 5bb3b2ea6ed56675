"""What an import did, for the command line, the page and the database: counts, rows set aside."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from engine import clocks
from referentiel.importers.base import Lot, Rejet
from referentiel.importers.differences import BATCH, Bilan
from referentiel.models import ImportRejet, ImportRun
from referentiel.states import StatutImport

DEJA_CONNU = "DEJA_CONNU"


@dataclass
class Rapport:
    """What an import did, for the command line and the page."""

    source: str
    fichier: str
    statut: str
    message: str
    sha256: str = ""
    version: str = ""
    lues: int = 0
    bilan: Bilan = field(default_factory=Bilan)
    rejets: list[Rejet] = field(default_factory=list)
    run: ImportRun | None = None
    regroupees: int = 0
    ignorees: int = 0

    @property
    def accepted(self) -> bool:
        return self.statut != StatutImport.REFUSE

    def as_json(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "fichier": self.fichier,
            "statut": self.statut,
            "message": self.message,
            "sha256": self.sha256,
            "version": self.version,
            "import": str(self.run.pk) if self.run else None,
            "lues": self.lues,
            "ajoutees": self.bilan.ajoutees,
            "modifiees": self.bilan.modifiees,
            "fermees": self.bilan.fermees,
            "inchangees": self.bilan.inchangees,
            "ecartees": len(self.rejets),
            "regroupees": self.regroupees,
            "ignorees": self.ignorees,
            "retenues": self.bilan.retenues,
            "rejets": [
                {
                    "fichier": rejet.fichier,
                    "ligne": rejet.ligne,
                    "colonne": rejet.colonne,
                    "raison": rejet.raison,
                    "contenu": rejet.contenu,
                }
                for rejet in self.rejets
            ],
        }


def already_known(rapport: Rapport, known: ImportRun) -> Rapport:
    """The report of a file whose bytes were applied before."""
    rapport.statut, rapport.run, rapport.version = DEJA_CONNU, known, known.version
    told = known.ecartees + known.regroupees + known.ignorees
    rapport.bilan = Bilan(inchangees=known.lues - told)
    rapport.regroupees, rapport.ignorees = known.regroupees, known.ignorees
    rapport.message = (
        f"Ce fichier a déjà été importé le {clocks.local(known.commence_le):%d/%m/%Y} : "
        "rien à changer."
    )
    return rapport


def agreed(word: str, number: int) -> str:
    """A word of a count, with the mark of the plural from two on."""
    return word if number < 2 or " " in word else f"{word}s"


def summary(bilan: Bilan, lot: Lot) -> str:
    """The counts in a sentence where every row read is told once, then what became of the rest."""
    counts = [
        (bilan.ajoutees, "ajoutée"),
        (bilan.modifiees, "modifiée"),
        (bilan.inchangees, "inchangée"),
        (len(lot.rejets), "écartée"),
    ]
    counts += [(lot.regroupees, "regroupée")] * bool(lot.regroupees)
    counts += [(lot.ignorees, "hors du référentiel")] * bool(lot.ignorees)
    told = ", ".join(f"{n} {agreed(word, n)}" for n, word in counts)
    text = (
        f"{lot.total} {agreed('ligne', lot.total)} {agreed('lue', lot.total)} : {told}. "
        f"{bilan.fermees} {agreed('ligne', bilan.fermees)} du référentiel "
        f"{agreed('fermée', bilan.fermees)}."
    )
    if bilan.retenues:
        text += (
            f" {bilan.retenues} {agreed('absente', bilan.retenues)} "
            f"{agreed('laissée', bilan.retenues)} {agreed('ouverte', bilan.retenues)} : "
            "une ligne écartée en parle peut-être."
        )
    return text


def keep_rejects(run: ImportRun, rejets: list[Rejet]) -> None:
    """Keep every row set aside, as it was read."""
    ImportRejet.objects.bulk_create(
        [
            ImportRejet(
                import_run=run,
                fichier=rejet.fichier[:200],
                ligne=rejet.ligne,
                colonne=rejet.colonne[:60],
                raison=rejet.raison[:300],
                contenu=rejet.contenu,
            )
            for rejet in rejets
        ],
        batch_size=BATCH,
    )


def record_refusal(rapport: Rapport, *, started: Any, by: str) -> ImportRun:
    """Keep the trace of a refused file, in a transaction of its own."""
    with transaction.atomic():
        run = ImportRun.objects.create(
            source=rapport.source,
            statut=StatutImport.REFUSE,
            fichier=rapport.fichier[:200],
            sha256=rapport.sha256,
            version=rapport.version[:10],
            commence_le=started,
            termine_le=clocks.now(),
            par=by,
            message=rapport.message,
            lues=rapport.lues,
            ecartees=len(rapport.rejets),
        )
        keep_rejects(run, rapport.rejets)
    return run
