"""What the API views of access share: the dossier of an address, a step, a form told."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404

from access.permissions import AccessPermission
from access.selectors.api_page import with_page
from access.selectors.dossier_page import visible
from engine import journal
from engine.api import refuse_unknown
from engine.form_data import posted

P = AccessPermission


def dossier_of(user: Any, pk: Any) -> Any:
    """A dossier the person may read; foreign and absent are the same 404."""
    return get_object_or_404(visible(user), pk=pk)


def read_page(dossier: Any, user: Any, page: str) -> Any:
    """The dossier with its parts; that it was read is kept."""
    journal.record_read(dossier, by=user, page=page)
    return with_page(dossier, user)


def inputs(form: Any, data: dict[str, Any], extra: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The values as the form reads them; a name it does not hold is refused (400)."""
    refuse_unknown(data, {*(form.fields if form is not None else ()), *extra})
    return posted(data, form)
