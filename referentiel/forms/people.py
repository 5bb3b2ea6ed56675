"""What administrators, gérants and invited people type; rules live in the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import password_validation

from engine.clocks import today
from engine.fields import Jour
from referentiel.models import (
    Etablissement,
    Organisation,
    Pui,
    Service,
    TypeOrganisation,
    User,
)
from referentiel.roles import Role
from referentiel.rules.personnes import is_rpps
from referentiel.selectors.annuaire import ETATS, puis_of, services_of
from referentiel.selectors.people import deputies_of, heads_of

TITRES = [(t, t or "Aucun") for t in ("", "M.", "Mme", "Dr", "Pr")]
MANY = 25


class ServicesField(forms.ModelMultipleChoiceField):
    """Services as boxes, or as a list when they are many."""

    def offer(self, organisation: Organisation) -> None:
        self.queryset = services_of(organisation)
        many = self.queryset.count() > MANY
        self.widget = forms.SelectMultiple() if many else forms.CheckboxSelectMultiple()
        self.widget.choices = self.choices

    def label_from_instance(self, service: Any) -> str:
        return f"{service.nom} (UF {service.code_uf})"


class DatesForm(forms.Form):
    """The days of a role."""

    debut = Jour("Début")
    fin = Jour("Fin", required=False, help_text="Dernier jour. Vide si elle n'est pas connue.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        debut, fin = data.get("debut"), data.get("fin")
        if debut and fin and fin < debut:
            self.add_error("fin", "La fin précède le début.")
        return data


class InvitationForm(DatesForm):
    """A person, the role they are given, where and when."""

    email = forms.EmailField(
        label="Adresse électronique professionnelle",
        help_text="Elle servira à se connecter.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    titre = forms.ChoiceField(label="Titre", choices=TITRES, required=False)
    prenom = forms.CharField(label="Prénom", max_length=80)
    nom = forms.CharField(label="Nom", max_length=80)
    qualite = forms.CharField(
        label="Qualité",
        max_length=120,
        required=False,
        help_text="Sur les documents\u00a0: « praticien hospitalier », par exemple.",
    )
    rpps = forms.CharField(
        label="RPPS",
        max_length=11,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(label="Rôle")
    services = ServicesField(
        queryset=Service.objects.none(),
        label="Services",
        required=False,
        help_text="Obligatoires pour un prescripteur : il voit les dossiers de ses services.",
    )
    pui = forms.ModelChoiceField(
        queryset=Pui.objects.none(),
        label="Pharmacie (PUI)",
        required=False,
        empty_label="Aucune",
        help_text="Obligatoire pour un pharmacien ; à la place des services pour un interne en "
        "pharmacie.",
    )
    gerant = forms.BooleanField(
        label="Pharmacien gérant",
        required=False,
        help_text="Approuvé par un administrateur de la plateforme.",
    )
    field_order = (
        "email", "titre", "prenom", "nom", "qualite", "rpps", "role", "services", "pui", "gerant",
        "debut", "fin",
    )  # fmt: skip
    HOSPITAL_ONLY = ("services", "pui", "gerant")

    def __init__(self, *args: Any, organisation: Organisation, roles: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(r.value, str(r.label)) for r in Role if r in roles]
        self.fields["role"].choices = choices  # type: ignore[attr-defined]
        if organisation.type == TypeOrganisation.ETABLISSEMENT:
            self.fields["services"].offer(organisation)  # type: ignore[attr-defined]
            self.fields["pui"].queryset = puis_of(organisation).filter(active=True)  # type: ignore[attr-defined]
        else:
            for name in self.HOSPITAL_ONLY:
                del self.fields[name]

    def clean_rpps(self) -> str:
        rpps = self.cleaned_data["rpps"].replace(" ", "")
        if rpps and not is_rpps(rpps):
            raise forms.ValidationError(
                "Ce RPPS n'est pas exact : onze chiffres, dont le dernier est une clé."
            )
        return rpps

    def clean_debut(self) -> Any:
        debut = self.cleaned_data["debut"]
        if debut < today():
            raise forms.ValidationError("Un rôle ne commence pas dans le passé.")
        return debut

    def values(self) -> dict[str, Any]:
        """The arguments of the service."""
        data = dict(self.cleaned_data)
        names = ("nom", "prenom", "titre", "qualite", "rpps")
        return {"identity": {name: data.pop(name) for name in names}, **data}


class AffectationForm(DatesForm):
    """The days and services of a role already given."""

    services = ServicesField(queryset=Service.objects.none(), label="Services", required=False)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if organisation.type == TypeOrganisation.ETABLISSEMENT:
            self.fields["services"].offer(organisation)  # type: ignore[attr-defined]
        else:
            del self.fields["services"]


class MotifForm(forms.Form):
    """Why a role is refused or ended."""

    motif = forms.CharField(label="Motif", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class MotifFacultatifForm(MotifForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["motif"].required = False


class DelegationForm(DatesForm):
    """To whom the gérant delegates, and when."""

    adjoint = forms.ModelChoiceField(
        queryset=User.objects.none(), label="Pharmacien adjoint", empty_label="Choisir…"
    )
    field_order = ("adjoint", "debut", "fin")

    def __init__(self, *args: Any, pui: Pui, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["adjoint"].queryset = deputies_of(pui)  # type: ignore[attr-defined]


class PersonnesFiltreForm(forms.Form):
    """Filters of the list of people; a wrong value counts for nothing."""

    role = forms.ChoiceField(label="Rôle", required=False)
    service = forms.ModelChoiceField(
        queryset=Service.objects.none(), label="Service", required=False, empty_label="Tous"
    )
    etat = forms.ChoiceField(
        label="État",
        required=False,
        choices=[("", "Sauf terminées"), *((e.code, e.label) for e in ETATS)],
    )
    organisation = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, organisation: Organisation | None, roles: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Tous"), *((r.value, r.label) for r in Role if r in roles)]
        self.fields["role"].choices = choices  # type: ignore[attr-defined]
        if organisation is None or organisation.type != TypeOrganisation.ETABLISSEMENT:
            del self.fields["service"]
        else:
            self.fields["service"].queryset = services_of(organisation)  # type: ignore[attr-defined]


class OrganisationForm(forms.ModelForm):
    """An organisation that is no hospital (those come from the SAE)."""

    type = forms.ChoiceField(
        label="Type",
        choices=[c for c in TypeOrganisation.choices if c[0] != TypeOrganisation.ETABLISSEMENT],
    )

    class Meta:
        model = Organisation
        fields = ("type", "nom", "region")


class ServiceForm(forms.ModelForm):
    class Meta:
        model = Service
        fields = ("code_uf", "nom", "chef")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chef: Any = self.fields["chef"]
        chef.queryset = heads_of(self.instance.etablissement_id)
        chef.empty_label = "Aucun pour l'instant"
        chef.help_text = "Prévenu des ouvertures en urgence et des autorisations qui finissent."


class PuiForm(forms.ModelForm):
    class Meta:
        model = Pui
        fields = ("nom", "email", "telephone", "active", "stock_autorise", "retrocession")
        help_texts = {
            "email": "Reçoit les alertes de la pharmacie.",
            "active": "Une pharmacie inactive ne reçoit plus de demande.",
            "retrocession": "La pharmacie vend à des patients non hospitalisés (CSP, L. 5126-6).",
        }


class FacturationForm(forms.ModelForm):
    class Meta:
        model = Etablissement
        fields = ("finess_epmsi", "route_facturation")

    def clean_finess_epmsi(self) -> str:
        finess = self.cleaned_data["finess_epmsi"].strip().upper()
        if finess and (len(finess) != 9 or not finess.isalnum() or not finess.isascii()):
            raise forms.ValidationError("Un FINESS a neuf caractères.")
        return finess


class MotDePasseForm(forms.Form):
    """The password an invited person chooses."""

    password1 = forms.CharField(
        label="Mot de passe",
        strip=False,
        help_text="Douze caractères au moins.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label="Le même, une seconde fois",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password1(self) -> str:
        password = self.cleaned_data["password1"]
        password_validation.validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, second = data.get("password1"), data.get("password2")
        if first and second and first != second:
            self.add_error("password2", "Les deux mots de passe diffèrent.")
        return data
