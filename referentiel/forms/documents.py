"""A new version of a document, as a gestionnaire proposes it."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.files.storage import default_storage

from engine.clocks import today
from engine.fields import Jour
from referentiel.forms.fields import page_field
from referentiel.models import Document, Produit
from referentiel.services.depots import path_of
from referentiel.states import TypeDocument

DEPOT = re.compile(r"[0-9a-f]{64}")


class DocumentForm(forms.Form):
    """One version: its type, its dates, and a text, a PDF or an official page."""

    type = forms.ChoiceField(label="Type", choices=TypeDocument.choices)
    titre = forms.CharField(label="Titre", max_length=200)
    version = forms.CharField(label="Version", max_length=20)
    cadre: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label="Cadre", queryset=None, required=False, empty_label="Toute la fiche"
    )
    remplace: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label="Remplace", queryset=None, required=False, empty_label="Aucun document"
    )
    date_publication = Jour("Publié le")
    date_effet = Jour("Prend effet le")
    date_fin = Jour("Prend fin le", required=False)
    texte = forms.CharField(
        label="Texte", required=False, max_length=100_000, widget=forms.Textarea(attrs={"rows": 8})
    )
    source_url = page_field("Page officielle")
    depot = forms.CharField(
        label="Fichier", required=False, max_length=64, widget=forms.HiddenInput
    )

    def __init__(self, values: Any = None, *, produit: Produit) -> None:
        day = today()
        super().__init__(values, initial={"date_publication": day, "date_effet": day})
        choices: dict[str, Any] = self.fields
        choices["cadre"].queryset = produit.cadres.all()
        choices["remplace"].queryset = produit.documents.filter(remplace_par=None)

    def clean_depot(self) -> str:
        depot: str = self.cleaned_data["depot"]
        if depot and not (DEPOT.fullmatch(depot) and default_storage.exists(path_of(depot))):
            raise forms.ValidationError("Le fichier n'est plus là : joignez-le de nouveau.")
        return depot

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        effet, fin = data.get("date_effet"), data.get("date_fin")
        if effet and fin and fin < effet:
            self.add_error("date_fin", "La fin précède la prise d'effet.")
        if not self.errors and not any(data.get(n) for n in ("texte", "source_url", "depot")):
            self.add_error("texte", "Donnez un texte, un fichier ou une page officielle.")
        earlier: Document | None = data.get("remplace")
        if earlier is not None and data.get("type") and earlier.type != data["type"]:
            self.add_error("remplace", "Ce document est d'un autre type.")
        if earlier is not None and effet and effet < earlier.date_effet:
            self.add_error("date_effet", "La version remplacée prend effet plus tard.")
        return data


class FichierForm(forms.Form):
    """The file of a document, kept apart from the proposal it belongs to."""

    fichier = forms.FileField(
        label="Fichier PDF",
        required=False,
        help_text="Au lieu du texte. Une fois joint, il reste avec la proposition.",
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf"}),
    )
