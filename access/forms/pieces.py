"""Joining a file: what it is and the file; its own name is never kept."""

from __future__ import annotations

from django import forms

NATURES = (
    "Compte rendu médical",
    "Bilan biologique",
    "Imagerie",
    "Avis de RCP",
    "Publication",
    "Ordonnance",
    "Autre pièce",
)


class PieceForm(forms.Form):
    """The nature replaces the file's name, where an identity often hides."""

    use_required_attribute = False

    libelle = forms.ChoiceField(
        label="Nature de la pièce",
        choices=[(nature, nature) for nature in NATURES],
        error_messages={"invalid_choice": "Choisissez une des natures proposées."},
    )
    fichier = forms.FileField(
        label="Fichier",
        help_text="PDF, PNG ou JPEG, 20 Mo au plus.",
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
        error_messages={
            "required": "Choisissez d'abord un fichier.",
            "empty": "Ce fichier est vide.",
            "missing": "Choisissez d'abord un fichier.",
        },
    )
