"""`manage.py export_fichcomp`: prepare a month and write its FICHCOMP."""

from __future__ import annotations

import errno
import json
import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError, transaction

from billing.errors import Refus
from billing.exporters.lisezmoi import lisezmoi
from billing.models import Envoi, LigneFichcomp, Preparation
from billing.services.export import export_month, stored_bytes
from billing.services.preparation import prepare_month
from billing.states import EtatLigne
from engine.actors import SystemActor
from engine.busy import is_busy
from engine.errors import StepError
from engine.files import write_whole
from referentiel.models import Etablissement

ACTOR = SystemActor("Ligne de commande")
BUSY = "Un autre enregistrement est en cours\u00a0: recommencez dans quelques secondes."
NEEDED = {
    "finess": "FINESS e-PMSI de l'établissement",
    "annee": "quatre chiffres",
    "mois": "de 1 à 12",
    "output": "fichier à écrire",
}
REASONS = {
    errno.ENOENT: "le dossier n'existe pas",
    errno.ENOTDIR: "son chemin passe par un fichier",
    errno.EACCES: "le droit d'y écrire manque",
    errno.EPERM: "le droit d'y écrire manque",
    errno.EROFS: "le disque est en lecture seule",
    errno.ENOSPC: "le disque est plein",
    errno.ENAMETOOLONG: "son nom est trop long",
}


class Command(BaseCommand):
    help = (
        "Contrôle un mois et écrit son FICHCOMP médicaments AP-AC MCO. Code de sortie 0 quand un "
        "fichier est écrit, 1 sinon."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name, said in NEEDED.items():
            parser.add_argument(f"--{name}", nargs="?", default="", const="", help=said)
        parser.add_argument(
            "--inclure-zero", action="store_true", help="inclure les lignes à 0 euro"
        )
        parser.add_argument("--json", action="store_true", help="compte rendu en JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        report: dict[str, Any] = {"ecrit": False}
        try:
            self.run(options, report)
        except StepError as error:
            report["message"] = error.message
        except OperationalError as error:
            if not is_busy(error):
                raise
            report["message"] = BUSY
        except OSError as error:
            report["message"] = f"Le fichier n'a pas été écrit\u00a0: {_why(error)}."
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
        absent = [f"--{name}" for name in NEEDED if not str(options[name]).strip()]
        if absent:
            raise Refus(f"Il manque {', '.join(absent)}.")
        month: dict[str, Any] = {
            "etablissement": find_etablissement(options["finess"].strip().upper()),
            "annee": _number(options["annee"], "L'année"),
            "mois": _number(options["mois"], "Le mois"),
            "by": ACTOR,
        }
        envoi = prepare_and_export(month, options["inclure_zero"], report)
        output = Path(options["output"])
        sidecar = write_files(output, envoi)
        report.update(ecrit=True, **file_summary(envoi, output, sidecar))
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
    if not re.fullmatch(r"[0-9]{1,9}", str(text).strip(), re.ASCII):
        raise Refus(f"{name} s'écrit en chiffres\u00a0: «\u00a0{text}\u00a0».")
    return int(text)


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


def write_files(output: Path, envoi: Envoi) -> Path:
    """The sidecar, then the file: one is never left without the words that say its worth."""
    sidecar = output.parent / f"{output.name}.LISEZMOI.txt"
    try:
        for path in (output, sidecar):
            if path.exists() and not path.is_file():  # a device would be replaced by a file
                raise _unwritable(path, "ce n'est pas un fichier ordinaire")
        write_whole(sidecar, [lisezmoi(envoi).encode()])
        write_whole(output, stored_bytes(envoi))
    except OSError as error:
        raise _unwritable(output, _why(error)) from error
    return sidecar


def _unwritable(path: Path, why: str) -> Refus:
    return Refus(f"Le fichier {path} ne peut pas être écrit\u00a0: {why}.")


def _why(error: OSError) -> str:
    """The system's refusal in French; an unusual one keeps its number."""
    return REASONS.get(error.errno or 0, f"erreur {error.errno} du système")
