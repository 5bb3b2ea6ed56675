"""The inputs of a decision: a grant or a refusal, the same for the page and the API."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from access.forms.steps import LONG, StepForm, sans_lien_field
from access.models import DemandeAac
from access.rules import instruction as rules
from access.rules.delais import end_of
from access.selectors.vivantes import Vivante, living
from access.states import MotifRefus
from engine.clocks import today
from engine.fields import Jour
from referentiel import parametres


class AccordForm(StepForm):
    """Dates, quantity and conditions of a grant (CSP, R. 5121-74-3 I)."""

    vivantes: Sequence[Vivante] = ()

    date_debut = Jour("Début")
    date_fin = Jour("Fin")
    quantite_max = forms.DecimalField(
        label="Quantité maximale (unités UCD)", max_digits=10, decimal_places=3
    )
    conditions = forms.CharField(
        label="Conditions particulières",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    doublon_motif = forms.CharField(
        label="Pourquoi une seconde autorisation",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    sans_lien = sans_lien_field("un autre décideur doit signer")

    def prepare(self, subject: DemandeAac) -> None:
        """Propose what was asked, starting no earlier than today."""
        self._tell_living(subject)
        detail = subject.detail_aac
        start = max(detail.date_debut_souhaitee or today(), today())
        self.fields["date_debut"].initial = start
        if detail.duree_jours:
            self.fields["date_fin"].initial = end_of(start, detail.duree_jours)
        self.fields["quantite_max"].initial = detail.pharmacie_quantite

    def _tell_living(self, subject: DemandeAac) -> None:
        """A second live authorisation asks for its reason; another strength gives its own."""
        self.vivantes = living(subject)
        if not self.vivantes:
            del self.fields["doublon_motif"]
            return
        numbers = ", ".join(aac.numero for aac in self.vivantes)
        field = self.fields["doublon_motif"]
        field.help_text = (
            f"Ce patient a déjà {numbers} pour ce produit et cette indication. "
            "Un motif lève la limite d'une seule autorisation."
        )
        if all(aac.jumelle for aac in self.vivantes):
            field.initial = "Autre dosage du même médicament."

    def clean_quantite_max(self) -> Any:
        quantity = self.cleaned_data["quantite_max"]
        if quantity <= 0:
            raise forms.ValidationError("La quantité est supérieure à zéro.")
        return quantity

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("date_debut"), data.get("date_fin")
        values = parametres.en_vigueur(today())
        if start and (error := rules.start_error(start, today(), values)):
            self.add_error("date_debut", error)
        if start and end:
            for name, sentence in rules.dates_errors(start, end, values).items():
                self.add_error(name, sentence)
            self._clean_second(data, start, end)
        return data

    def _clean_second(self, data: dict[str, Any], start: date, end: date) -> None:
        """The reason is asked, and kept, only when two would be live."""
        second = [a for a in self.vivantes if rules.is_second(start, end, today(), a.droit)]
        if not second:
            data.pop("doublon_motif", None)
        elif not data.get("doublon_motif"):
            self.add_error(
                "doublon_motif",
                f"{second[0].numero} est déjà accordée à ce patient pour ce produit et cette "
                "indication\u00a0: dites pourquoi une seconde autorisation est nécessaire.",
            )


class RefusForm(StepForm):
    """A refusal in law (closed list) and in fact (CSP, R. 5121-74-2; CRPA, L. 211-5)."""

    motif = forms.ChoiceField(
        label="Motif de droit", choices=[("", "Choisir…"), *MotifRefus.choices]
    )
    faits = forms.CharField(
        label="Faits qui fondent le refus",
        max_length=4000,
        widget=forms.Textarea(attrs=LONG),
        error_messages={"required": "Écrivez les faits : un refus est motivé par écrit."},
    )
    sans_lien = sans_lien_field("un autre décideur doit signer")
