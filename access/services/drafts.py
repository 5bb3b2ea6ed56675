"""A request before it is sent: opened, saved at each change, thrown away, taken up again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import structlog
from django.db import transaction

from access.models import DemandeAac, DetailDemandeAac
from access.permissions import AccessPermission, can, has
from access.rules.delais import latest_end
from access.services.draft_content import apply, copy_answers, copy_request
from access.services.draft_guard import lock_draft
from access.services.patients import forget_if_unused
from access.services.pieces import drop_files
from access.states import SANS_ACCORD, DemandeAacState, Kind
from engine import journal
from engine.clocks import end_of_day, now, today
from engine.errors import Conflict, Forbidden
from referentiel import parametres
from referentiel.models import Cadre, Produit, Pui, Service
from referentiel.roles import Role

S = DemandeAacState
log = structlog.get_logger(__name__)


@transaction.atomic
def open_draft(
    *,
    by: Any,
    produit: Produit | None = None,
    cadre: Cadre | None = None,
    canal: str = "PAGE",
) -> DemandeAac:
    """Open a draft filled with what the account and the référentiel already say."""
    if not has(by, AccessPermission.WRITE_DEMANDE_AAC):
        raise Forbidden("Votre rôle ne permet pas d'ouvrir une demande d'AAC.")
    dossier = _blank(by, canal)
    data: dict[str, Any] = {}
    if produit is not None or cadre is not None:
        data["produit"] = cadre.produit if cadre is not None else produit
    if cadre is not None:
        data["cadre"] = cadre
    apply(dossier, data)
    dossier.detail_aac.save()
    dossier.save()
    _record_opening(dossier, by, "Brouillon ouvert")
    return dossier


def _blank(by: Any, canal: str) -> DemandeAac:
    """A new row for the person's hospital, service and pharmacy."""
    affectation, at = by.affectation, now()
    dossier = DemandeAac(
        kind=Kind.DEMANDE_AAC,
        state=S.BROUILLON,
        organisation=affectation.organisation,
        service=_service_of(by),
        pui=Pui.objects.filter(etablissement_id=affectation.organisation_id, active=True).first(),
        prescripteur=by if affectation.role == Role.PRESCRIPTEUR else None,
        created_by=by,
        created_at=at,
        touched_at=at,
        tour=Role.PRESCRIPTEUR,
        tour_nom=by.full_name,
        tour_depuis=at,
        canal=canal,
    )
    dossier.save()
    day = today()
    longest = latest_end(day, parametres.en_vigueur(day)) - day
    dossier.detail_aac = DetailDemandeAac.objects.create(
        dossier=dossier, date_debut_souhaitee=day, duree_jours=longest.days + 1
    )
    return dossier


def _service_of(by: Any) -> Service | None:
    """The service of the person's last request among their own, else the first of these."""
    affectation = by.affectation
    own = list(affectation.services.all())
    if own:
        last = DemandeAac.objects.filter(created_by=by, service__in=own).order_by("-created_at")
        return next((draft.service for draft in last[:1]), own[0])
    found = Service.objects.filter(etablissement_id=affectation.organisation_id)[:2]
    return found[0] if len(found) == 1 else None


def _record_opening(dossier: DemandeAac, by: Any, label: str, **payload: Any) -> None:
    journal.record(dossier, "create", by=by, label=label, to_state=S.BROUILLON, **payload)


@transaction.atomic
def save_draft(dossier: Any, *, by: Any, version: int, data: Mapping[str, Any]) -> DemandeAac:
    """Keep what was typed (see `draft_content.apply` for the keys); no journal line."""
    locked = lock_draft(dossier, by, version)
    before = locked.patient
    apply(locked, data)
    locked.version += 1
    locked.detail_aac.save()
    locked.save()
    if before is not None and before != locked.patient:
        forget_if_unused(before)
    return locked


@transaction.atomic
def discard_draft(dossier: Any, *, by: Any, version: int) -> None:
    """Throw away a draft that was never sent, with the identity typed for it alone."""
    locked = lock_draft(dossier, by, version)
    if locked.numero is not None:
        raise Conflict(
            "Cette demande a déjà été envoyée : retirez-la, elle garde son histoire.",
            state=locked.state,
            version=locked.version,
        )
    journal.record(
        locked, "discard", by=by, label="Brouillon supprimé", from_state=locked.state, locked=True
    )
    _erase(locked)


def _erase(dossier: DemandeAac) -> None:
    """Delete a draft and what only it holds; the strengths that remain stay together."""
    patient = dossier.patient
    left = dossier.jumeaux.order_by("created_at", "pk").first()
    if left is not None:
        dossier.jumeaux.exclude(pk=left.pk).update(jumeau=left)
        dossier.jumeaux.update(jumeau=None)
    drop_files(list(dossier.pieces.all()))
    dossier.delete()
    forget_if_unused(patient)


@transaction.atomic
def duplicate_as_draft(dossier: Any, by: Any) -> DemandeAac:
    """Take up again, as a new draft, a request closed, refused or withdrawn."""
    source: DemandeAac = DemandeAac.objects.get(pk=dossier.pk)
    if not can(AccessPermission.WRITE_DEMANDE_AAC)(by, source):
        raise Forbidden("Votre rôle ne permet pas de reprendre cette demande.")
    if source.state not in SANS_ACCORD:
        raise Conflict(
            f"La demande est « {source.get_state_display()} » : elle n'a pas à être redéposée.",
            state=source.state,
            version=source.version,
        )
    draft = _blank(by, "PAGE")
    for name in ("service", "pui", "patient", "produit", "specialite", "cadre"):
        setattr(draft, name, getattr(source, name))
    draft.prescripteur = draft.prescripteur or source.prescripteur
    copy_request(source, draft, but=("date_debut_souhaitee",))
    copy_answers(source, draft)
    apply(draft, {"patient": source.patient})
    draft.detail_aac.save()
    draft.save()
    _record_opening(draft, by, "Brouillon repris d'une demande close", reprend=source.numero)
    return draft


def purge_idle_drafts(on: date) -> int:
    """Erase the drafts left idle for 90 days (parameter) and say how many."""
    days = int(parametres.valeur("aac.brouillon_purge_jours", on))
    before = end_of_day(on - timedelta(days=days + 1))
    idle = DemandeAac.objects.filter(state=S.BROUILLON, numero=None, touched_at__lt=before)
    erased = 0
    for pk in list(idle.values_list("pk", flat=True)):
        with transaction.atomic():
            found = idle.select_for_update().filter(pk=pk).first()
            if found is not None:
                _erase(found)
                erased += 1
    log.info("drafts_purged", count=erased)
    return erased
