"""The job that reads an uploaded list and writes what it would change, line by line."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from django.db import OperationalError, transaction
from django.db.models import QuerySet

from engine import clocks
from engine.jobs import job_handler
from engine.models import Outbox
from referentiel import parametres
from referentiel.importers import depots, ecarts, liste, tableaux
from referentiel.importers.base import Lot
from referentiel.importers.differences import BATCH
from referentiel.importers.ecarts import Ecarts, Reglage
from referentiel.importers.refusals import ImportRefuse
from referentiel.importers.tableaux import Tableau
from referentiel.models import LigneRevue, RevueImport
from referentiel.rules import colonnes
from referentiel.services import import_gardes, imports
from referentiel.services.import_gardes import PAIRES
from referentiel.services.revues import JOB, advance
from referentiel.states import EtatLigneRevue, GenreLigneRevue, SourceImport, StatutRevue

log = structlog.get_logger(__name__)
REJECTS_KEPT = 5000
INATTENDU = (
    "Placet n'a pas su lire ce fichier. Vérifiez qu'il correspond à la source choisie ; "
    "s'il est bon, prévenez l'administrateur."
)


@job_handler(JOB)
def read_list(row: Outbox) -> None:
    """Read the list a row names; read twice, it is written once."""
    read_revue(UUID(str(row.payload["revue"])))


def read_revue(pk: UUID) -> None:
    """Read a list from its file to its lines; a bad one ends refused, with one sentence."""
    waiting = RevueImport.objects.filter(
        pk=pk, statut__in=[StatutRevue.DEPOSEE, StatutRevue.EN_LECTURE]
    )
    if not waiting.update(statut=StatutRevue.EN_LECTURE, avancement=5, etape="Ouverture"):
        return
    revue = RevueImport.objects.select_related("correspondance").get(pk=pk)
    try:
        with depots.local_copy(revue) as path:
            if revue.source == SourceImport.LISTE and revue.correspondance is None:
                show_columns(revue, path)
            else:
                read_differences(revue, path)
    except ImportRefuse as refusal:
        refuse(revue, refusal.message)
    except OperationalError:
        raise  # the database is busy: the outbox tries again
    except Exception as error:  # a file nobody foresaw must not wait for ever
        log.exception("list_unreadable", revue=str(pk), error=type(error).__name__)
        refuse(revue, INATTENDU)


def show_columns(revue: RevueImport, path: Path) -> None:
    """A list of unknown layout: headings and first rows, for a person to recognise."""
    tables = [shown_table(table) for table in tableaux.read_tables(path)]
    tables.sort(key=lambda table: -len(table["devine"]))
    RevueImport.objects.filter(pk=revue.pk, statut=StatutRevue.EN_LECTURE).update(
        statut=StatutRevue.DEPOSEE,
        avancement=100,
        etape="Colonnes à reconnaître",
        resume={"tables": tables},
    )


def shown_table(table: Tableau) -> dict[str, Any]:
    """One table as the page of the columns shows it, the likely ones guessed."""
    filled = [name for name in table.colonnes if name]
    width = len(table.colonnes)
    guessed = colonnes.guess(filled)
    sample = [(row + [""] * width)[:width] for row in table.sample()]
    start = table.colonnes.index(guessed["debut"]) if "debut" in guessed else None
    return {
        "feuille": table.feuille,
        "titres": table.colonnes,
        "colonnes": filled,
        "exemples": sample,
        "devine": guessed,
        "format_date": liste.format_of(row[start] for row in sample if start is not None),
        "lignes": len(table.lignes),
    }


def read_differences(revue: RevueImport, path: Path) -> None:
    """Parse, check, compare, then write the lines in one transaction."""
    advance(revue, 20, "Lecture des lignes")
    lot = parsed(revue, path)
    revue.sha256, revue.lues = lot.sha256, lot.total
    revue.rejets = liste.rejets_as_json(lot.rejets[:REJECTS_KEPT])
    known = import_gardes.applied(lot)
    if known is not None:
        raise ImportRefuse(
            f"Ce fichier a déjà été importé le {clocks.local(known.commence_le):%d/%m/%Y} : "
            "rien à changer."
        )
    release = import_gardes.version_of(lot, path, "")
    revue.version = release.valeur
    import_gardes.check_rejects(lot)
    import_gardes.check_not_older(revue.source, release, revue.correspondance)
    advance(revue, 50, "Comparaison avec le référentiel")
    if revue.source in PAIRES:
        found = ecarts.compare(lot.lignes[lot.nom], reglage_of(revue), held=lot.held(lot.nom))
    else:
        found = ecarts.whole(imports.preview(lot, release))
    advance(revue, 85, "Enregistrement des différences")
    keep(revue, found)


def parsed(revue: RevueImport, path: Path) -> Lot:
    """The typed rows of the file, by the reader of its source."""
    if revue.correspondance is not None:
        return liste.parse(path, revue.correspondance)
    return imports.PARSERS[revue.source](path)


def reglage_of(revue: RevueImport) -> Reglage:
    """How the list is compared: a release is complete, a mapped list says whether it is."""
    on = clocks.today()
    seuil = float(parametres.valeur("import.seuil_fermeture", on))
    version = revue.version or on.isoformat()
    if revue.correspondance is None:
        complete = revue.source == SourceImport.ATIH
        return Reglage(revue.get_source_display(), version, complete, seuil_fermeture=seuil)
    given = frozenset(revue.correspondance.colonnes)
    return Reglage(
        revue.correspondance.titre,
        version,
        revue.correspondance.complete,
        champs=(given & {"libelle", "debut", "fin", "cadre"}),
        seuil_fermeture=seuil,
    )


@transaction.atomic
def keep(revue: RevueImport, found: Ecarts) -> None:
    """Write the lines over those of an earlier reading, whose decisions stand where they agree."""
    current = RevueImport.objects.select_for_update().get(pk=revue.pk)
    if current.statut != StatutRevue.EN_LECTURE:
        return
    decided = {(line.objet, line.cle): line for line in settled_conflicts(current)}
    for line in current.lignes.exclude(etat=EtatLigneRevue.A_REVOIR):
        decided[line.objet, line.cle] = line
    for line in found.lignes:
        line.revue = current
        old = decided.get((line.objet, line.cle))
        if old is not None and (old.genre, old.avant, old.apres) == (
            line.genre,
            line.avant,
            line.apres,
        ):
            line.etat, line.vue_par, line.vue_le = old.etat, old.vue_par, old.vue_le
    current.lignes.all().delete()
    LigneRevue.objects.bulk_create(found.lignes, batch_size=BATCH)
    current.sha256, current.version = revue.sha256, revue.version[:10]
    current.lues, current.inchangees, current.rejets = revue.lues, found.inchangees, revue.rejets
    current.statut, current.avancement, current.etape = StatutRevue.A_REVOIR, 100, "Lue"
    current.message = ""
    current.save()


def settled_conflicts(revue: RevueImport) -> QuerySet[LigneRevue]:
    """Conflicts set aside in an applied review of the same list: the same ones stay settled."""
    return LigneRevue.objects.filter(
        revue__source=revue.source,
        revue__correspondance=revue.correspondance,
        revue__statut=StatutRevue.APPLIQUEE,
        genre=GenreLigneRevue.CONFLIT,
        etat=EtatLigneRevue.ECARTEE,
    ).order_by("revue__depose_le")


def refuse(revue: RevueImport, message: str) -> None:
    """The file changes nothing; the sentence says why, and what was read stays for the CSV."""
    RevueImport.objects.filter(pk=revue.pk, statut=StatutRevue.EN_LECTURE).update(
        statut=StatutRevue.REFUSEE,
        avancement=100,
        etape="",
        message=message,
        sha256=revue.sha256,
        version=revue.version[:10],
        lues=revue.lues,
        rejets=revue.rejets,
    )
