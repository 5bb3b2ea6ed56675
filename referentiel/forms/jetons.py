"""A token asked for: what it is for, what it may do, how long."""

from __future__ import annotations

from django import forms

from referentiel.models import Portee
from referentiel.services.jetons import LONGEST


class JetonForm(forms.Form):
    libelle = forms.CharField(
        label="À quoi sert ce jeton",
        max_length=80,
        help_text="Par exemple le nom du logiciel qui l'utilisera.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label="Ce qu'il permet",
        choices=Portee.choices,
        initial=[Portee.LECTURE],
        widget=forms.CheckboxSelectMultiple,
        help_text="Jamais davantage que votre rôle.",
    )
    jours = forms.IntegerField(label="Durée (jours)", min_value=1, max_value=LONGEST, initial=90)
