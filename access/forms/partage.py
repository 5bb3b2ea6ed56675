"""Sharing a dossier with a colleague, by name."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from access.forms.steps import StepForm
from access.selectors.partage import colleagues, shared_with
from referentiel.models import User


class PartageForm(StepForm):
    """A prescriber of the same establishment who does not read the dossier yet."""

    personne = forms.ModelChoiceField(
        label="Ajouter un coprescripteur",
        queryset=User.objects.none(),
        empty_label="Choisir…",
        error_messages={"required": "Choisissez une personne."},
    )

    def prepare(self, subject: Any) -> None:
        cast(forms.ModelChoiceField, self.fields["personne"]).queryset = colleagues(subject)


class RetraitPartageForm(StepForm):
    """One of those it is shared with."""

    personne = forms.ModelChoiceField(label="Coprescripteur", queryset=User.objects.none())

    def prepare(self, subject: Any) -> None:
        cast(forms.ModelChoiceField, self.fields["personne"]).queryset = shared_with(subject)
