"""A message on a dossier: its text, and who reads it."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from access.forms.steps import StepForm
from access.states import Audience
from referentiel.roles import ANSM_ROLES


class MessageForm(StepForm):
    """The hospital chooses its readers once the agency holds the request."""

    texte = forms.CharField(
        label="Votre message",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Écrivez votre message avant de l'envoyer."},
    )
    audience = forms.ChoiceField(label="Qui le lit", widget=forms.RadioSelect)

    def prepare(self, subject: Any) -> None:
        """Offer only the readers there are."""
        audience = cast(forms.ChoiceField, self.fields["audience"])
        if self.by.affectation.role in ANSM_ROLES:
            audience.choices = [(Audience.AGENCE, "L'hôpital et l'agence")]
        elif subject.transmitted_at is None:
            audience.choices = [(Audience.HOPITAL, "L'hôpital seulement")]
        else:
            audience.choices = [
                (Audience.HOPITAL, "L'hôpital seulement"),
                (Audience.AGENCE, "L'hôpital et l'agence"),
            ]
        audience.initial = audience.choices[0][0]  # type: ignore[index]
        if len(audience.choices) == 1:  # type: ignore[arg-type]
            audience.widget = forms.HiddenInput()
