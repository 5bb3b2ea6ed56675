"""What is typed of establishments and regional bodies."""

from __future__ import annotations

from typing import Any

from django import forms

from engine.fields import Jour
from referentiel.forms.fields import page_field
from referentiel.models import Omedit, RouteFacturation, TypeOrganisation
from referentiel.rules.departements import REGION_OF
from referentiel.rules.etablissements import STATUTS
from referentiel.selectors.etablissements import REGIONS, Filtre

ALL = ("", "Tous")


class OrganisationsFiltreForm(forms.Form):
    """Filters of the list of organisations; those of hospitals find hospitals only."""

    type = forms.ChoiceField(label="Type", required=False, choices=[ALL, *TypeOrganisation.choices])
    region = forms.ChoiceField(
        label="Région", required=False, choices=[("", "Toutes"), *((r, r) for r in REGIONS)]
    )
    departement = forms.ChoiceField(
        label="Département",
        required=False,
        choices=[ALL, *((code, code) for code in sorted(REGION_OF))],
    )
    statut = forms.ChoiceField(label="Statut", required=False, choices=[ALL, *STATUTS.items()])
    route = forms.ChoiceField(
        label="Route", required=False, choices=[("", "Toutes"), *RouteFacturation.choices]
    )
    a_confirmer = forms.BooleanField(label="Route à confirmer", required=False)
    sans_admin = forms.BooleanField(label="Sans administrateur", required=False)

    def filtre(self) -> Filtre:
        """What is asked; an unknown value asks nothing."""
        self.is_valid()
        return Filtre(**self.cleaned_data)


class OmeditForm(forms.ModelForm):
    """How an OMEDIT is reached; what is empty is not shown."""

    site = page_field("Site", max_length=300)

    class Meta:
        model = Omedit
        fields = ("nom", "courriel", "telephone", "site", "verifie_le")
        widgets = {
            "telephone": forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        }
        field_classes = {"verifie_le": Jour}

    def clean_nom(self) -> Any:
        nom = self.cleaned_data["nom"].strip()
        if not nom:
            raise forms.ValidationError("Le nom manque.")
        return nom
