"""An uploaded file, put back under its own name where the readers expect it."""

from __future__ import annotations

import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from referentiel.importers import archives
from referentiel.importers.refusals import ImportRefuse
from referentiel.models import RevueImport
from referentiel.states import SourceImport

ZIP = b"PK\x03\x04"
FOLDERS = frozenset({SourceImport.BDPM})  # sources made of several files


@contextmanager
def local_copy(revue: RevueImport) -> Iterator[Path]:
    """The file under the name it was uploaded with; a folder for a source of several files."""
    if not revue.fichier or not revue.fichier.storage.exists(revue.fichier.name):
        raise ImportRefuse("Le fichier déposé n'est plus là : déposez-le de nouveau.")
    with TemporaryDirectory(prefix="placet-liste-") as folder:
        path = Path(folder) / short_name(revue.nom_fichier)
        with revue.fichier.open("rb") as stored, path.open("wb") as copy:
            shutil.copyfileobj(stored, copy, archives.CHUNK)
        yield as_folder(path) if revue.source in FOLDERS else path


def short_name(name: str) -> str:
    """A name every file system takes: its end is kept, with what tells the kind and version."""
    data = name.encode()[-200:]
    return data.decode(errors="ignore").replace("/", "_").lstrip(".") or "liste"


def as_folder(path: Path) -> Path:
    """A zip opened with care, or the single file, in a folder of its own."""
    folder = path.parent / "fichiers"
    folder.mkdir()
    with path.open("rb") as raw:
        zipped = raw.read(4) == ZIP
    if zipped:
        unzip(path, folder)
    else:
        shutil.move(path, folder / path.name)
    return folder


def unzip(path: Path, folder: Path) -> None:
    """The files of an archive, flat, once their announced sizes are known to be sane."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [info for info in archive.infolist() if not info.is_dir()]
            check_sizes(path, entries)
            for info in entries:
                extract(path, archive, info, folder)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise ImportRefuse(f"L'archive « {path.name} » est endommagée ou incomplète.") from error


def check_sizes(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    """An archive of a few text files, not locked, that opens to a reasonable size."""
    if not entries:
        raise ImportRefuse(f"L'archive « {path.name} » est vide.")
    if any(info.flag_bits & 1 for info in entries):
        raise ImportRefuse(f"L'archive « {path.name} » est protégée par un mot de passe.")
    size = sum(info.file_size for info in entries)
    large = size > archives.RATIO_FROM and size > archives.MAX_RATIO * path.stat().st_size
    if len(entries) > archives.MAX_ENTRIES or size > archives.MAX_BYTES or large:
        raise archives.bomb(path.name)


def extract(path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo, folder: Path) -> None:
    """One entry under its bare name; a size that lies is found while writing."""
    name = PurePosixPath(info.filename.replace("\\", "/")).name
    if not name or name.startswith("."):
        return
    left = info.file_size
    with archive.open(info) as source, (folder / name).open("wb") as target:
        while chunk := source.read(archives.CHUNK):
            left -= len(chunk)
            if left < 0:
                raise archives.bomb(path.name)
            target.write(chunk)
