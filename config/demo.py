"""What the demonstration owns: its accounts and its files."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from referentiel.models import ImportRun, User
from referentiel.services.snapshot import ORDER
from referentiel.states import StatutImport


@dataclass(frozen=True)
class DemoAccount:
    """One line of the list printed by `make demo`."""

    email: str
    label: str


def demo_accounts() -> list[DemoAccount]:
    """The invented people, with their name and role."""
    users = User.objects.filter(is_demo=True).order_by("email")
    return [DemoAccount(user.email, label(user)) for user in users]


def label(user: User) -> str:
    """« Dr Exemple, prescripteur »: the name, then each role held."""
    roles = dict.fromkeys(str(a.get_role_display()) for a in user.affectations.all())
    return ", ".join([user.full_name, *roles])


def snapshot_loaded() -> bool:
    """Every source of the shipped référentiel was applied (an interrupted load starts again)."""
    applied = ImportRun.objects.filter(statut=StatutImport.APPLIQUE)
    return set(applied.values_list("source", flat=True)) >= set(ORDER)


def removable_paths() -> list[Path]:
    """The embedded database and the files made with it, nothing else."""
    database = Path(settings.DATABASES["default"]["NAME"])
    files = [database.with_name(database.name + end) for end in ("", "-wal", "-shm", "-journal")]
    folders = [Path(settings.MEDIA_ROOT), Path(settings.EMAIL_FILE_PATH)]
    return [path for path in [*files, *folders] if settings.VAR_DIR in path.parents]


def remove(paths: Iterable[Path]) -> None:
    """Delete these files and folders; an absent one is already done."""
    connection.close()
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
