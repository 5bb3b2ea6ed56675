"""What an import refuses before it writes: bad rows, an older release, a cut or a known file."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from engine import clocks
from referentiel.importers import base
from referentiel.importers.base import Lot
from referentiel.importers.differences import FEW_CLOSURES, Bilan
from referentiel.importers.refusals import ImportRefuse
from referentiel.importers.values import version_in_name
from referentiel.models import CorrespondanceListe, ImportRun
from referentiel.parametres import valeur
from referentiel.states import SourceImport, StatutImport

VERSION = re.compile(r"20\d{2}(-(0[1-9]|1[0-2]))?")
# A content date lags behind its release by up to two months.
CONTENT_LAG_MONTHS = 2

# Lists of pairs (UCD, code): the only ones a person may apply in part.
PAIRES = frozenset({SourceImport.ATIH, SourceImport.LISTE})
# Sources of several files, which may come one by one.
PAR_FICHIER = frozenset({SourceImport.LES, SourceImport.CNAMTS})


@dataclass(frozen=True)
class Version:
    """The release a file is, and whether its name or a person said so."""

    valeur: str
    certaine: bool


def check_rejects(lot: Lot) -> None:
    """Decision 21: the share of bad rows beyond which a file is refused whole."""
    base.check_threshold(lot, Decimal(valeur("import.seuil_rejet", clocks.today())))


def check_closures(bilan: Bilan) -> None:
    """A release that closes much of what stands is most often a file cut at the end of a line."""
    seuil = Decimal(valeur("import.seuil_fermeture", clocks.today()))
    for part in bilan.fermetures:
        if part.fermees > max(Decimal(FEW_CLOSURES), seuil * part.presentes):
            raise ImportRefuse(
                f"Ce fichier fermerait {part.fermees} lignes sur {part.presentes} : il est sans "
                "doute incomplet. Rien n'a été changé. S'il est bien entier, la commande "
                "import_referentiel l'accepte avec --accepter-fermetures."
            )


def version_of(lot: Lot, path: Path, asked: str) -> Version:
    """The release: as asked, else as the file is named, else as its latest dates tell."""
    if lot.version_certaine:
        return Version(asked or lot.version_contenu, certaine=True)
    named = asked or version_in_name(path)
    return Version(named or lot.version_contenu, certaine=bool(named))


def check_not_older(
    source: str, release: Version, liste: CorrespondanceListe | None = None
) -> None:
    """An older release after a newer one would undo it: refused; one to come is a wrong name.

    A list of another origin follows those of its own mapping, when both say their month.
    """
    if release.valeur and _months(release.valeur) > _months(f"{clocks.today():%Y-%m}") + 1:
        raise ImportRefuse(
            f"La version {release.valeur} est à venir : vérifiez le nom du fichier, ou dites sa "
            "version. Rien n'a été changé."
        )
    applied = ImportRun.objects.filter(source=source, statut=StatutImport.APPLIQUE)
    if source == SourceImport.LISTE:
        applied = applied.filter(revues__correspondance=liste)
    last = applied.exclude(version="").order_by("-version").first()
    if last is None or not release.valeur:
        return
    lag = 0 if release.certaine else CONTENT_LAG_MONTHS
    if _months(release.valeur) + lag < _months(last.version):
        origin = "" if release.certaine else ", déduite des dates du fichier"
        raise ImportRefuse(
            f"Cette version ({release.valeur}{origin}) est plus ancienne que celle déjà importée "
            f"({last.version}) : elle la ferait reculer. Rien n'a été changé."
        )


def _months(version: str) -> int:
    year, _, month = version.partition("-")
    return int(year) * 12 + int(month or 0)


class AlreadyApplied(Exception):
    """These very bytes are what the register was last given."""

    def __init__(self, run: ImportRun) -> None:
        super().__init__(run.pk)
        self.run = run


def applied(lot: Lot) -> ImportRun | None:
    """The latest import of these files when it applied these very bytes: nothing came since."""
    alike = ImportRun.objects.filter(
        source__in=alike_of(lot.source), parties=parts_of(lot), statut=StatutImport.APPLIQUE
    )
    last = alike.order_by("-termine_le", "-commence_le").first()
    return last if last and (last.source, last.sha256) == (lot.source, lot.sha256) else None


def alike_of(source: str) -> Collection[str]:
    """The sources that write the same rows: two lists of pairs follow each other."""
    return PAIRES if source in PAIRES else {source}


def parts_of(lot: Lot) -> str:
    """Which of the files of its source a lot holds, when they may come one by one."""
    return ",".join(sorted(lot.lignes)) if lot.source in PAR_FICHIER else ""
