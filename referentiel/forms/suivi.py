"""Following the register: the address that follows, the filters of the list of changes."""

from __future__ import annotations

from django import forms

from engine.fields import Jour
from referentiel.states import NatureChangement


class SuiviForm(forms.Form):
    """The address that will receive the changes."""

    courriel = forms.EmailField(
        label="Adresse électronique",
        max_length=254,
        help_text="Elle ne sert qu'à ces messages ; vous l'effacez d'un clic.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class ChangementsForm(forms.Form):
    """Filters of the list; all optional, a wrong value counts for nothing."""

    produit = forms.UUIDField(required=False, widget=forms.HiddenInput)
    nature = forms.ChoiceField(
        label="Nature", choices=[("", "Toutes"), *NatureChangement.choices], required=False
    )
    depuis = Jour("Depuis le", required=False)
    jusqu = Jour("Jusqu'au", required=False)
