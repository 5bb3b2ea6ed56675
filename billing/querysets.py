"""What each person may see of billing, and the states pages ask for."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q

from billing.permissions import BillingPermission, is_granted
from billing.rules.periode import Periode
from billing.states import EtatLigne


class Scoped:
    """Rows of one establishment, seen by the roles that hold the permission to view them."""

    view_permission: BillingPermission
    etablissement_path = "etablissement_id"

    def visible_to(self: Any, user: Any) -> Any:
        """The rows of the establishment of the affectation in force; without one, nothing."""
        if not is_granted(user, self.view_permission):
            return self.none()
        return self.filter(**{self.etablissement_path: user.affectation.organisation_id})


class SejourQuerySet(Scoped, models.QuerySet[Any]):
    view_permission = BillingPermission.VIEW_SEJOURS


class AdministrationQuerySet(Scoped, models.QuerySet[Any]):
    view_permission = BillingPermission.VIEW_SEJOURS
    etablissement_path = "sejour__etablissement_id"

    def for_period(self, periode: Periode) -> Self:
        """Those of stays discharged in the cumulative period, and those already given of stays
        that go on after it: they wait for the month of the discharge."""
        discharged = Q(
            sejour__sortie__gte=periode.premier_jour, sejour__sortie__lte=periode.dernier_jour
        )
        goes_on = Q(sejour__sortie=None) | Q(sejour__sortie__gt=periode.dernier_jour)
        return self.filter(discharged | (goes_on & Q(jour__lte=periode.dernier_jour)))


class PrixQuerySet(Scoped, models.QuerySet[Any]):
    view_permission = BillingPermission.VIEW_PRIX

    def in_force(self, on: date) -> Self:
        """The prices that hold on a day, both ends included."""
        return self.filter(Q(fin=None) | Q(fin__gte=on), debut__lte=on)


class PreparationQuerySet(Scoped, models.QuerySet[Any]):
    view_permission = BillingPermission.VIEW_MOIS

    def current(self) -> Self:
        """The last preparation of each month."""
        return self.filter(courante=True)


class LigneFichcompQuerySet(Scoped, models.QuerySet[Any]):
    view_permission = BillingPermission.VIEW_MOIS
    etablissement_path = "preparation__etablissement_id"

    def ready(self) -> Self:
        return self.filter(etat=EtatLigne.PRETE)


class EnvoiQuerySet(Scoped, models.QuerySet[Any]):
    view_permission = BillingPermission.VIEW_MOIS
