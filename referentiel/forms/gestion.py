"""What a gestionnaire proposes besides mentions, cadres and codes: closings, criteria, sheet, news.

Every form here holds flat, plain values, so that a proposal is kept as JSON and read back by it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms

from engine.clocks import today
from engine.fields import Jour
from referentiel.forms.fields import page_field
from referentiel.models import Cadre, CodeIndication, Parametre, Produit, Specialite
from referentiel.parametres import INITIAUX, valeur
from referentiel.rules import codes
from referentiel.states import STATUTS_PAR_TYPE, NatureContact, StatutCadre, TypeCadre

HORIZON = timedelta(days=5 * 366)
MIN_CRITERES = 10  # rows offered, more when the version in force has more
OUI_NON = [("oui", "Oui"), ("non", "Non")]


class PropositionForm(forms.Form):
    """From when, and why: the part every proposal shares."""

    effet_le = Jour("Prend effet le", help_text="Aujourd'hui ou plus tard.")
    motif = forms.CharField(
        label="Pourquoi",
        max_length=2000,
        help_text="Lu par la personne qui publie : la source, la décision, l'erreur corrigée.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_effet_le(self) -> Any:
        day = self.cleaned_data["effet_le"]
        if day < today():
            raise forms.ValidationError("La date d'effet est passée.")
        if day > today() + HORIZON:
            raise forms.ValidationError("La date d'effet est à plus de cinq ans.")
        return day


class RefusForm(forms.Form):
    """Why a proposal is refused."""

    motif = forms.CharField(
        label="Motif du refus", max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class FermetureCadreForm(forms.Form):
    """The last day of a cadre, and its last status."""

    fin = Jour("Dernier jour")
    statut = forms.ChoiceField(label="Statut")

    def __init__(self, values: Any = None, *, cadre: Cadre) -> None:
        super().__init__(values, initial={"fin": cadre.fin, "statut": cadre.statut})
        allowed = STATUTS_PAR_TYPE[TypeCadre(cadre.framework)]
        self.cadre = cadre
        statut: Any = self.fields["statut"]
        statut.choices = [(s.value, s.label) for s in StatutCadre if s in allowed]

    def clean_fin(self) -> Any:
        fin = self.cleaned_data["fin"]
        if self.cadre.debut and fin < self.cadre.debut:
            raise forms.ValidationError("La fin précède le début.")
        return fin


class FermetureCodeForm(forms.Form):
    """The last day of administration a code may be billed for."""

    fin = Jour("Dernier jour d'administration facturable")

    def __init__(self, values: Any = None, *, code: CodeIndication) -> None:
        super().__init__(values, initial={"fin": code.fin})
        self.code = code

    def clean_fin(self) -> Any:
        fin = self.cleaned_data["fin"]
        if self.code.debut and fin < self.code.debut:
            raise forms.ValidationError("La fin précède le début.")
        return fin


class CriteresForm(forms.Form):
    """Ordered yes/no questions with the answer that meets each; an empty one is left out."""

    def __init__(self, values: Any = None, *, cadre: Cadre) -> None:
        held = list(cadre.criteres.filter(version=cadre.version_criteres).order_by("ordre"))
        initial: dict[str, Any] = {}
        self.rangs = range(1, max(MIN_CRITERES, len(held) + 3) + 1)
        for rank, critere in enumerate(held, start=1):
            initial[f"texte_{rank}"] = critere.texte
            initial[f"attendu_{rank}"] = "oui" if critere.attendu else "non"
        super().__init__(values, initial=initial)
        for rank in self.rangs:
            self.fields[f"texte_{rank}"] = forms.CharField(
                label=f"Question {rank}",
                required=False,
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            self.fields[f"attendu_{rank}"] = forms.ChoiceField(
                label=f"Réponse attendue à la question {rank}",
                choices=[("", "Oui, sauf précision"), *OUI_NON],
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not any(data[name] for name in data if name.startswith("texte_")):
            raise forms.ValidationError("Il faut au moins un critère.")
        for rank in self.rangs:
            if data.get(f"texte_{rank}"):
                data[f"attendu_{rank}"] = data.get(f"attendu_{rank}") or "oui"
            else:
                data[f"attendu_{rank}"] = ""
        return data


class FicheForm(forms.Form):
    """Other names, words for the patient, and whom to reach for each matter."""

    alias = forms.CharField(
        label="Autres noms, un par ligne",
        required=False,
        max_length=4000,
        help_text="Ancien nom, nom de code, marque étrangère.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    resume_patient = forms.CharField(
        label="En mots simples, pour le patient",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    lien_officiel = page_field("Page officielle")

    def __init__(self, values: Any = None, *, produit: Produit) -> None:
        initial = {
            "alias": "\n".join(produit.alias.values_list("nom", flat=True)),
            "resume_patient": produit.resume_patient,
            "lien_officiel": produit.lien_officiel,
        }
        contacts = {contact.nature: contact for contact in produit.contacts.order_by("-nom")}
        for nature in NatureContact:
            for name in ("nom", "courriel", "telephone", "url"):
                key = f"{nature.value.lower()}_{name}"
                initial[key] = getattr(contacts.get(nature), name, "")
        super().__init__(values, initial=initial)
        for nature in NatureContact:
            self._add_contact(nature)

    def _add_contact(self, nature: NatureContact) -> None:
        key, label = nature.value.lower(), nature.label
        self.fields |= {
            f"{key}_nom": forms.CharField(
                label=f"{label} : service", required=False, max_length=200
            ),
            f"{key}_courriel": forms.EmailField(label=f"{label} : courriel", required=False),
            f"{key}_telephone": forms.CharField(
                label=f"{label} : téléphone", required=False, max_length=20
            ),
            f"{key}_url": page_field(f"{label} : page"),
        }

    def clean_alias(self) -> str:
        names = [line.strip() for line in self.cleaned_data["alias"].splitlines() if line.strip()]
        if any(len(name) > 200 for name in names):
            raise forms.ValidationError("Un autre nom a 200 caractères au plus.")
        return "\n".join(sorted(set(names)))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for nature in NatureContact:
            key = nature.value.lower()
            rest = [data.get(f"{key}_{name}") for name in ("courriel", "telephone", "url")]
            if any(rest) and not data.get(f"{key}_nom"):
                self.add_error(f"{key}_nom", "Dites quel service on joint ainsi.")
        return data


class RegroupementForm(forms.Form):
    """The UCD whose products join this one."""

    ucds = forms.CharField(
        label="Codes UCD à réunir avec ce produit",
        max_length=400,
        help_text="Codes à 7 chiffres, séparés par des espaces : un par spécialité d'un autre "
        "produit du référentiel.",
    )

    def __init__(self, values: Any = None, *, produit: Produit) -> None:
        super().__init__(values)
        self.produit = produit

    def clean_ucds(self) -> str:
        typed = self.cleaned_data["ucds"].replace(",", " ").replace(";", " ").split()
        ucds = sorted(set(typed))
        known = dict(Specialite.objects.filter(ucd7__in=ucds).values_list("ucd7", "produit_id"))
        for ucd in ucds:
            if not codes.is_ucd7(ucd) or ucd not in known:
                raise forms.ValidationError(f"Aucun produit du référentiel n'a l'UCD {ucd[:20]}.")
            if known[ucd] == self.produit.pk:
                raise forms.ValidationError(f"L'UCD {ucd} est déjà celui de ce produit.")
        return " ".join(ucds)


class NouvelleForm(forms.Form):
    """A piece of news for the public home page."""

    titre = forms.CharField(label="Titre", max_length=200)
    texte = forms.CharField(
        label="Texte", max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )


class ParametreForm(forms.Form):
    """A newer value of a parameter, of the kind of the one in force, with its source."""

    code = forms.CharField(widget=forms.HiddenInput, max_length=60)
    valeur = forms.CharField(label="Nouvelle valeur", max_length=40)
    source = forms.CharField(
        label="Source", max_length=200, help_text="Le texte ou la décision qui la fixe."
    )

    def __init__(self, values: Any = None, *, code: str, debut: Any) -> None:
        held = valeur(code, debut)
        rows = Parametre.objects.filter(code=code, debut__lte=debut).order_by("-debut")
        source = next((row.source for row in rows[:1]), "") or next(
            p.source for p in INITIAUX if p.code == code
        )
        shown = held.replace(".", ",")
        super().__init__(values, initial={"code": code, "valeur": shown, "source": source})
        self.held, self.debut = held, debut

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if Parametre.objects.filter(code=code, debut=self.debut).exists():
            raise forms.ValidationError("Ce paramètre a déjà une valeur à cette date.")
        return code

    def clean_valeur(self) -> str:
        return same_kind(self.cleaned_data["valeur"], self.held)


def same_kind(typed: str, held: str) -> str:
    """A whole number, a share or a falling list of days, as the value in force is."""
    text = "".join(typed.split())
    if "," in held:
        parts = text.split(",")
        if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
            raise forms.ValidationError("Donnez des nombres de jours séparés par des virgules.")
        days = [int(part) for part in parts]
        if days != sorted(set(days), reverse=True):
            raise forms.ValidationError("Donnez les jours du plus loin au plus proche.")
        return ",".join(map(str, days))
    if "." in held:
        share = text.replace(",", ".")
        digits = share.replace(".", "", 1)
        if not (digits.isascii() and digits.isdigit() and len(share) <= 10 and float(share) <= 1):
            raise forms.ValidationError("Donnez une part entre 0 et 1, par exemple 0,005.")
        return share
    if not (text.isascii() and text.isdigit() and len(text) <= 5):
        raise forms.ValidationError("Donnez un nombre entier, jusqu'à 99999.")
    return str(int(text))
