"""An uploaded list: received, mapped column by column when it is unknown, read by a job."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from engine import clocks, journal
from engine.errors import Conflict, Forbidden
from engine.outbox import Draft, write
from referentiel.errors import refused
from referentiel.importers.liste import FORMATS_DATE
from referentiel.models import CorrespondanceListe, RevueImport
from referentiel.permissions import ReferentielPermission, is_granted
from referentiel.rules import colonnes
from referentiel.states import EtatLigneRevue, SourceImport, StatutRevue

JOB = "referentiel.read_list"
NAME_LIMIT = 200
SUFFIXES = (".csv", ".txt", ".tsv", ".xlsx", ".zip", ".gz", ".json")
EN_COURS = (StatutRevue.DEPOSEE, StatutRevue.EN_LECTURE, StatutRevue.A_REVOIR)
# A job has it, or will: its page waits and moves on by itself.
EN_ATTENTE = (StatutRevue.DEPOSEE, StatutRevue.EN_LECTURE, StatutRevue.EN_ECRITURE)


def require_editor(by: Any) -> None:
    """Lists are kept by the gestionnaires of the agencies."""
    if not is_granted(by, ReferentielPermission.EDIT_MEDICAMENTS):
        raise Forbidden("Seuls les gestionnaires du référentiel déposent et revoient les listes.")


def open_revue(
    *, by: Any, source: str, upload: Any, correspondance: CorrespondanceListe | None = None
) -> RevueImport:
    """Keep an uploaded file under a random name and ask for its reading."""
    require_editor(by)
    name = plain_name(upload.name)
    revue = RevueImport(
        source=source,
        correspondance=correspondance,
        statut=StatutRevue.DEPOSEE,
        nom_fichier=name,
        taille=upload.size,
        etape="En attente de lecture",
        depose_le=clocks.now(),
        depose_par_id=by.pk,
        depose_par=by.full_name[:120],
    )
    revue.fichier.save(uuid4().hex + suffix_of(name), upload, save=False)
    try:
        with transaction.atomic():
            revue.save(force_insert=True)
            journal.record(revue, "upload", by=by, label="Liste déposée", source=source)
            ask_reading(revue)
    except BaseException:
        revue.fichier.delete(save=False)
        raise
    return revue


def plain_name(name: str) -> str:
    """The file's own name, safe to show and to build a path with."""
    bare = "".join(c for c in PurePath(name.replace("\\", "/")).name if c.isprintable())
    return bare.strip(". ")[-NAME_LIMIT:] or "liste"


def suffix_of(name: str) -> str:
    """The ending by which a reader knows the file; another one counts for nothing."""
    suffix = PurePath(name).suffix.lower()
    return suffix if suffix in SUFFIXES else ""


def ask_reading(revue: RevueImport) -> None:
    """One job per reading asked for."""
    key = f"{JOB}:{revue.pk}:{uuid4().hex}"
    write(revue, [Draft("job", JOB, key, payload={"revue": str(revue.pk)})])


def locked(pk: UUID, *statuts: str) -> RevueImport:
    """The review under lock; one that has moved on is told as such."""
    revue = RevueImport.objects.select_for_update().get(pk=pk)
    if statuts and revue.statut not in statuts:
        raise Conflict(moved(revue), state=revue.statut)
    return revue


def moved(revue: RevueImport) -> str:
    """What became of a review meanwhile, in a sentence."""
    return {
        StatutRevue.APPLIQUEE: "Cette liste a déjà été appliquée : rien n'a été écrit deux fois.",
        StatutRevue.ABANDONNEE: "Cette liste a été abandonnée : rien n'en a été écrit.",
        StatutRevue.REFUSEE: "Ce fichier a été refusé à la lecture : rien n'en a été écrit.",
        StatutRevue.DEPOSEE: "Ce fichier attend d'être lu : revenez dans un instant.",
        StatutRevue.EN_LECTURE: "Ce fichier est en cours de lecture : revenez dans un instant.",
        StatutRevue.EN_ECRITURE: "Cette liste est en cours d'écriture : revenez dans un instant.",
    }.get(StatutRevue(revue.statut), "Cette liste est déjà lue : relisez ce qu'elle change.")


@transaction.atomic
def map_columns(
    revue: RevueImport,
    *,
    by: Any,
    nom: str,
    colonnes_choisies: dict[str, str],
    format_date: str,
    feuille: str = "",
    complete: bool = False,
) -> RevueImport:
    """Keep how the columns of a list read as ours, by name, and ask for the reading."""
    require_editor(by)
    revue = locked(revue.pk, StatutRevue.DEPOSEE)
    check_mapping(colonnes_choisies, format_date)
    kept, _ = CorrespondanceListe.objects.update_or_create(
        nom=nom,
        defaults={
            "colonnes": {name: column for name, column in colonnes_choisies.items() if column},
            "format_date": format_date,
            "feuille": feuille,
            "complete": complete,
            "cree_le": clocks.now(),
            "cree_par": by.full_name[:120],
        },
    )
    revue.correspondance, revue.resume = kept, {}
    revue.etape = "En attente de lecture"
    revue.save()
    journal.record(revue, "map", by=by, label="Colonnes reconnues", locked=True, nom=nom)
    ask_reading(revue)
    return revue


def check_mapping(chosen: dict[str, str], format_date: str) -> None:
    """The fields a list must give are there, and no column serves twice."""
    for champ, (label, needed) in colonnes.CHAMPS.items():
        if needed and not chosen.get(champ):
            raise refused(f"Choisissez la colonne : {label}.", champ)
    used = [column for column in chosen.values() if column]
    twice = next(
        (champ for champ, column in chosen.items() if column and used.count(column) > 1), ""
    )
    if twice:
        raise refused(f"La colonne « {chosen[twice]} » sert deux fois.", twice)
    if format_date not in FORMATS_DATE:
        raise refused("Choisissez le format des dates.", "format_date")


@transaction.atomic
def read_again(revue: RevueImport, *, by: Any) -> RevueImport:
    """Compare the file with the register as it is now; decisions on the same lines are kept."""
    require_editor(by)
    revue = locked(revue.pk, StatutRevue.A_REVOIR)
    revue.statut, revue.etape, revue.avancement = StatutRevue.DEPOSEE, "En attente de lecture", 0
    revue.save()
    journal.record(revue, "read_again", by=by, label="Liste relue", locked=True)
    ask_reading(revue)
    return revue


@transaction.atomic
def take_up(revue: RevueImport, *, by: Any) -> RevueImport:
    """Review again the lines that an applied list left: the same file, another review."""
    require_editor(by)
    revue = locked(revue.pk, StatutRevue.APPLIQUEE)
    again = RevueImport.objects.create(
        source=revue.source,
        correspondance=revue.correspondance,
        statut=StatutRevue.DEPOSEE,
        nom_fichier=revue.nom_fichier,
        fichier=revue.fichier.name,
        taille=revue.taille,
        etape="En attente de lecture",
        depose_le=clocks.now(),
        depose_par_id=by.pk,
        depose_par=by.full_name[:120],
    )
    journal.record(again, "take_up", by=by, label="Lignes laissées reprises", de=str(revue.pk))
    ask_reading(again)
    return again


@transaction.atomic
def abandon(revue: RevueImport, *, by: Any) -> RevueImport:
    """Give a list up: nothing of it is written, the trace of its upload stays."""
    require_editor(by)
    revue = locked(revue.pk, *EN_COURS)
    revue.statut, revue.etape = StatutRevue.ABANDONNEE, ""
    revue.save()
    revue.lignes.filter(etat=EtatLigneRevue.A_REVOIR).update(etat=EtatLigneRevue.ECARTEE)
    journal.record(revue, "abandon", by=by, label="Liste abandonnée", locked=True)
    return revue


def advance(revue: RevueImport, share: int, label: str) -> None:
    """Say how far a job is, for the page that waits."""
    RevueImport.objects.filter(pk=revue.pk, statut=revue.statut).update(
        avancement=share, etape=label
    )


def is_waiting(revue: RevueImport) -> bool:
    """Whether a list waits for a job, and for no person."""
    return revue.statut in EN_ATTENTE and not needs_mapping(revue)


def needs_mapping(revue: RevueImport) -> bool:
    """Whether a list waits for a person to recognise its columns."""
    return (
        revue.source == SourceImport.LISTE
        and revue.statut == StatutRevue.DEPOSEE
        and revue.correspondance_id is None
        and "tables" in revue.resume
    )
