"""The vocabulary of queries on dossiers: every read starts with `visible_to`."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models
from django.db.models import Q

from access.permissions import AccessPermission, has
from access.states import FINAL
from engine.clocks import now
from referentiel.folding import fold
from referentiel.roles import ANSM_ROLES, INTERNE_PUI, Role

M = TypeVar("M", bound=models.Model)


def dossier_scope(user: Any, shared: models.QuerySet[Any]) -> Q | None:
    """The dossiers a person may read, as a condition; None when there is none.

    `shared` holds those opened to the person by name, whatever the service.
    """
    if not has(user, AccessPermission.VIEW_DOSSIER):
        return None
    affectation = user.affectation
    if affectation.role in ANSM_ROLES:
        return Q(transmitted_at__isnull=False)
    own = Q(organisation_id=affectation.organisation_id)
    sent_here = Q(pui_id=affectation.pui_id, sent_at__isnull=False)
    if affectation.role == Role.PHARMACIEN:
        return own & sent_here
    mine = (
        Q(prescripteur_id=user.pk)
        | Q(created_by_id=user.pk)
        | Q(service_id__in=affectation.service_ids)
        | Q(pk__in=shared)
    )
    return own & (mine | sent_here if affectation.profil == INTERNE_PUI else mine)


class DossierQuerySet(models.QuerySet[Any]):
    """Dossiers, by who may see them, whose turn it is, and what their dates say."""

    def visible_to(self, user: Any) -> DossierQuerySet:
        """Those the person may read under the affectation in force."""
        everything: Any = self.model._meta.concrete_model
        scope = dossier_scope(user, everything.objects.shared_with(user, opened=True).values("pk"))
        return self.none() if scope is None else self.filter(scope)

    def shared_with(self, user: Any, *, opened: bool) -> DossierQuerySet:
        """Those shared with a co-prescriber; `opened` adds emergency openings not yet over."""
        named = self.model.coprescripteurs.through.objects.filter(user_id=user.pk)
        shared = Q(pk__in=named.values("dossier_id"))
        if opened:
            openings: Any = self.model._meta.get_field("ouvertures").related_model
            running = openings.objects.filter(par_id=user.pk, jusqu_a__gt=now())
            shared |= Q(pk__in=running.values("dossier_id"))
        return self.filter(shared)

    def open(self) -> DossierQuerySet:
        """Neither decided, closed nor ended."""
        return self.exclude(state__in=FINAL)

    def matching(self, words: str) -> DossierQuerySet:
        """Those whose number, product, indication or initials hold every word."""
        found = self
        for word in fold(words).split():
            found = found.filter(texte_recherche__contains=word)
        return found

    def by_urgency(self) -> DossierQuerySet:
        """Urgent first, then by date, then oldest turn."""
        return self.order_by(
            "-urgent", models.F("echeance").asc(nulls_last=True), "tour_depuis", "id"
        )

    def for_list(self) -> DossierQuerySet:
        """With what one line of a list shows, in one query."""
        return self.select_related("service", "pui", "prescripteur")


class DossierPartQuerySet(models.QuerySet[M]):
    """Objects that belong to a dossier: visible when it is."""

    def visible_to(self, user: Any) -> DossierPartQuerySet[M]:
        dossiers: Any = self.model._meta.get_field("dossier").related_model
        return self.filter(dossier__in=dossiers.objects.visible_to(user).values("pk"))
