"""What people type in billing; rules live in the services."""

from __future__ import annotations

from typing import Any

from django import forms

from billing.formats.saisie import MAX_LINES
from billing.models import Administration
from engine.fields import Jour
from referentiel.models import Specialite


def number_field(label: str, **options: Any) -> forms.DecimalField:
    """A number with a decimal comma or point."""
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return forms.DecimalField(label=label, widget=widget, localize=True, **options)


class ControleForm(forms.Form):
    inclure_zero = forms.BooleanField(label="Inclure les lignes à 0\u00a0€", required=False)


class CollageForm(forms.Form):
    """Many administrations at once, as the hospital's software gives them."""

    texte = forms.CharField(
        label="Lignes à enregistrer",
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "class": "code"}),
        help_text=(
            "Une administration par ligne\u00a0: n° de séjour\u00a0; entrée\u00a0; sortie\u00a0; "
            "dispensation\u00a0; date\u00a0; quantité. La dispensation est désignée par le n° de "
            f"l'autorisation (AAC-2026-000123). {MAX_LINES} lignes au plus."
        ),
    )


class SejourForm(forms.Form):
    entree = Jour("Entrée")
    sortie = Jour("Sortie", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        entree, sortie = data.get("entree"), data.get("sortie")
        if entree and sortie and sortie < entree:
            self.add_error("sortie", "La sortie précède l'entrée.")
        return data


class AdministrationForm(SejourForm):
    """One administration, its stay and its dispensing."""

    dispensation: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label="Dispensation", empty_label="Choisir"
    )
    numero_sejour = forms.CharField(
        label="N° de séjour",
        max_length=20,
        help_text="Celui du même envoi PMSI.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    jour = Jour("Date d'administration")
    quantite = number_field("Quantité (UCD)", max_digits=10, decimal_places=3, min_value=0)
    perte = number_field(
        "Perte (UCD)",
        max_digits=10,
        decimal_places=3,
        min_value=0,
        required=False,
        help_text="Ce qui a été ouvert puis jeté\u00a0: conservé, mais pas facturé.",
    )
    validation = forms.ChoiceField(
        label="Validé par un centre de référence",
        required=False,
        choices=[
            ("", "Sans objet"),
            *Administration._meta.get_field("validation").choices,  # type: ignore[misc]
        ],
        help_text="Seulement pour un médicament orphelin.",
    )
    field_order = (
        "dispensation",
        "numero_sejour",
        "entree",
        "sortie",
        "jour",
        "quantite",
        "perte",
        "validation",
    )

    def __init__(self, *args: Any, dispensations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["dispensation"]
        field.queryset = dispensations
        field.label_from_instance = self.dispensation_label

    @staticmethod
    def dispensation_label(dispensation: Any) -> str:
        reste = f"{dispensation.reste.normalize():f}".replace(".", ",")
        return (
            f"{dispensation.titre.nom_affiche} · {dispensation.patient.initiales} · "
            f"{dispensation.specialite.libelle} · {dispensation.jour:%d/%m/%Y} · reste {reste}"
        )

    def clean_numero_sejour(self) -> str:
        return self.cleaned_data["numero_sejour"].strip().upper()

    def clean_perte(self) -> Any:
        return self.cleaned_data["perte"] or 0


class PrixForm(forms.Form):
    ucd7 = forms.CharField(
        label="Code UCD",
        min_length=7,
        max_length=7,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    prix_unitaire_ttc = number_field(
        "Prix d'achat unitaire TTC (€)", max_digits=12, decimal_places=4, min_value=0
    )
    source = forms.CharField(
        label="Source du prix",
        max_length=120,
        help_text="Facture, marché ou convention, avec sa référence.",
    )
    debut = Jour("Valable du", help_text="Du même jour qu'un prix déjà saisi, il le corrige.")
    fin = Jour("Jusqu'au", required=False)

    def clean_ucd7(self) -> Specialite:
        code = self.cleaned_data["ucd7"].strip()
        specialite = Specialite.objects.filter(ucd7=code).first()
        if specialite is None:
            raise forms.ValidationError(f"Le code UCD {code} n'est pas au référentiel.")
        return specialite

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        debut, fin = data.get("debut"), data.get("fin")
        if debut and fin and fin < debut:
            self.add_error("fin", "La fin précède le début.")
        return data
