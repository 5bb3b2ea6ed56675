"""One line of a list of dossiers, the same on the home page, the lists and their exports."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from access.selectors.attente import waiting_long
from access.selectors.wording import is_hospital, patient_short, tag_kind, turn_short
from access.states import Voie
from engine.clocks import now, today
from referentiel.formats import french

COLUMNS = ["Dossier", "Produit", "État", "À qui", "Échéance"]


def columns(user: Any) -> list[str]:
    """The agency also reads the lane and the establishment."""
    return COLUMNS if is_hospital(user) else [*COLUMNS[:2], "Voie", *COLUMNS[2:]]


def rows(dossiers: Iterable[Any], user: Any) -> list[dict[str, Any]]:
    """The lines as the list component shows them; the agency sees what it has kept for long."""
    listed = list(dossiers)
    late = {} if is_hospital(user) else waiting_long(listed, today())
    return [row(dossier, user, late.get(dossier.pk)) for dossier in listed]


def row(dossier: Any, user: Any, late: int | None) -> dict[str, Any]:
    cells = [{"text": dossier.produit_nom or "Produit à choisir", "sub": dossier.indication}]
    if not is_hospital(user):
        cells.append({"text": lane_label(dossier), "sub": dossier.organisation.nom})
    cells += [
        {"tag_kind": tag_kind(dossier, user), "tag_label": dossier.get_state_display()},
        {"text": turn_short(dossier, user), "sub": _since(dossier)},
        {"text": _next(dossier), "sub": dossier.echeance_libelle if dossier.echeance else ""},
    ]
    marks = " · non différable" if dossier.urgent else ""
    if late is not None:
        marks += f" · en retard\u00a0: à l'agence depuis {late}\u00a0jours"
    return {
        "url": reverse("access:dossier", args=[dossier.pk]),
        "title": dossier.nom_affiche,
        "sub": patient_short(dossier, user, " · ") + marks,
        "urgent": dossier.urgent or late is not None,
        "cells": cells,
    }


def lane_label(dossier: Any) -> str:
    """« Accélérée » or « Complète », nothing before the transmission."""
    detail = getattr(dossier, "detail_aac", None)
    if detail is None or not detail.voie_instruction:
        return "–"
    return "Accélérée" if detail.voie_instruction == Voie.ACCELEREE else "Complète"


def _since(dossier: Any) -> str:
    if dossier.tour_depuis is None or not (dossier.tour or dossier.tour_nom):
        return ""
    return french.write_elapsed(now() - dossier.tour_depuis)


def _next(dossier: Any) -> str:
    if dossier.echeance is None:
        return "–"
    left = (dossier.echeance - today()).days
    day = french.write_day(dossier.echeance, french.SHORT_MONTHS)
    return f"{french.write_days_left(left)}, {day}"
