"""The guard of a draft: locked first, then rights, state and version, as steps do."""

from __future__ import annotations

from typing import Any

from access.models import DemandeAac
from access.permissions import AccessPermission, can
from access.states import EDITABLE
from engine.errors import Conflict, Forbidden


def lock_draft(
    dossier: Any, by: Any, version: int, permission: AccessPermission | None = None
) -> DemandeAac:
    """The row under lock, when this person may write it and has seen its last version."""
    locked: DemandeAac = DemandeAac.objects.select_for_update().get(pk=dossier.pk)
    if not can(permission or AccessPermission.WRITE_DEMANDE_AAC)(by, locked):
        raise Forbidden("Votre rôle ne permet pas de modifier cette demande.")
    if locked.state not in EDITABLE:
        raise Conflict(
            f"La demande est maintenant « {locked.get_state_display()} » : "
            "elle n'est plus modifiable.",
            state=locked.state,
            version=locked.version,
        )
    if locked.version != version:
        raise Conflict(
            "Cette demande a été modifiée ailleurs depuis que vous l'avez ouverte.",
            state=locked.state,
            version=locked.version,
        )
    return locked
