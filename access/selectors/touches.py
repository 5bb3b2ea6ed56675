"""What a change of the référentiel touches: the dossiers it concerns, and who is told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from access.links import link
from access.models import Dossier, DossierTouche
from access.permissions import AccessPermission, can
from access.states import Kind
from engine.clocks import today
from referentiel.dates import jour_court
from referentiel.models import Affectation, Changement, Pui
from referentiel.roles import Role
from referentiel.selectors.touches import Compte, prevents_regroupement, register_counter

# The tabs of the page that lists them: code, label.
VUES = (("a_voir", "À voir"), ("vus", "Déjà vus"))


def concerned(changements: Iterable[Changement]) -> list[tuple[Dossier, Changement]]:
    """The open dossiers and live authorisations each change concerns, in one query.

    A change of a cadre concerns the dossiers of that cadre, a change of a product all of them.
    """
    by_produit: dict[UUID, list[Changement]] = {}
    for changement in changements:
        by_produit.setdefault(changement.produit_id, []).append(changement)
    held = Dossier.objects.open().filter(produit_id__in=by_produit)
    held = held.only("pk", "state", "produit_id", "cadre_id", "pui_id", "sent_at")
    return [
        (dossier, changement)
        for dossier in held
        for changement in by_produit[dossier.produit_id]
        if changement.cadre_id in (None, dossier.cadre_id)
    ]


@register_counter
def held_by_produit(produits: Collection[UUID]) -> Mapping[UUID, Compte]:
    """How many open requests and live authorisations hold each product, in one query."""
    held = Dossier.objects.open().filter(produit_id__in=produits).values("produit_id")
    rows = held.annotate(
        demandes=Count("pk", filter=~Q(kind=Kind.AAC)),
        autorisations=Count("pk", filter=Q(kind=Kind.AAC)),
    )
    return {row["produit_id"]: Compte(row["demandes"], row["autorisations"]) for row in rows}


@prevents_regroupement
def regroupement_obstacle(produit: UUID) -> str:
    """A product under way in a dossier keeps its place: why it may not be merged yet."""
    count = Dossier.objects.open().filter(produit_id=produit).count()
    if not count:
        return ""
    held = "1 dossier en cours porte" if count == 1 else f"{count} dossiers en cours portent"
    return f"{held} sur ce produit : il pourra être regroupé quand ils seront clos."


# --- Those who hold them ----------------------------------------------------------------


def unseen() -> Exists:
    """The condition « touched, and nobody has said they saw it », on a dossier."""
    return Exists(DossierTouche.objects.filter(dossier=OuterRef("pk"), vu_le=None))


def unseen_count(pui: Pui) -> int:
    """How many dossiers of a pharmacy wait for someone to see a change."""
    sent = Dossier.objects.open().filter(pui=pui, sent_at__isnull=False)
    return sent.filter(unseen()).count()


def alert_recipients(puis: Collection[UUID]) -> dict[UUID, str]:
    """One address per pharmacy: its shared box, else its gérant, else one of its pharmacists."""
    found: dict[UUID, str] = {}
    held = Affectation.objects.in_force(today()).filter(role=Role.PHARMACIEN, pui_id__in=puis)
    for pui_id, user_id in held.order_by("gerant", "-user_id").values_list("pui_id", "user_id"):
        found[pui_id] = f"user:{user_id}"  # the gérant comes last, and stays
    boxes = Pui.objects.filter(pk__in=puis, active=True).exclude(email="")
    return found | {pk: f"pui:{pk}" for pk in boxes.values_list("pk", flat=True)}


# --- The page of a dossier, and the list ------------------------------------------------


def banner_of(dossier: Any, user: Any) -> dict[str, Any] | None:
    """What changed on the product of a dossier and waits to be seen, with the button."""
    touches = dossier.touches.filter(vu_le=None).select_related("changement", "changement__cadre")
    lines = [line_of(touche.changement) for touche in touches]
    if not lines:
        return None
    may_see = can(AccessPermission.SEE_CHANGE)(user, dossier)
    return {
        "lines": lines,
        "url": reverse("access:changements_vus", args=[dossier.pk]) if may_see else "",
    }


def line_of(changement: Changement) -> dict[str, Any]:
    """One change as people read it: what, from what to what, when, from where."""
    return {
        "titre": changement.titre,
        "nature": changement.get_nature_display(),
        "avant": changement.avant,
        "apres": changement.apres,
        "le": changement.le,
        "origine": changement.origine,
        "url": link("referentiel:produit", changement.produit_id, anchor="historique"),
    }


def touched_list(user: Any, vue: str) -> QuerySet[Any]:
    """The touched dossiers a person may read, one row per change, newest first."""
    held = Dossier.objects.visible_to(user)
    if vue == "vus":
        found = DossierTouche.objects.filter(dossier__in=held.values("pk"), vu_le__isnull=False)
    else:
        found = DossierTouche.objects.filter(dossier__in=held.open().values("pk"), vu_le=None)
    related = found.select_related("dossier", "changement", "vu_par")
    return related.order_by("-le", "dossier_id", "id")


def touched_rows(touches: Iterable[Any]) -> list[dict[str, Any]]:
    """The lines of that list, as the list component shows them."""
    return [
        {
            "url": reverse("access:dossier", args=[touche.dossier_id]),
            "title": touche.dossier.nom_affiche,
            "sub": touche.dossier.initiales,
            "cells": [
                {"text": touche.dossier.produit_nom, "sub": touche.dossier.get_state_display()},
                {"text": touche.changement.titre, "sub": _moved(touche.changement)},
                {"text": jour_court(touche.changement.le), "sub": touche.changement.origine},
                {
                    "text": touche.vu_par.full_name if touche.vu_par else "–",
                    "sub": jour_court(touche.vu_le) if touche.vu_le else "",
                },
            ],
        }
        for touche in touches
    ]


COLUMNS = ["Dossier", "Produit", "Ce qui change", "Date et source", "Vu par"]


def _moved(changement: Changement) -> str:
    """« ancien → nouveau », or the one that is there."""
    return " → ".join(part for part in (changement.avant, changement.apres) if part)
