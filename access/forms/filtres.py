"""The filters of the work lists; they live in the address."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms

from access.models import Dossier
from access.selectors.work_lists import produits_of, services_of
from access.states import Voie
from referentiel.roles import ANSM_ROLES


class DossierFilter(django_filters.FilterSet):
    """By product, service (or lane, at the agency) and urgency."""

    onglet = django_filters.CharFilter(method="ignore", widget=forms.HiddenInput)
    produit = django_filters.ModelChoiceFilter(
        label="Produit", queryset=lambda request: produits_of(request.user), empty_label="Tous"
    )
    service = django_filters.ModelChoiceFilter(
        label="Service", queryset=lambda request: services_of(request.user), empty_label="Tous"
    )
    voie = django_filters.ChoiceFilter(
        label="Voie",
        field_name="detail_aac__voie_instruction",
        choices=[(Voie.ACCELEREE, "Accélérée"), (Voie.COMPLETE, "Complète")],
        empty_label="Toutes",
    )
    urgence = django_filters.ChoiceFilter(
        label="Urgence",
        method="by_deferral",
        choices=[("oui", "Non différable"), ("non", "Différable")],
        empty_label="Toutes",
    )

    class Meta:
        model = Dossier
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agency = self.request.user.affectation.role in ANSM_ROLES
        del self.filters["service" if agency else "voie"]

    def ignore(self, queryset: Any, name: str, value: str) -> Any:
        """The tab is read by the page itself."""
        return queryset

    def by_deferral(self, queryset: Any, name: str, value: str) -> Any:
        """Urgent means that the treatment cannot be deferred."""
        return queryset.filter(urgent=value == "oui")
