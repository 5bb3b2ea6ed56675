"""Import of a public file: whole or not at all, once, never backwards, always recorded."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.db import OperationalError, connection, transaction
from django.db.models import F

from engine import clocks
from referentiel.importers import atih_cadres
from referentiel.importers.base import Lot
from referentiel.importers.differences import Bilan
from referentiel.importers.refusals import ImportRefuse
from referentiel.importers.registry import SOURCES
from referentiel.models import CorrespondanceListe, ImportRun, Produit, VerrouImport
from referentiel.services.import_changes import announce_import, products_of
from referentiel.services.import_gardes import (
    PAIRES,
    VERSION,
    AlreadyApplied,
    Version,
    alike_of,
    applied,
    check_closures,
    check_not_older,
    check_rejects,
    parts_of,
    version_of,
)
from referentiel.services.import_rapports import (
    Rapport,
    already_known,
    keep_rejects,
    record_refusal,
    summary,
)
from referentiel.services.search_index import refresh_search_texts, touch
from referentiel.states import StatutImport

REFUSED_REJECTS_KEPT = 200

PARSERS: dict[str, Callable[[Path], Lot]] = {name: way.parse for name, way in SOURCES.items()}


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the cycle collector: walking a list's rows again and again is a quarter of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@collector_paused()
def import_referentiel(
    source: str,
    path: Path,
    *,
    version: str = "",
    by: str = "",
    filling: bool = False,
    revenir: bool = False,
    accepter_fermetures: bool = False,
) -> Rapport:
    """Import one public file; a refusal changes nothing and is recorded with its reason.

    `filling`: one of the files a new register is filled with, no line of the public log.
    Two refusals a person may lift: `revenir` goes back to an older release on purpose,
    `accepter_fermetures` takes for whole a file that closes much of what stands.
    """
    started = clocks.now()
    rapport = Rapport(source, path.name, StatutImport.REFUSE, "")
    try:
        if version and not VERSION.fullmatch(version):
            raise ImportRefuse(f"« {version} » n'est pas une version : écrivez AAAA-MM ou AAAA.")
        lot = PARSERS[source](path)
        rapport.sha256, rapport.lues, rapport.rejets = lot.sha256, lot.total, lot.rejets
        if (known := applied(lot)) is not None:
            return already_known(rapport, known)
        release = version_of(lot, path, version)
        rapport.version = release.valeur
        check_rejects(lot)
        try:
            run, bilan = _write(
                lot,
                release,
                by=by,
                started=started,
                filling=filling,
                revenir=revenir,
                accepter_fermetures=accepter_fermetures,
            )
        except AlreadyApplied as error:
            return already_known(rapport, error.run)
        except OperationalError as error:
            raise ImportRefuse(
                "Un autre import de cette source est en cours : recommencez dans un instant."
            ) from error
        rapport.statut, rapport.run, rapport.bilan = StatutImport.APPLIQUE, run, bilan
        rapport.regroupees, rapport.ignorees = lot.regroupees, lot.ignorees
        rapport.message = run.message
    except ImportRefuse as refusal:
        rapport.message = refusal.message
        rapport.rejets = rapport.rejets[:REFUSED_REJECTS_KEPT]
        rapport.run = record_refusal(rapport, started=started, by=by)
    return rapport


def _lock(source: str) -> None:
    """One import of a source at a time; the second waits, then sees what the first wrote."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '60s'")
            cursor.execute("SET LOCAL statement_timeout = '120s'")
    VerrouImport.objects.filter(source=source).update(prises=F("prises") + 1)


@collector_paused()
def write_lot(
    lot: Lot,
    release: Version,
    *,
    by: str,
    only: Collection[tuple[str, str]] | None = None,
    liste: CorrespondanceListe | None = None,
) -> ImportRun:
    """Write a lot already read and checked; with `only`, the pairs a person accepted, no other.

    `liste` is the mapping of a list of another origin: the public log names it.
    """
    return _write(lot, release, by=by, only=only, liste=liste)[0]


@transaction.atomic
def _write(
    lot: Lot,
    release: Version,
    *,
    by: str,
    started: datetime | None = None,
    only: Collection[tuple[str, str]] | None = None,
    liste: CorrespondanceListe | None = None,
    filling: bool = False,
    revenir: bool = False,
    accepter_fermetures: bool = False,
) -> tuple[ImportRun, Bilan]:
    """The short transaction: run, difference, rows set aside, lines of the public log."""
    VerrouImport.objects.get_or_create(source=lot.source)
    _lock(lot.source)
    if (known := applied(lot)) is not None:
        raise AlreadyApplied(known)
    if not revenir:
        check_not_older(lot.source, release, liste)
    silent = filling or is_filling(lot.source)
    run = _new_run(lot, release, by=by, started=started)
    run.save()
    bilan = difference_of(lot, run, release.valeur, only)
    if only is None and not accepter_fermetures:
        check_closures(bilan)
    if bilan.ecarts:  # names, codes or CIP may have moved: the index is aged in any case
        refresh_search_texts(products_of(bilan.ecarts))
    elif bilan.ajoutees or bilan.modifiees or bilan.fermees:
        touch()
    if not silent:
        origine = liste.titre if liste else ""
        announce_import(lot.source, bilan.ecarts, version=release.valeur, origine=origine)
    run.ajoutees, run.modifiees = bilan.ajoutees, bilan.modifiees
    run.fermees, run.inchangees = bilan.fermees, bilan.inchangees
    run.regroupees, run.ignorees, run.retenues = lot.regroupees, lot.ignorees, bilan.retenues
    run.message, run.termine_le = summary(bilan, lot), clocks.now()
    run.save()
    keep_rejects(run, lot.rejets)
    return run, bilan


def is_filling(source: str) -> bool:
    """A register being filled is no news: no product yet, or its first list of pairs."""
    if not Produit.objects.exists():
        return True
    if source not in PAIRES:
        return False
    applied = ImportRun.objects.filter(source__in=alike_of(source), statut=StatutImport.APPLIQUE)
    return not applied.exists()


def _new_run(lot: Lot, release: Version, *, by: str, started: datetime | None) -> ImportRun:
    return ImportRun(
        source=lot.source,
        statut=StatutImport.APPLIQUE,
        fichier=lot.nom[:200],
        sha256=lot.sha256,
        parties=parts_of(lot),
        version=release.valeur,
        commence_le=started or clocks.now(),
        par=by[:120],
        lues=lot.total,
        ecartees=len(lot.rejets),
    )


def difference_of(
    lot: Lot, run: ImportRun, version: str, only: Collection[tuple[str, str]] | None = None
) -> Bilan:
    """Compare a lot with what is stored, and write it unless the run is not stored."""
    day = clocks.today()
    label = version or day.isoformat()
    if lot.source in PAIRES:
        return atih_cadres.apply(lot, run, label, day, only)
    return SOURCES[lot.source].apply(lot, run, label, day)


def preview(lot: Lot, release: Version) -> Bilan:
    """The difference of a lot already read; the run it is computed under is never stored."""
    check_not_older(lot.source, release)
    run = _new_run(lot, release, by="", started=None)
    bilan = difference_of(lot, run, release.valeur)
    check_closures(bilan)
    return bilan
