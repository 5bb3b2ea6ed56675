"""`manage.py export_fichcomp`: prepare a month and write its FICHCOMP."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from billing.errors import Refus
from billing.exporters.lisezmoi import lisezmoi
from billing.models import Envoi, LigneFichcomp, Preparation
from billing.services.export import export_month, stored_bytes
from billing.services.preparation import prepare_month
from billing.states import EtatLigne
from engine.actors import SystemActor
from engine.errors import StepError
from engine.files import write_whole
from referentiel.models import Etablissement

ACTOR = SystemActor("Ligne de commande")


class Command(BaseCommand):
    help = (
        "Contrôle un mois et écrit son FICHCOMP médicaments AP-AC MCO. Code de sortie 0 quand un "
        "fichier est écrit, 1 sinon."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--finess", required=True, help="FINESS e-PMSI de l'établissement")
        parser.add_argument("--annee", required=True, help="quatre chiffres")
        parser.add_argument("--mois", required=True, help="de 1 à 12")
        parser.add_argument("--output", required=True, type=Path, help="fichier à écrire")
        parser.add_argument(
            "--inclure-zero", action="store_true", help="inclure les lignes à 0 euro"
        )
        parser.add_argument("--json", action="store_true", help="compte rendu en JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        report: dict[str, Any] = {"ecrit": False}
        try:
            self.run(options, report)
        except (StepError, OSError) as error:
            report["message"] = _sentence(error, options["output"])
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        elif report["ecrit"]:
            self.stdout.write(report["message"])
        else:
            self.stderr.write(report["message"])
        if not report["ecrit"]:
            raise SystemExit(1)

    def run(self, options: dict[str, Any], report: dict[str, Any]) -> None:
        """Prepare, then write; a blocked line is reported whether or not there is a file."""
        month: dict[str, Any] = {
            "etablissement": find_etablissement(options["finess"].strip().upper()),
            "annee": _number(options["annee"], "L'année"),
            "mois": _number(options["mois"], "Le mois"),
            "by": ACTOR,
        }
        envoi = prepare_and_export(month, options["inclure_zero"], report)
        write_whole(options["output"], stored_bytes(envoi))
        sidecar = options["output"].with_name(options["output"].name + ".LISEZMOI.txt")
        write_whole(sidecar, [lisezmoi(envoi).encode()])
        report.update(ecrit=True, **file_summary(envoi, options["output"], sidecar))
        report["message"] = _done(envoi, report)


def prepare_and_export(month: dict[str, Any], include_zero: bool, report: dict[str, Any]) -> Envoi:
    """Both in one transaction: no other preparation slips in between what is told and written.

    A month with nothing to write stays prepared, its reasons to be read on its page.
    """
    with transaction.atomic():
        report.update(summary(prepare_month(**month, include_zero=include_zero)))
        try:
            return export_month(**month)
        except Refus as error:
            refused = error
    raise refused


def _number(text: str | int, name: str) -> int:
    """A year or a month as it was typed; a word is refused in French, with exit 1."""
    try:
        return int(text)
    except ValueError as error:
        raise Refus(f"{name} s'écrit en chiffres\u00a0: «\u00a0{text}\u00a0».") from error


def find_etablissement(finess: str) -> Etablissement:
    """The one hospital known under this number: e-PMSI first, then the geographic FINESS."""
    rows = Etablissement.objects.select_related("organisation")
    for name in ("finess_epmsi", "finess"):
        found = list(rows.filter(**{name: finess})[:2])
        if len(found) == 1:
            return found[0]
        if found:
            raise Refus(f"Plusieurs établissements portent le FINESS e-PMSI {finess}.")
    raise Refus(f"Aucun établissement ne porte le FINESS {finess}.")


def summary(preparation: Preparation) -> dict[str, Any]:
    """The counts of the month and every line that does not leave, with its reasons."""
    lines = list(LigneFichcomp.objects.filter(preparation=preparation).order_by("ordre"))
    counts = {etat: sum(line.etat == etat for line in lines) for etat in EtatLigne.values}
    return {
        "periode": {"annee": preparation.annee, "mois": preparation.mois},
        "lignes": {etat.lower(): count for etat, count in counts.items()},
        **{
            name: [_line(line) for line in lines if line.etat == etat]
            for name, etat in (
                ("bloquees", EtatLigne.BLOQUEE),
                ("en_attente", EtatLigne.EN_ATTENTE),
                ("exclues", EtatLigne.EXCLUE),
            )
        },
        "avertissements": [
            _line(line) for line in lines if line.etat == EtatLigne.PRETE and line.avertissements
        ],
    }


def file_summary(envoi: Envoi, output: Path, sidecar: Path) -> dict[str, Any]:
    return {
        "fichier": str(output),
        "lisezmoi": str(sidecar),
        "nom": envoi.nom,
        "simulation": envoi.simulation,
        "sha256": envoi.sha256,
        "octets": envoi.taille,
        "total": str(envoi.total),
    }


def _line(line: LigneFichcomp) -> dict[str, Any]:
    return {
        "sejour": line.numero_sejour,
        "date": line.jour.isoformat(),
        "ucd": line.ucd13 or line.ucd7,
        "indication": line.code_indication,
        "nombre": str(line.nombre),
        "montant": None if line.montant is None else str(line.montant),
        "autorisations": line.references["titres"],
        "motifs": line.blocages,
    }


def _done(envoi: Envoi, report: dict[str, Any]) -> str:
    held = report["lignes"]["bloquee"] + report["lignes"]["en_attente"]
    stamp = " SIMULATION, sans valeur." if envoi.simulation else ""
    return f"{envoi.lignes} ligne(s) écrite(s), {held} bloquée(s) ou en attente.{stamp}"


def _sentence(error: Exception, output: Path) -> str:
    if isinstance(error, StepError):
        return error.message
    return f"Le fichier {output} ne peut pas être écrit\u00a0: {getattr(error, 'strerror', error)}."
