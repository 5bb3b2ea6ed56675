"""What the pages of people show: roles and their state, approvals, delegations, organisations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from engine.clocks import today
from referentiel.formats.french import SHORT_MONTHS, write_day
from referentiel.models import (
    Affectation,
    DelegationPui,
    Organisation,
    Pui,
    Service,
)
from referentiel.models import StatutAffectation as S
from referentiel.permissions import (
    SECOND_PERSON_ROLES,
    ReferentielPermission,
    is_granted,
)
from referentiel.roles import Role

SOON = timedelta(days=30)


@dataclass(frozen=True)
class Etat:
    """The state of a role on a day, in words and with the shape of its tag."""

    code: str
    label: str
    kind: str


A_APPROUVER = Etat("a_approuver", "À approuver", "alerte")
INVITEE = Etat("invitee", "Invitation envoyée", "autre")
FERME = Etat("ferme", "Compte fermé", "termine")
TERMINEE = Etat("terminee", "Terminée", "termine")
A_VENIR = Etat("a_venir", "À venir", "brouillon")
FINIT = Etat("finit", "Finit bientôt", "alerte")
ACTIVE = Etat("active", "Active", "accorde")
ETATS = (A_APPROUVER, INVITEE, ACTIVE, FINIT, A_VENIR, FERME, TERMINEE)


def etat_of(affectation: Affectation, on: date) -> Etat:
    """The state of a role on a day."""
    fin = affectation.fin
    if affectation.statut == S.TERMINEE or (fin and fin < on):
        return TERMINEE
    if not affectation.user.is_active:
        return FERME
    if affectation.statut == S.A_APPROUVER:
        return A_APPROUVER
    if affectation.statut == S.INVITEE:
        return INVITEE
    if affectation.debut > on:
        return A_VENIR
    return FINIT if fin and fin <= on + SOON else ACTIVE


def _in_etat(code: str, on: date) -> Q:
    """The condition that gives the same state."""
    ended = Q(statut=S.TERMINEE) | Q(fin__lt=on)
    alive = ~Q(statut=S.TERMINEE) & (Q(fin=None) | Q(fin__gte=on))
    opened = alive & Q(user__is_active=True)
    begun = opened & Q(statut=S.ACTIVE, debut__lte=on)
    soon = Q(fin__isnull=False, fin__lte=on + SOON)
    return {
        TERMINEE.code: ended,
        FERME.code: alive & Q(user__is_active=False),
        A_APPROUVER.code: opened & Q(statut=S.A_APPROUVER),
        INVITEE.code: opened & Q(statut=S.INVITEE),
        A_VENIR.code: opened & Q(statut=S.ACTIVE, debut__gt=on),
        FINIT.code: begun & soon,
        ACTIVE.code: begun & ~soon,
    }.get(code, alive)


def people(
    user: Any,
    *,
    organisation: Organisation | None = None,
    words: str = "",
    role: str = "",
    service: Any = None,
    etat: str = "",
) -> QuerySet[Affectation]:
    """The roles a person manages, filtered; those that have ended only when asked for."""
    found = Affectation.objects.visible_to(user).filter(_in_etat(etat, today()))
    if organisation is not None:
        found = found.filter(organisation=organisation)
    if role:
        found = found.filter(role=role)
    if service:
        found = found.filter(services=service)
    for word in words.split():
        found = found.filter(_named(word))
    found = found.for_display().prefetch_related("services")
    return found.order_by("user__nom", "user__prenom", "role", "pk")


def _named(word: str) -> Q:
    """People whose name or address holds a word, accents in either case (SQLite folds ASCII)."""
    condition = Q()
    for written in {word, word.lower(), word.upper(), word.capitalize()}:
        for name in ("nom", "prenom", "email"):
            condition |= Q(**{f"user__{name}__icontains": written})
    return condition


def person_row(affectation: Affectation, *, url: str, on: date, everywhere: bool) -> dict[str, Any]:
    """One line of the list of people."""
    etat = etat_of(affectation, on)
    places = [service.nom for service in affectation.services.all()]
    if affectation.pui is not None:
        places.append(affectation.pui.nom)
    cells = [
        {
            "text": affectation.get_role_display(),
            "sub": "gérant" if affectation.gerant else "",
        },
        {"text": ", ".join(places) or "–"},
        {"text": dates(affectation.debut, affectation.fin)},
        {"tag_kind": etat.kind, "tag_label": etat.label},
    ]
    if everywhere:
        cells.insert(0, {"text": affectation.organisation.nom})
    user = affectation.user
    return {"url": url, "title": user.full_name, "sub": user.email, "cells": cells}


def dates(debut: date, fin: date | None) -> str:
    """« du 1er mars 2026 au 31 déc. 2026 », « depuis le 1er mars 2026 »."""
    begun = write_day(debut, SHORT_MONTHS)
    return f"du {begun} au {write_day(fin, SHORT_MONTHS)}" if fin else f"depuis le {begun}"


def to_approve(user: Any) -> QuerySet[Affectation]:
    """The roles that wait for a second person, where this one approves."""
    waiting = Affectation.objects.visible_to(user).filter(_in_etat(A_APPROUVER.code, today()))
    if is_granted(user, ReferentielPermission.APPROVE_GRANT):
        waiting = waiting.filter(Q(gerant=True) | Q(role__in=SECOND_PERSON_ROLES))
    else:
        waiting = waiting.filter(role=Role.PHARMACIEN, gerant=False)
    waiting = waiting.for_display().select_related("invitee_par").prefetch_related("services")
    return waiting.order_by("invitee_le", "pk")


def delegations_of(pui_ids: Any) -> QuerySet[DelegationPui]:
    """The delegations of pharmacies, the latest first, with both names."""
    rows = DelegationPui.objects.filter(pui__in=pui_ids)
    return rows.select_related("pui", "gerant", "adjoint")


def delegation_row(delegation: DelegationPui, *, on: date) -> dict[str, Any]:
    """One line of the table of delegations."""
    if delegation.revoquee_le:
        tag = ("termine", "Révoquée")
    elif delegation.fin and delegation.fin < on:
        tag = ("termine", "Terminée")
    elif delegation.debut > on:
        tag = ("brouillon", "À venir")
    else:
        tag = ("accorde", "En vigueur")
    return {
        "delegation": delegation,
        "running": tag[0] != "termine",
        "dates": dates(delegation.debut, delegation.fin),
        "tag_kind": tag[0],
        "tag_label": tag[1],
    }


def organisations(user: Any, *, words: str = "", type: str = "") -> QuerySet[Organisation]:
    """The organisations a person keeps, with how many people work there and whether it has an
    administrator."""
    on = today()
    found = Organisation.objects.visible_to(user).filter(actif=True)
    for word in words.split():
        found = found.filter(Q(nom__icontains=word) | Q(etablissement__finess__startswith=word))
    if type:
        found = found.filter(type=type)
    running = Affectation.objects.in_force(on).filter(organisation=OuterRef("pk"))
    active = Q(affectations__statut=S.ACTIVE, affectations__user__is_active=True) & (
        Q(affectations__fin=None) | Q(affectations__fin__gte=on)
    )
    found = found.annotate(
        personnes=Count("affectations__user", filter=active, distinct=True),
        administree=Exists(running.filter(role=Role.ADMIN_ETABLISSEMENT)),
    )
    return found.select_related("etablissement").order_by("nom", "pk")


def services_of(organisation: Organisation) -> QuerySet[Service]:
    """The services of an establishment, with their heads."""
    return Service.objects.filter(etablissement_id=organisation.pk).select_related("chef")


def puis_of(organisation: Organisation) -> QuerySet[Pui]:
    """The pharmacies of an establishment."""
    return Pui.objects.filter(etablissement_id=organisation.pk)
