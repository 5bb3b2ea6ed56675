"""The inputs of the pharmacy: an order, the supplier's answer, a lot received or sent back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from access.forms.steps import StepForm
from access.models import Reception
from access.rules import commande as rules
from access.selectors import commandes, stock
from access.states import NatureSortie
from engine.clocks import today
from engine.fields import Jour
from referentiel.formats.french import write_number
from referentiel.models import Specialite


def units(label: str, **options: Any) -> forms.DecimalField:
    """A quantity in UCD units, written « 2,5 » as well as « 2.5 », above zero."""
    return forms.DecimalField(
        label=label,
        max_digits=10,
        decimal_places=3,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        validators=[_positive],
        **options,
    )


def _positive(quantity: Decimal) -> None:
    if quantity <= 0:
        raise forms.ValidationError("La quantité est supérieure à zéro.")


def plain(quantity: Decimal) -> Decimal:
    """180 rather than 180,000."""
    return Decimal(f"{quantity.normalize():f}")


class OrderedForm(StepForm):
    """What is ordered, and from whom."""

    quantite = units("Quantité (unités UCD)")
    fournisseur = forms.CharField(label="Fournisseur", max_length=120)
    importateur = forms.CharField(label="Importateur", max_length=120, required=False)


class CommandeForm(OrderedForm):
    """An order on an authorisation: by default, what is authorised and not yet ordered."""

    def prepare(self, subject: Any) -> None:
        left, quantity = commandes.left_to_order(subject), self.fields["quantite"]
        if left is not None:
            quantity.help_text = f"La décision en autorise encore {write_number(left)}."
            quantity.initial = plain(left) if left > 0 else None
        self.fields["fournisseur"].initial = commandes.usual_supplier(subject)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.subject.specialite_id is None:
            raise forms.ValidationError(
                "Le produit n'est pas encore identifié dans le référentiel : "
                "la commande attend son code."
            )
        return data


class RevisionForm(OrderedForm):
    """The same, on an order already prepared."""

    def prepare(self, subject: Any) -> None:
        for name in self.fields:
            self.fields[name].initial = getattr(subject, name)
        self.fields["quantite"].initial = plain(subject.quantite)


class StockOrderForm(OrderedForm):
    """An order ahead of a patient, for a product that permits it."""

    specialite = forms.ModelChoiceField(
        label="Produit",
        queryset=Specialite.objects.none(),
        empty_label="Choisir…",
        error_messages={
            "invalid_choice": "La commande pour stock n'est pas permise pour ce produit."
        },
    )
    field_order = ["specialite", "quantite", "fournisseur", "importateur"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["specialite"].queryset = commandes.orderable_for_stock()  # type: ignore[attr-defined]


class ConfirmationForm(StepForm):
    """A delivery date, and a quantity that may be lower."""

    livraison_prevue = Jour("Livraison prévue le")
    quantite_confirmee = units("Quantité confirmée (unités UCD)", required=False)

    def prepare(self, subject: Any) -> None:
        self.fields["quantite_confirmee"].initial = plain(subject.quantite)

    def clean_livraison_prevue(self) -> Any:
        day = self.cleaned_data["livraison_prevue"]
        error = rules.livraison_error(day, today())
        if error:
            raise forms.ValidationError(error)
        return day

    def clean_quantite_confirmee(self) -> Any:
        quantity = self.cleaned_data["quantite_confirmee"]
        if quantity is not None and quantity > self.subject.quantite:
            asked = write_number(self.subject.quantite)
            raise forms.ValidationError(f"La commande porte sur {asked} unités, pas davantage.")
        return quantity


class ReponseFournisseurForm(StepForm):
    """What the supplier said."""

    reponse_texte = forms.CharField(
        label="Réponse du fournisseur",
        max_length=300,
        error_messages={"required": "Écrivez ce que le fournisseur a répondu."},
    )


class ReceptionForm(StepForm):
    """A lot received: number, expiry, quantity, release papers."""

    lot = forms.CharField(
        label="Lot",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="Plusieurs lots : enregistrez-les l'un après l'autre, le dernier solde.",
    )
    peremption = Jour("Péremption")
    quantite = units("Quantité reçue (unités UCD)")
    certificat = forms.BooleanField(
        label="Certificat de libération du lot reçu",
        required=False,
        help_text="Demandé pour tout produit importé.",
    )
    commentaire = forms.CharField(label="Commentaire", max_length=500, required=False)

    def prepare(self, subject: Any) -> None:
        expected = subject.quantite_confirmee or subject.quantite
        left = expected - subject.quantite_recue()
        if left > 0:
            self.fields["quantite"].initial = plain(left)

    def clean_lot(self) -> str:
        return str(self.cleaned_data["lot"]).strip().upper()

    def clean_peremption(self) -> Any:
        day = self.cleaned_data["peremption"]
        error = rules.peremption_error(day, today())
        if error:
            raise forms.ValidationError(error)
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._check_surplus(data)
        self._check_same_lot(data)
        return data

    def _check_surplus(self, data: dict[str, Any]) -> None:
        quantity, order = data.get("quantite"), self.subject
        if quantity is None or data.get("commentaire"):
            return
        beyond = rules.surplus(order.quantite, order.quantite_recue(), quantity)
        if beyond > 0:
            self.add_error(
                "commentaire",
                f"La livraison dépasse la commande de {write_number(beyond)} : dites pourquoi.",
            )

    def _check_same_lot(self, data: dict[str, Any]) -> None:
        """One lot has one expiry."""
        lot, peremption = data.get("lot"), data.get("peremption")
        if not lot or not peremption:
            return
        known = Reception.objects.filter(
            pui_id=self.subject.pui_id, specialite_id=self.subject.specialite_id, lot=lot
        ).first()
        if known is not None and known.peremption != peremption:
            self.add_error(
                "peremption",
                f"Le lot {lot} est déjà en stock avec une péremption au "
                f"{known.peremption:%d/%m/%Y}.",
            )


class SortieLotForm(forms.Form):
    """Units of a lot sent back or destroyed."""

    nature = forms.ChoiceField(
        label="Nature", choices=NatureSortie.choices, widget=forms.RadioSelect
    )
    quantite = units("Quantité (unités UCD)")
    motif = forms.CharField(
        label="Motif",
        max_length=300,
        error_messages={"required": "Dites pourquoi ces unités sortent du stock."},
    )

    def __init__(self, *args: Any, lot: stock.Lot | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if lot is not None:
            self.fields["quantite"].help_text = f"Il en reste {write_number(lot.reste)}."
