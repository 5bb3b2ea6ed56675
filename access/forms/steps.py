"""The inputs of each step of a request: the same form for the page and the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms

from access.models import DemandeAac
from access.states import Proposition
from engine.clocks import today
from engine.fields import Jour
from referentiel import parametres
from referentiel.models import Specialite

LONG = {"rows": 5}


def name_what_is_missing(field: forms.Field) -> None:
    """A required field left empty says its own name, unless it has a sentence of its own."""
    if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
        chosen = isinstance(field, forms.ChoiceField | forms.DateField)
        verb = "Choisissez" if chosen else "Remplissez"
        field.error_messages["required"] = f"{verb} «\u00a0{field.label}\u00a0»."


class StepForm(forms.Form):
    """A form that knows the dossier it acts on and the person who acts."""

    def __init__(self, *args: Any, subject: Any = None, by: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subject, self.by = subject, by
        for field in self.fields.values():
            name_what_is_missing(field)
        if subject is not None:
            self.prepare(subject)

    def prepare(self, subject: Any) -> None:
        """Fill what the dossier already says."""


class EnvoiForm(StepForm):
    """The two undertakings of CSP R. 5121-74 I 6° and 7°."""

    engagement_conformite = forms.BooleanField(
        label="Je m'engage sur l'exactitude de cette demande et de sa justification",
        error_messages={"required": "Cochez cet engagement pour envoyer la demande."},
    )
    engagement_information = forms.BooleanField(
        label="J'informe le patient, ou son représentant, comme la loi le prévoit",
        help_text="Absence d'alternative, risques, contraintes, bénéfice attendu "
        "(CSP, L. 5121-12-1 VI).",
        error_messages={"required": "Cochez cet engagement pour envoyer la demande."},
    )


class MotifForm(StepForm):
    """A reason in words, always asked when something goes back or stops."""

    motif = forms.CharField(
        label="Motif",
        max_length=2000,
        widget=forms.Textarea(attrs=LONG),
        error_messages={"required": "Dites pourquoi : les autres acteurs liront ce motif."},
    )


class TransmissionForm(StepForm):
    """The pharmacist's part: criteria checked, quantity, supplier (aac.md, pharmacy part)."""

    pharmacie_criteres = forms.BooleanField(
        label="J'ai vérifié la demande et les critères",
        error_messages={"required": "Confirmez que vous avez vérifié la demande."},
    )
    pharmacie_quantite = forms.DecimalField(
        label="Quantité à commander (unités UCD)",
        min_value=0,
        max_digits=10,
        decimal_places=3,
        error_messages={"required": "La quantité manque."},
    )
    pharmacie_fournisseur = forms.CharField(label="Fournisseur", max_length=120, required=False)
    pharmacie_commentaire = forms.CharField(
        label="Commentaire pour l'agence",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def prepare(self, subject: DemandeAac) -> None:
        """Propose the quantity of the whole treatment and the company as supplier."""
        detail = subject.detail_aac
        if detail.unites_par_jour and detail.duree_jours:
            total = detail.unites_par_jour * detail.duree_jours
            self.fields["pharmacie_quantite"].initial = total.to_integral_value("ROUND_CEILING")
        laboratoire = subject.produit.laboratoire if subject.produit else detail.libre_exploitant
        self.fields["pharmacie_fournisseur"].initial = laboratoire

    def clean_pharmacie_quantite(self) -> Any:
        quantity = self.cleaned_data["pharmacie_quantite"]
        if quantity <= 0:
            raise forms.ValidationError("La quantité est supérieure à zéro.")
        return quantity


def sans_lien_field(otherwise: str) -> forms.BooleanField:
    """The confirmation asked of whoever instructs or decides a request."""
    return forms.BooleanField(
        label="Je confirme n'avoir aucun lien d'intérêts avec cette demande",
        help_text="Un lien déclaré interdit d'instruire et de décider.",
        error_messages={"required": f"Sans cette confirmation, {otherwise}."},
    )


class SansLienForm(StepForm):
    """Self-assignment: no link of interest with this request."""

    sans_lien = sans_lien_field("un collègue doit instruire")


class InstructionForm(StepForm):
    """An act of the review: who has not taken the request confirms it here."""

    sans_lien = sans_lien_field("un collègue doit instruire")

    def prepare(self, subject: DemandeAac) -> None:
        evaluateur = subject.detail_aac.evaluateur_id
        if evaluateur is not None and evaluateur == getattr(self.by, "pk", None):
            del self.fields["sans_lien"]


class PropositionForm(InstructionForm):
    """What the evaluator proposes to the decider."""

    field_order = ("proposition", "proposition_texte", "sans_lien")

    proposition = forms.ChoiceField(
        label="Proposition", choices=Proposition.choices, widget=forms.RadioSelect
    )
    proposition_texte = forms.CharField(
        label="Motivation",
        max_length=4000,
        widget=forms.Textarea(attrs=LONG),
        error_messages={"required": "Motivez la proposition : le décideur s'appuie dessus."},
    )


class ContactForm(StepForm):
    """An attempt to reach the prescriber."""

    moyen = forms.CharField(label="Moyen", max_length=60, help_text="Téléphone, messagerie…")
    resultat = forms.CharField(
        label="Résultat", max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class IdentificationForm(InstructionForm):
    """The product of the référentiel a request in words speaks of."""

    field_order = ("specialite", "sans_lien")

    specialite = forms.ModelChoiceField(
        label="Spécialité",
        queryset=Specialite.objects.select_related("produit"),
        widget=forms.TextInput,
        help_text="Identifiant donné par la recherche de produits.",
        error_messages={"invalid_choice": "Cette spécialité n'est pas dans le référentiel."},
    )


class ComplementForm(InstructionForm):
    """What is missing, one question a line, and by when."""

    field_order = ("questions", "echeance", "sans_lien")

    questions = forms.CharField(
        label="Ce qui manque, une question par ligne",
        max_length=5000,
        widget=forms.Textarea(attrs=LONG),
        error_messages={"required": "Écrivez au moins une question."},
    )
    echeance = Jour("Réponse attendue le")

    def prepare(self, subject: DemandeAac) -> None:
        super().prepare(subject)
        days = int(parametres.valeur("aac.complement_delai_jours", today()))
        self.fields["echeance"].initial = today() + timedelta(days=days)

    def clean_questions(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["questions"].splitlines()]
        questions = [line for line in lines if line]
        if any(len(question) > 500 for question in questions):
            raise forms.ValidationError("Une question tient en 500 caractères.")
        return questions

    def clean_echeance(self) -> Any:
        day = self.cleaned_data["echeance"]
        if day <= today():
            raise forms.ValidationError("L'échéance est un jour à venir.")
        return day


class ReponseComplementForm(StepForm):
    """One answer per item asked; a partial answer is kept."""

    def prepare(self, subject: DemandeAac) -> None:
        asked = subject.complements.filter(cloturee_le=None).first()
        for element in asked.elements.all() if asked else []:
            self.fields[f"reponse_{element.pk}"] = forms.CharField(
                label=element.question,
                required=False,
                initial=element.reponse,
                max_length=4000,
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        answers = {name.removeprefix("reponse_"): text for name, text in data.items() if text}
        if not answers:
            raise forms.ValidationError("Répondez à une question au moins.")
        return {"reponses": answers}
