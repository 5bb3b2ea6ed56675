"""Files joined to a request: checked by content, stored under a UUID, never under a name."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import transaction

from access.models import Dossier, Piece
from access.permissions import AccessPermission, can
from access.rules.fichiers import content_error, mime_of
from access.services.draft_content import shares_file
from access.services.draft_guard import lock_draft
from access.states import FINAL_DEMANDE
from engine import journal
from engine.clocks import now, real_now, today
from engine.errors import Conflict, Forbidden, InvalidInput
from engine.files import private_folder, put_in_place, write_apart
from referentiel import parametres

SCAN_SECONDS = 60
HEAD = 256 * 1024  # enough for the header of an image, whatever its metadata


def add_piece(dossier: Any, *, by: Any, upload: Any, libelle: str) -> Piece:
    """Join a PDF, PNG or JPEG to a request still open; refused with a sentence otherwise."""
    limit = int(parametres.valeur("piece.taille_max_mo", today())) * 1024 * 1024
    if upload.size > limit:
        _refuse(f"Ce fichier dépasse {limit // 1024 // 1024} Mo : allégez-le ou coupez-le.")
    path = write_apart(private_folder(_place("pieces")), upload.chunks())
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
        error = content_error(upload.name, head)
        if error:
            _refuse(error)
        _scan(path)
        with transaction.atomic():
            return _keep(dossier, by, path, libelle, mime_of(head))
    finally:
        path.unlink(missing_ok=True)


def _keep(dossier: Any, by: Any, path: Path, libelle: str, mime: str) -> Piece:
    """Write the row under the dossier's lock, then give the bytes their final name."""
    locked = Dossier.objects.select_for_update().get(pk=dossier.pk).as_kind()
    if not can(AccessPermission.ADD_PIECE)(by, locked):
        raise Forbidden("Votre rôle ne permet pas de joindre une pièce à ce dossier.")
    if locked.state in FINAL_DEMANDE:
        raise Conflict(
            f"Le dossier est « {locked.get_state_display()} » : il ne reçoit plus de pièce.",
            state=locked.state,
            version=locked.version,
        )
    most = int(parametres.valeur("piece.nombre_max", today()))
    if locked.pieces.count() >= most:
        _refuse(f"Une demande porte au plus {most} pièces : retirez-en une d'abord.")
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if locked.pieces.filter(sha256=digest).exists():
        _refuse("Ce fichier est déjà joint à la demande.")
    piece = Piece(
        dossier=locked,
        libelle=libelle,
        type_mime=mime,
        taille=len(data),
        sha256=digest,
        saine=True,
        ajoutee_par=by,
        ajoutee_le=now(),
    )
    piece.fichier.name = piece.fichier.field.generate_filename(piece, "")
    piece.save(force_insert=True)
    journal.record(locked, "add_piece", by=by, label="Pièce jointe", locked=True, sha256=digest)
    place = _place(piece.fichier.name)
    private_folder(place.parent)
    put_in_place(path, place)
    return piece


@transaction.atomic
def remove_piece(piece: Piece, *, by: Any, version: int) -> None:
    """Take a file out of a request that is still being written."""
    locked = lock_draft(piece.dossier, by, version)
    journal.record(
        locked, "remove_piece", by=by, label="Pièce retirée", locked=True, sha256=piece.sha256
    )
    drop_files([piece])
    piece.delete()


def drop_files(pieces: Iterable[Piece]) -> None:
    """Erase the stored bytes once the transaction holds, unless another request shows them."""
    for piece in pieces:
        if not shares_file(piece):
            name = piece.fichier.name
            transaction.on_commit(partial(_erase, name))


def open_piece(piece: Piece) -> IO[bytes]:
    """The stored bytes; FileNotFoundError when they are gone."""
    return _place(piece.fichier.name).open("rb")


def _place(name: str) -> Path:
    """Where a stored name lives on the disk, outside what the web server gives."""
    return Path(settings.MEDIA_ROOT) / name


def _erase(name: str) -> None:
    _place(name).unlink(missing_ok=True)


def sweep_orphans(older_than: timedelta = timedelta(days=1)) -> int:
    """Erase stored files no row speaks of: what a crash between bytes and commit leaves."""
    root = Path(settings.MEDIA_ROOT)
    limit = (real_now() - older_than).timestamp()
    erased = 0
    for path in (root / "pieces").rglob("*"):
        if not path.is_file() or path.stat().st_mtime > limit:
            continue
        if not Piece.objects.filter(fichier=path.relative_to(root).as_posix()).exists():
            path.unlink(missing_ok=True)
            erased += 1
    return erased


def _scan(path: Path) -> None:
    """Ask the optional scanner: 0 is clean, 1 infected, anything else no answer."""
    if not settings.PLACET_SCAN_COMMAND:
        return
    command = [*settings.PLACET_SCAN_COMMAND.split(), str(path)]
    try:
        code = subprocess.run(  # noqa: S603  (the operator's own command, no shell)
            command, capture_output=True, timeout=SCAN_SECONDS, check=False
        ).returncode
    except (OSError, subprocess.TimeoutExpired):
        code = -1
    if code == 1:
        _refuse("Le contrôle antivirus refuse ce fichier.")
    if code != 0:
        _refuse("Le contrôle antivirus ne répond pas : réessayez dans quelques minutes.")


def _refuse(sentence: str) -> None:
    raise InvalidInput(sentence, errors={"fichier": [sentence]})
