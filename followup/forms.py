"""The address of a pharmacovigilance centre, as people keep it."""

from __future__ import annotations

from django import forms

from followup.models import CoordonneesCrpv


class CoordonneesCrpvForm(forms.ModelForm):  # type: ignore[type-arg]
    """Everything is optional: what is empty is not shown."""

    class Meta:
        model = CoordonneesCrpv
        fields = ["ressort", "adresse", "telephone", "email"]
        help_texts = {"ressort": "Par exemple «\u00a075, 92\u00a0»."}
        widgets = {
            "telephone": forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        }
