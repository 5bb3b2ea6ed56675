"""« Ajouter un autre dosage »: which one, its dose, its units a day."""

from __future__ import annotations

from typing import Any

from django import forms

from access.forms.champs import Choix, Nombre, texte
from access.forms.steps import StepForm
from access.models import DemandeAac
from access.selectors import demande as choices
from referentiel.models import Specialite


class AutreDosageForm(StepForm):
    """At most three things to type; everything else is copied."""

    use_required_attribute = False

    specialite = Choix(
        label="L'autre dosage",
        queryset=Specialite.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez l'autre dosage.",
            "invalid_choice": "Choisissez un des dosages proposés.",
        },
    )
    libre_dosage = texte("L'autre dosage", 60, help_text="Par exemple 50 mg/5 ml.")
    dose = Nombre(label="Dose par prise", low="0.001", high="999999", places=3)
    unites_par_jour = Nombre(label="Unités (UCD) par jour", low="0.001", high="9999", places=3)

    def prepare(self, subject: DemandeAac) -> None:
        """A product of the référentiel offers its other strengths; another one is typed."""
        for name in ("dose", "unites_par_jour", "libre_dosage"):
            self.fields[name].error_messages["required"] = "Écrivez cette valeur."
        if subject.produit_id is None:
            del self.fields["specialite"]
            return
        del self.fields["libre_dosage"]
        found = choices.other_strengths(subject)
        field: Any = self.fields["specialite"]
        field.queryset = Specialite.objects.filter(pk__in=[s.pk for s in found])
        field.choices = [(str(s.pk), _told(s)) for s in found]
        self.empty = not found


def _told(specialite: Specialite) -> str:
    produit = specialite.produit
    details = ", ".join(part for part in (produit.forme, produit.dosage) if part)
    return f"{specialite.libelle} ({details})" if details else specialite.libelle
