"""The accepted lines of a review, written by a job: at once, in one transaction, once only."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID, uuid4

import structlog
from django.db import OperationalError, transaction
from django.db.models import QuerySet

from engine import clocks, journal
from engine.actors import CLOCK
from engine.errors import Conflict, Forbidden, StepError
from engine.jobs import job_handler
from engine.models import Outbox
from engine.outbox import Draft, write
from referentiel.errors import refused
from referentiel.importers import depots, ecarts, sources
from referentiel.importers.base import Lot
from referentiel.importers.ecarts import CADRE_FIELD, CODE_FIELD
from referentiel.importers.refusals import ImportRefuse
from referentiel.models import Affectation, CodeIndication, ImportRun, LigneRevue, RevueImport, User
from referentiel.services import import_gardes, imports
from referentiel.services.import_gardes import PAIRES
from referentiel.services.revue_lecture import parsed, reglage_of
from referentiel.services.revues import advance, locked, require_editor
from referentiel.states import EtatLigneRevue, GenreLigneRevue, StatutRevue

log = structlog.get_logger(__name__)
JOB = "referentiel.apply_list"
OCCUPE = "Un autre import est en cours : attendez un instant, puis recommencez."
INATTENDU = (
    "Placet n'a pas pu écrire cette liste. Relisez le fichier, puis recommencez ; "
    "si cela se reproduit, prévenez l'administrateur."
)


@transaction.atomic
def ask_application(revue: RevueImport, *, by: Any) -> RevueImport:
    """Ask for what was accepted to be written by a job; asked twice, it is written once."""
    require_editor(by)
    held = locked(revue.pk, StatutRevue.A_REVOIR, StatutRevue.EN_ECRITURE)
    if held.statut == StatutRevue.EN_ECRITURE:
        return held
    if held.source in PAIRES and not accepted_of(held).exists():
        raise refused("Aucune ligne n'est acceptée : acceptez-en une, ou abandonnez la liste.")
    held.statut, held.message = StatutRevue.EN_ECRITURE, ""
    held.avancement, held.etape = 5, "En attente d'écriture"
    held.save()
    journal.record(
        held,
        "ask_apply",
        by=by,
        label="Application demandée",
        locked=True,
        to_state=StatutRevue.EN_ECRITURE,
    )
    payload = {"revue": str(held.pk), "affectation": str(by.affectation.pk)}
    write(held, [Draft("job", JOB, f"{JOB}:{held.pk}:{uuid4().hex}", payload=payload)])
    return held


@job_handler(JOB)
def apply_list(row: Outbox) -> None:
    """Write the list a row names for who asked; what prevents it is told on the list's page."""
    waiting = RevueImport.objects.select_related("correspondance").filter(
        pk=row.payload["revue"], statut=StatutRevue.EN_ECRITURE
    )
    revue = waiting.first()
    if revue is None:
        return
    try:
        apply_revue(revue, by=asker_of(row))
    except ImportRefuse as refusal:
        put_back(revue, refusal.message)
    except StepError as error:
        put_back(revue, str(error))
    except OperationalError:
        put_back(revue, OCCUPE)
    except Exception as error:  # nothing was written: the person is told, and may try again
        log.exception("list_not_applied", revue=str(revue.pk), error=type(error).__name__)
        put_back(revue, INATTENDU)


def asker_of(row: Outbox) -> User:
    """The person who asked, under the affectation they had, if it still stands."""
    standing = Affectation.objects.in_force(clocks.today()).for_display()
    affectation = standing.filter(pk=row.payload["affectation"]).first()
    if affectation is None:
        raise Forbidden("Le rôle de la personne qui a demandé l'application a pris fin.")
    return affectation.user.acting(affectation)


@transaction.atomic
def put_back(revue: RevueImport, message: str) -> None:
    """Nothing was written: the list is to review again, and its page says why."""
    held = RevueImport.objects.select_for_update().get(pk=revue.pk)
    if held.statut != StatutRevue.EN_ECRITURE:
        return
    held.statut, held.message, held.etape = StatutRevue.A_REVOIR, message, ""
    held.save()
    journal.record(
        held,
        "put_back",
        by=CLOCK,
        label="Application arrêtée",
        locked=True,
        to_state=StatutRevue.A_REVOIR,
    )


def apply_revue(revue: RevueImport, *, by: Any) -> ImportRun:
    """Write exactly what was accepted, once, in one short transaction."""
    require_editor(by)
    advance(revue, 20, "Lecture du fichier")
    with depots.local_copy(revue) as path:
        lot = parsed(revue, path)
        release = import_gardes.version_of(lot, path, "")
    advance(revue, 50, "Écriture dans le référentiel")
    try:
        return _apply(revue.pk, lot, release, by)
    except import_gardes.AlreadyApplied as error:
        raise Conflict("Ce fichier vient d'être importé par ailleurs.") from error


@transaction.atomic
def _apply(pk: UUID, lot: Lot, release: import_gardes.Version, by: Any) -> ImportRun:
    """The short transaction, under the review's lock then the source's."""
    revue = locked(pk, StatutRevue.EN_ECRITURE)
    accepted = list(accepted_of(revue))
    only = None
    if revue.source in PAIRES:
        only = {pair_of(line) for line in accepted}
        prepare_pairs(revue, lot, accepted)
        if revue.lignes.exclude(etat=EtatLigneRevue.ACCEPTEE).exists():
            lot.sha256 = partial_digest(lot.sha256, only)
    name, liste = by.full_name[:120], revue.correspondance
    run = imports.write_lot(lot, release, by=name, only=only, liste=liste)
    revue.statut, revue.import_run = StatutRevue.APPLIQUEE, run
    revue.etape, revue.avancement = "", 100
    revue.message = f"La liste est appliquée. {run.message}"
    revue.save()
    journal.record(
        revue,
        "apply",
        by=by,
        label="Liste appliquée",
        locked=True,
        to_state=StatutRevue.APPLIQUEE,
        lignes=len(accepted),
        import_run=str(run.pk),
    )
    return run


def accepted_of(revue: RevueImport) -> QuerySet[LigneRevue]:
    """The lines a person accepted, or all those of a source applied in one piece."""
    return revue.lignes.filter(etat=EtatLigneRevue.ACCEPTEE)


def partial_digest(sha256: str, only: Collection[tuple[str, str]]) -> str:
    """A file applied in part is not a file already imported: what was left may be taken up."""
    names = ",".join(sorted("/".join(pair) for pair in only))
    return hashlib.sha256(f"{sha256}:{names}".encode()).hexdigest()


def pair_of(line: LigneRevue) -> tuple[str, str]:
    """The pair (UCD, code) a line is about."""
    ucd7, _, code = line.cle.partition("/")
    return ucd7, code


def prepare_pairs(revue: RevueImport, lot: Lot, accepted: Iterable[LigneRevue]) -> None:
    """What was accepted is still what would be written; typed values given up are let go."""
    reglage = reglage_of(revue)
    rows = lot.lignes[lot.nom]
    known = sources.gather(rows)
    only = {pair_of(line) for line in accepted}
    check_unmoved(accepted, ecarts.compare(rows, reglage, known, only, lot.held(lot.nom)).lignes)
    lot.lignes[lot.nom] = [ecarts.completed(row, known, reglage) for row in rows]
    release_typed([line for line in accepted if line.genre == GenreLigneRevue.CONFLIT])


def check_unmoved(accepted: Iterable[LigneRevue], now: Iterable[LigneRevue]) -> None:
    """The register as it was read: a line that has moved since is read again by a person."""
    current = {line.cle: (line.avant, line.apres) for line in now}
    moved = [line.cle for line in accepted if current.get(line.cle) != (line.avant, line.apres)]
    if moved:
        several = len(moved) > 1
        raise Conflict(
            f"Le référentiel a changé depuis la lecture de ce fichier : {len(moved)} "
            f"ligne{'s' if several else ''} acceptée{'s' if several else ''} "
            f"ne dirai{'en' if several else ''}t plus la même chose. "
            "Relisez le fichier, vos autres décisions sont gardées."
        )


def release_typed(conflicts: Iterable[LigneRevue]) -> None:
    """An accepted conflict takes the list's value: the field is no longer a person's."""
    wanted = {pair_of(line): set(line.apres) for line in conflicts}
    if not wanted:
        return
    pairs = CodeIndication.objects.filter(code__in={code for _, code in wanted}).select_related(
        "specialite", "cadre"
    )
    for pair in pairs:
        names = wanted.get((pair.specialite.ucd7 or "", pair.code))
        if names is None:
            continue
        _let_go(pair, {CODE_FIELD[name] for name in names if name in CODE_FIELD})
        if pair.cadre is not None:
            _let_go(pair.cadre, {CADRE_FIELD[name] for name in names if name in CADRE_FIELD})


def _let_go(row: Any, columns: set[str]) -> None:
    """Take columns out of what a person typed; with the framework go its origin and its status."""
    if {"framework", "cadre_type"} & columns:
        columns |= {"source", "cadre_source", "statut", "ferme_depuis"}
    kept = [name for name in row.champs_saisis if name not in columns]
    if kept != row.champs_saisis:
        row.champs_saisis = kept
        row.save(update_fields=["champs_saisis"])
