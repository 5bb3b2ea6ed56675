"""The inputs of a dispensing: day, lot, quantity, context, ordonnance and its legal mention."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from access.forms.pharmacie import units
from access.forms.steps import StepForm
from access.models import Dispensation
from access.rules import aac as rules_aac
from access.rules import dispensation as rules
from access.selectors.annulations import cancelling_obstacle
from access.selectors.stock import Lot, usable_lots
from access.states import ContexteDispensation
from engine.clocks import today
from engine.fields import Jour
from referentiel.formats.french import write_number
from referentiel.rules.obtention import MENTION


class DispensationForm(StepForm):
    """Checked against the authorisation, the stock of the PUI and the ordonnance."""

    jour = Jour("Jour de la dispensation")
    lot = forms.ChoiceField(label="Lot")
    quantite = units("Quantité (unités UCD)")
    contexte = forms.ChoiceField(
        label="Contexte", choices=ContexteDispensation.choices, widget=forms.RadioSelect
    )
    ordonnance_date = Jour("Date de l'ordonnance")
    ordonnance_prescripteur = forms.CharField(label="Prescripteur", max_length=160)
    ordonnance_dose = forms.CharField(label="Dose prescrite", max_length=160)
    ordonnance_duree_jours = forms.IntegerField(
        label="Durée prescrite (jours)", min_value=1, max_value=3660
    )
    mention_legale = forms.BooleanField(
        label="L'ordonnance porte la mention légale",
        help_text=f"«\u00a0{MENTION}\u00a0»",
        error_messages={"required": "Sans cette mention, l'ordonnance est à faire compléter."},
    )
    commentaire = forms.CharField(
        label="Commentaire",
        max_length=500,
        required=False,
        help_text="Demandé quand la quantité dépasse ce que la décision autorise.",
    )

    def prepare(self, subject: Any) -> None:
        """Propose today, the lot that expires first, and the ordonnance the request announces."""
        self.lots = {lot.lot: lot for lot in usable_lots(subject.pui_id, subject.specialite_id)}
        usable = [lot for lot in self.lots.values() if not lot.expired(today())]
        lots: Any = self.fields["lot"]
        lots.choices = [(lot.lot, _lot_label(lot)) for lot in self.lots.values()]
        lots.error_messages["invalid_choice"] = (
            "Ce lot n'est pas dans le stock de la pharmacie, ou il est épuisé."
        )
        if not self.lots:
            lots.error_messages["required"] = (
                "Aucun lot de ce produit n'est en stock : réceptionnez d'abord une commande."
            )
        lots.initial = usable[0].lot if usable else None
        self._prepare_context(subject)
        self._prepare_ordonnance(subject)

    def _prepare_context(self, subject: Any) -> None:
        field: Any = self.fields["contexte"]
        field.initial = ContexteDispensation.SEJOUR
        if not subject.pui.retrocession:
            field.choices = [
                choice
                for choice in ContexteDispensation.choices
                if choice[0] != ContexteDispensation.RETROCESSION
            ]
            field.error_messages["invalid_choice"] = (
                "Choisissez séjour ou HAD : cette pharmacie n'est pas autorisée à rétrocéder."
            )

    def _prepare_ordonnance(self, subject: Any) -> None:
        day = today()
        self.fields["jour"].initial = rules_aac.last_covered(subject.droit, day) or day
        if subject.prescripteur:
            self.fields["ordonnance_prescripteur"].initial = subject.prescripteur.full_name
        detail = getattr(subject.parent, "detail_aac", None)
        if detail is not None and detail.dose:
            dose = f"{write_number(detail.dose)} {detail.dose_unite} {detail.frequence}"
            self.fields["ordonnance_dose"].initial = " ".join(dose.split())

    def clean_jour(self) -> date:
        """The right is judged on the dispensing day."""
        day: date = self.cleaned_data["jour"]
        error = rules.day_error(day, today())
        if error:
            raise forms.ValidationError(error)
        for blocker in rules_aac.cover_blockers(self.subject.droit, day):
            raise forms.ValidationError(blocker.message, code=blocker.code)
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        day = data.get("jour") or today()
        self._check_lot(data, day)
        self._check_quantity(data)
        written = data.get("ordonnance_date")
        if written:
            self._refuse("ordonnance_date", rules.ordonnance_error(written, day))
        return data

    def _check_lot(self, data: dict[str, Any], day: date) -> None:
        lot, quantity = self.lots.get(data.get("lot", "")), data.get("quantite")
        if lot is not None:
            asked = quantity or Decimal(0)
            self._refuse("lot", rules.lot_error(lot.lot, lot.peremption, lot.reste, asked, day))

    def _check_quantity(self, data: dict[str, Any]) -> None:
        quantity, aac = data.get("quantite"), self.subject
        if quantity is None or data.get("commentaire", "").strip():
            return
        given = aac.quantite_dispensee()
        if rules.excess(aac.quantite_max, given, quantity):
            self._refuse(
                "commentaire",
                f"La décision autorise {write_number(aac.quantite_max)} unités, "
                f"{write_number(given)} déjà dispensées : dites pourquoi la dépasser.",
            )

    def _refuse(self, name: str, sentence: str) -> None:
        if sentence:
            self.add_error(name, sentence)


class AnnulationForm(StepForm):
    """Which dispensing was noted by mistake, and why."""

    dispensation = forms.ModelChoiceField(
        label="Dispensation à annuler",
        queryset=Dispensation.objects.none(),
        empty_label="Choisir…",
        error_messages={
            "required": "Choisissez la dispensation notée par erreur.",
            "invalid_choice": "Choisissez une dispensation de cette autorisation.",
        },
    )
    motif = forms.CharField(
        label="Motif",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Dites pourquoi cette dispensation est annulée."},
    )

    def prepare(self, subject: Any) -> None:
        """Only those of the authorisation that still stand, the last first."""
        field: Any = self.fields["dispensation"]
        field.queryset = subject.dispensations.order_by("-jour", "-le")
        field.label_from_instance = _dispensation_label

    def clean_dispensation(self) -> Dispensation:
        chosen: Dispensation = self.cleaned_data["dispensation"]
        obstacle = cancelling_obstacle(chosen)
        if obstacle:
            raise forms.ValidationError(obstacle)
        return chosen


def _dispensation_label(dispensation: Dispensation) -> str:
    given = f"{write_number(dispensation.quantite)} du lot {dispensation.lot}"
    context = ContexteDispensation(dispensation.contexte).label
    return f"{dispensation.jour:%d/%m/%Y}, {given}, {context}"


def _lot_label(lot: Lot) -> str:
    end = " – périmé" if lot.expired(today()) else ""
    return f"{lot.lot}, reste {write_number(lot.reste)}, péremption {lot.peremption:%d/%m/%Y}{end}"
