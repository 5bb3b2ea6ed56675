"""The two questions of an emergency opening."""

from __future__ import annotations

from django import forms

from access.services.urgence import MOTIF_MIN


class RechercheIppForm(forms.Form):
    """A patient, by hospital number only; posted, so that no number stays in an address."""

    ipp = forms.CharField(
        label="Numéro hospitalier (IPP)",
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Écrivez le numéro hospitalier du patient."},
    )


class OuvertureForm(RechercheIppForm):
    """The service that holds the dossier, and why it must be read now."""

    service = forms.UUIDField(widget=forms.HiddenInput)
    motif = forms.CharField(
        label="Motif de l'ouverture",
        min_length=MOTIF_MIN,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Le chef du service le lit, avec votre nom et l'heure.",
        error_messages={"required": "Dites pourquoi : le chef du service lira ce motif."},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["ipp"].widget = forms.HiddenInput()
