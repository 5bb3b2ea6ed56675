"""A prepared month becomes a file: prepared lines are formatted, nothing is judged again."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction

from billing.errors import Refus
from billing.exporters import depot, fichcomp
from billing.formats import fichcomp_mco
from billing.formats.columns import FormatError
from billing.models import Envoi, LigneFichcomp, Preparation
from billing.services.lignes import record_of
from billing.services.preparation import check_route, checked_period
from billing.states import FormatEnvoi
from engine import clocks, journal
from referentiel.models import Etablissement


@transaction.atomic
def export_month(*, etablissement: Etablissement, annee: int, mois: int, by: Any) -> Envoi:
    """The FICHCOMP of the month as it was last prepared; asked twice, the same file.

    Takes the locks of a preparation in the same order: neither waits for the other for ever.
    """
    checked_period(annee, mois)
    check_route(etablissement)
    Etablissement.objects.select_for_update().get(pk=etablissement.pk)
    preparation = (
        Preparation.objects.current()
        .select_for_update()
        .filter(etablissement=etablissement, annee=annee, mois=mois)
        .first()
    )
    if preparation is None:
        raise Refus("Ce mois n'a pas encore été contrôlé\u00a0: contrôlez-le avant de l'exporter.")
    simulation = bool(settings.PLACET_SIMULATION)
    known = preparation.envois.filter(
        format=FormatEnvoi.FICHCOMP_MCO, simulation=simulation
    ).first()
    envoi = known or _write(preparation, simulation, by)
    journal.record(envoi, "export_month", by=by, sha256=envoi.sha256, lignes=envoi.lignes)
    return envoi


def file_bytes(preparation: Preparation) -> Iterator[bytes]:
    """The bytes of the file, one record at a time, from the frozen lines."""
    lines = LigneFichcomp.objects.filter(preparation=preparation).ready().order_by("ordre")
    return fichcomp.stream(record_of(ligne) for ligne in lines.iterator(chunk_size=500))


def stored_bytes(envoi: Envoi) -> Iterator[bytes]:
    """The bytes as they were stored; lost from the disk, they are made again identically."""
    kept = depot.read(envoi.sha256)
    if kept is not None:
        return kept
    again = depot.keep(file_bytes(envoi.preparation))
    if again.sha256 != envoi.sha256:
        raise Refus("Le fichier conservé a disparu et n'a pas pu être refait à l'identique.")
    return depot.read(again.sha256) or iter(())


def file_name(finess: str, annee: int, mois: int, *, simulation: bool) -> str:
    """The name DRUIDES knows, announced as a simulation when no authority's key is set."""
    name = fichcomp_mco.filename(finess, annee, mois)
    return f"SIMULATION_{name}" if simulation else name


def _write(preparation: Preparation, simulation: bool, by: Any) -> Envoi:
    ready = LigneFichcomp.objects.filter(preparation=preparation).ready()
    amounts = list(ready.values_list("montant", flat=True))
    if not amounts:
        raise Refus("Aucune ligne n'est prête\u00a0: il n'y a pas de fichier à écrire.")
    try:
        kept = depot.keep(file_bytes(preparation))
    except FormatError as error:
        raise Refus(f"Le fichier n'a pas été écrit. {error}") from error
    finess = ready.values_list("finess", flat=True)[0]
    return Envoi.objects.create(
        preparation=preparation,
        etablissement_id=preparation.etablissement_id,
        annee=preparation.annee,
        mois=preparation.mois,
        format=FormatEnvoi.FICHCOMP_MCO,
        nom=file_name(finess, preparation.annee, preparation.mois, simulation=simulation),
        simulation=simulation,
        sha256=kept.sha256,
        taille=kept.taille,
        lignes=len(amounts),
        total=sum(amounts, Decimal("0.000")),
        inclure_zero=preparation.inclure_zero,
        referentiel_au=preparation.referentiel_au,
        cree_le=clocks.now(),
        cree_par_id=by.pk,
    )
