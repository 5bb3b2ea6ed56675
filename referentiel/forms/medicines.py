"""Forms of the medicines: the public search, what a gestionnaire types."""

from __future__ import annotations

from typing import Any

from django import forms

from engine.fields import Jour
from referentiel.forms.fields import CHOISIR, ask_to_choose, page_field
from referentiel.models import Cadre, CodeIndication, Produit, Specialite
from referentiel.rules import codes
from referentiel.states import STATUTS_PAR_TYPE, Continuite, TypeCadre

TROIS_ETATS = [("unknown", "Non précisé"), ("true", "Oui"), ("false", "Non")]


class GestionFiltreForm(forms.Form):
    """Filters of the gestionnaire's list."""

    etat = forms.ChoiceField(
        label="Mentions",
        choices=[
            ("", "Tous les produits"),
            ("incomplets", "Mentions manquantes"),
            ("attente", "UCD en attente"),
        ],
        required=False,
    )


class ProduitForm(forms.ModelForm):
    """The mentions of an authorisation (CSP, R. 5121-74-3) and the UCD."""

    ucd7 = forms.CharField(
        label="Code UCD à 7 chiffres",
        required=False,
        max_length=7,
        help_text="Sans lui, l'accès est possible ; seule la facturation attend.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    class Meta:
        model = Produit
        fields = (
            "nom",
            "dci",
            "forme",
            "dosage",
            "voie",
            "laboratoire",
            "atc",
            "condition_prescription",
            "age_gestationnel_requis",
            "stock_autorise",
        )
        widgets = {"condition_prescription": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        produit = self.instance
        known = Produit.objects.filter(pk=produit.pk).exists()
        if known and not produit.specialites.filter(ucd_en_attente=True).exists():
            del self.fields["ucd7"]

    def clean_ucd7(self) -> str:
        ucd7 = self.cleaned_data["ucd7"].strip()
        if ucd7 and not codes.is_ucd7(ucd7):
            raise forms.ValidationError("Un code UCD a 7 chiffres et commence par 9.")
        if ucd7 and Specialite.objects.filter(ucd7=ucd7).exists():
            raise forms.ValidationError("Ce code UCD est déjà celui d'un produit du référentiel.")
        return ucd7


class CadreForm(forms.ModelForm):
    """A cadre typed by hand: framework, indication, status, dates."""

    debut = Jour("Début", required=False, help_text="Vide si la date n'est pas connue.")
    fin = Jour("Fin", required=False, help_text="Vide tant que le cadre est ouvert.")
    lien_officiel = page_field("Page officielle")

    class Meta:
        model = Cadre
        fields = (
            "framework",
            "indication",
            "statut",
            "debut",
            "fin",
            "continuite",
            "conditions",
            "avec_amm",
            "maladie_rare",
            "pediatrie",
            "suivi_obligatoire",
            "continuite_gratuite",
            "lien_officiel",
        )
        widgets = {
            "indication": forms.Textarea(attrs={"rows": 4}),
            "conditions": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["continuite_gratuite"].required = False
        for name in ("framework", "statut"):
            ask_to_choose(self.fields[name])
        for name in ("avec_amm", "maladie_rare", "pediatrie", "suivi_obligatoire"):
            self.fields[name].widget.choices = TROIS_ETATS

    def clean_continuite_gratuite(self) -> str:
        return self.cleaned_data["continuite_gratuite"] or Continuite.INCONNU

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        framework, statut = data.get("framework"), data.get("statut")
        if framework and statut and statut not in STATUTS_PAR_TYPE[TypeCadre(framework)]:
            self.add_error("statut", "Ce statut n'existe pas pour ce cadre.")
        debut, fin = data.get("debut"), data.get("fin")
        if debut and fin and fin < debut:
            self.add_error("fin", "La fin précède le début.")
        return data


class CodeForm(forms.ModelForm):
    """An indication code of one UCD of the product, ahead of the official list."""

    debut = Jour("Début", required=False, help_text="Premier jour d'administration facturable.")
    fin = Jour("Fin", required=False, help_text="Vide tant que le code est ouvert.")

    class Meta:
        model = CodeIndication
        fields = ("specialite", "cadre", "code", "libelle", "debut", "fin")
        labels = {"specialite": "Spécialité", "cadre": "Cadre"}
        widgets = {"libelle": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, produit: Produit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, Any] = self.fields
        choices["specialite"].queryset = produit.specialites.filter(ucd_en_attente=False)
        choices["specialite"].empty_label = CHOISIR
        choices["cadre"].queryset = produit.cadres.all()
        choices["cadre"].empty_label = "Aucun"
        choices["cadre"].help_text = "Vide pour un code générique (NXXXX01, NXXXX02)."
        if not self.instance._state.adding:
            for name in ("specialite", "cadre", "code"):
                del self.fields[name]

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].strip().upper()
        if not codes.is_indication_code(code):
            raise forms.ValidationError("Un code d'indication a 7 caractères, par exemple NINDO05.")
        return code

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        code = data.get("code")
        if code and not data.get("cadre") and not codes.is_generic_code(code):
            self.add_error("cadre", "Choisissez le cadre que ce code facture.")
        debut, fin = data.get("debut"), data.get("fin")
        if debut and fin and fin < debut:
            self.add_error("fin", "La fin précède le début.")
        return data
