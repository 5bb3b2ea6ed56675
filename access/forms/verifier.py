"""What the public page of verification receives: a typed code, or the file itself."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from access.selectors.verification import normalise


class CodeForm(forms.Form):
    """The code printed beside the QR code of a decision."""

    code = forms.CharField(
        label="Code de vérification",
        max_length=80,
        help_text="32 caractères, imprimés à côté du code QR ; espaces et majuscules sans effet.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Tapez le code imprimé sur la décision."},
    )

    def clean_code(self) -> str:
        code = normalise(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(
                "Ce code n'a pas 32 caractères de 0 à 9 et de a à f : relisez-le sur le document."
            )
        return code


class FichierForm(forms.Form):
    """The PDF to compare with the one that was stored."""

    fichier = forms.FileField(
        label="Fichier PDF reçu",
        help_text="Le fichier est comparé puis oublié ; il n'est pas conservé.",
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
        error_messages={"required": "Choisissez le fichier à vérifier."},
    )

    def clean_fichier(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["fichier"]
        if (file.size or 0) > settings.PLACET_UPLOAD_MAX_BYTES:
            raise forms.ValidationError("Ce fichier dépasse 20 Mo : ce n'est pas une décision.")
        return file
