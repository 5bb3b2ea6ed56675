"""Forms of the lists: upload, mapping of the columns, filters of a review."""

from __future__ import annotations

from typing import Any

from django import forms

from referentiel.importers.archives import MAX_BYTES
from referentiel.importers.liste import FORMATS_DATE
from referentiel.importers.registry import SOURCES
from referentiel.models import CorrespondanceListe
from referentiel.rules import colonnes
from referentiel.states import EtatLigneRevue, SourceImport

LIMIT_MB = MAX_BYTES // (1024 * 1024)
TROP_GRAND = f"Ce fichier dépasse {LIMIT_MB}\u00a0Mo : vérifiez que c'est le bon, ou compressez-le."
CHOICES = [
    (SourceImport(name).value, SourceImport(name).label) for name in (*SOURCES, SourceImport.LISTE)
]
ACCEPT = ".csv,.txt,.tsv,.xlsx,.zip,.gz"


class DepotForm(forms.Form):
    """The source, its mapping when it is another list, and the file."""

    source = forms.ChoiceField(
        label="Source",
        choices=CHOICES,
        help_text="« Autre liste » accepte tout fichier CSV ou XLSX avec des UCD, des codes et des "
        "dates : ses colonnes sont reconnues une fois.",
    )
    correspondance = forms.ModelChoiceField(
        label="Correspondance de colonnes",
        queryset=CorrespondanceListe.objects.none(),
        required=False,
        empty_label="À faire après le dépôt",
        help_text="Pour une autre liste dont les colonnes ont déjà été reconnues.",
    )
    fichier = forms.FileField(
        label="Fichier",
        help_text=f"CSV, texte, XLSX, ou archive ZIP pour la BDPM, {LIMIT_MB}\u00a0Mo au plus. "
        "Un nom daté (liste_2025-03.csv) dit la version : plus ancienne que la dernière "
        "appliquée, elle est refusée.",
        error_messages={
            "required": "Choisissez le fichier à déposer.",
            "empty": "Ce fichier est vide.",
            "invalid": "Choisissez le fichier à déposer.",
        },
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["correspondance"]
        field.queryset = CorrespondanceListe.objects.order_by("nom")
        field.error_messages["invalid_choice"] = "Cette correspondance n'existe plus."

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("source") != SourceImport.LISTE:
            data["correspondance"] = None
        return data


class ColonnesForm(forms.Form):
    """Which column of the list is which of ours; guesses are preselected."""

    nom = forms.CharField(
        label="Nom de cette correspondance",
        max_length=80,
        help_text="Elle sera proposée au prochain dépôt. Un nom déjà pris est remplacé.",
        error_messages={"required": "Donnez un nom à cette correspondance."},
    )
    format_date = forms.ChoiceField(
        label="Format des dates", choices=[(name, name) for name in FORMATS_DATE]
    )
    complete = forms.BooleanField(
        label="La liste est complète : ce qui n'y est plus est fermé",
        required=False,
        help_text="Laissez vide pour une liste partielle : elle ne ferme rien.",
    )

    def __init__(
        self,
        *args: Any,
        titres: list[str],
        devine: dict[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Aucune"), *((name, name) for name in titres)]
        for champ, (label, needed) in colonnes.CHAMPS.items():
            self.fields[f"col_{champ}"] = forms.ChoiceField(
                label=label,
                choices=choices,
                required=needed,
                initial=devine.get(champ, ""),
                error_messages={
                    "required": "Choisissez la colonne qui le donne.",
                    "invalid_choice": "Cette colonne n'est pas dans le fichier.",
                },
            )
        last = ["format_date", "complete", "nom"]
        self.order_fields([f"col_{champ}" for champ in colonnes.CHAMPS] + last)

    def mapping(self) -> dict[str, str]:
        """Our fields and the columns chosen for them."""
        return {champ: self.cleaned_data.get(f"col_{champ}", "") for champ in colonnes.CHAMPS}


class FiltreLignesForm(forms.Form):
    """Filters of the lines; a wrong value counts for nothing."""

    etat = forms.ChoiceField(
        label="Décision", choices=[("", "Toutes"), *EtatLigneRevue.choices], required=False
    )
    certaine = forms.ChoiceField(
        label="Certaines",
        choices=[("", "Toutes"), ("oui", "Certaines"), ("non", "À examiner")],
        required=False,
    )
