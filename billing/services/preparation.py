"""The month is checked, then frozen."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db import transaction
from django.db.models import Max

from billing.errors import Refus
from billing.models import LigneFichcomp, Preparation
from billing.rules.periode import Periode, is_format_in_force
from billing.services.lignes import build_lines
from engine import clocks, journal
from referentiel.models import Etablissement, ImportRun, RouteFacturation
from referentiel.states import SourceImport, StatutImport

FROZEN = (
    "references",
    "finess",
    "numero_sejour",
    "sortie",
    "jour",
    "ucd7",
    "ucd13",
    "libelle",
    "nombre",
    "prix_unitaire",
    "montant",
    "validation",
    "code_indication",
    "etat",
    "blocages",
)
"""What makes two preparations of a month the same."""


@transaction.atomic
def prepare_month(
    *, etablissement: Etablissement, annee: int, mois: int, by: Any, include_zero: bool = False
) -> Preparation:
    """Build, check and freeze the lines of the cumulative month; the same lines change nothing."""
    periode = checked_period(annee, mois)
    check_route(etablissement)
    Etablissement.objects.select_for_update().get(pk=etablissement.pk)
    lines = build_lines(etablissement, periode, include_zero=include_zero)
    digest = lines_digest(lines, include_zero)
    known = Preparation.objects.current().filter(
        etablissement=etablissement, annee=annee, mois=mois
    )
    current = known.first()
    imported = referentiel_date()
    if current and (current.empreinte, current.referentiel_au) == (digest, imported):
        return current
    if current is not None:
        retire(current)
    preparation = Preparation.objects.create(
        etablissement=etablissement,
        annee=annee,
        mois=mois,
        inclure_zero=include_zero,
        empreinte=digest,
        referentiel_au=imported,
        preparee_le=clocks.now(),
        preparee_par_id=by.pk,
    )
    for ligne in lines:
        ligne.preparation = preparation
    LigneFichcomp.objects.bulk_create(lines, batch_size=500)
    journal.record(preparation, "prepare_month", by=by, lignes=len(lines), empreinte=digest)
    return preparation


def checked_period(annee: int, mois: int) -> Periode:
    """The period asked for, when it exists, has begun and the format is in force."""
    try:
        periode = Periode(annee, mois)
    except ValueError as error:
        raise Refus(str(error)) from error
    if not is_format_in_force(periode):
        raise Refus(
            "Le FICHCOMP médicaments AP-AC à 105 positions existe depuis mars 2022\u00a0: "
            "Placet n'écrit pas les mois antérieurs."
        )
    if periode.debut_mois > clocks.today():
        raise Refus("Ce mois n'a pas commencé.")
    return periode


def check_route(etablissement: Etablissement) -> None:
    """FICHCOMP AP-AC is the file of public and ESPIC hospitals only (billing: ex-DG)."""
    if etablissement.route_facturation == RouteFacturation.S3404:
        raise Refus(
            f"{etablissement} relève du bordereau S3404 et du RSF-H (ex-OQN), pas du FICHCOMP. "
            "Placet n'écrit pas encore le relevé S3404\u00a0: les administrations se lisent sur la "
            "page des séjours. Si la route est fausse, faites-la corriger au référentiel."
        )


def referentiel_date() -> Any:
    """When the list of AP-AC-CPC codes in force was imported."""
    runs = ImportRun.objects.filter(source=SourceImport.ATIH, statut=StatutImport.APPLIQUE)
    return runs.aggregate(last=Max("termine_le"))["last"]


def lines_digest(lines: list[LigneFichcomp], include_zero: bool) -> str:
    """One checksum of everything frozen in the lines."""
    digest = hashlib.sha256(b"1" if include_zero else b"0")
    for ligne in lines:
        values = [str(getattr(ligne, name)) for name in FROZEN[1:-1]]
        digest.update(
            json.dumps([values, ligne.references, ligne.blocages], sort_keys=True).encode()
        )
    return digest.hexdigest()


def retire(preparation: Preparation) -> None:
    """Keep what was exported; a preparation nobody exported leaves no lines behind."""
    preparation.courante = False
    preparation.save(update_fields=["courante"])
    if not preparation.envois.exists():
        preparation.delete()
