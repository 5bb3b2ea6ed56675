"""The PDF of a proposal, put aside under its fingerprint until a second person publishes it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from engine.clocks import real_now
from referentiel.models import Publication
from referentiel.services.documents import fingerprint, pdf_bytes
from referentiel.states import NaturePublication, StatutPublication

FOLDER = "referentiel/proposes"
ABANDONED = timedelta(days=2)


def path_of(depot: str) -> str:
    """Where the file of a fingerprint is kept."""
    return f"{FOLDER}/{depot}.pdf"


def put_aside(upload: File[Any]) -> str:
    """Check and keep an uploaded PDF; its fingerprint names it in the proposal."""
    content = pdf_bytes(upload)
    if not content:
        raise ValidationError({"fichier": "Ce fichier est vide."})
    depot = fingerprint(content)
    if not default_storage.exists(path_of(depot)):
        default_storage.save(path_of(depot), ContentFile(content))
    return depot


def taken_up(depot: str) -> File[Any] | None:
    """The file of a proposal, to be published."""
    return default_storage.open(path_of(depot), "rb") if depot else None


def sweep_abandoned() -> int:
    """Erase the files of no proposal that waits, two days after they came."""
    waiting = Publication.objects.filter(
        nature=NaturePublication.DOCUMENT,
        statut__in=(StatutPublication.PROPOSEE, StatutPublication.VALIDEE),
    )
    kept = {
        f"{values.get('depot', '')}.pdf" for values in waiting.values_list("valeurs", flat=True)
    }
    if not default_storage.exists(FOLDER):
        return 0
    erased = 0
    for name in default_storage.listdir(FOLDER)[1]:
        path = f"{FOLDER}/{name}"
        old = default_storage.get_modified_time(path) < real_now() - ABANDONED
        if name not in kept and old:
            default_storage.delete(path)
            erased += 1
    return erased
