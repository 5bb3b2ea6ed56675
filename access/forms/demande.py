"""The request form: the fields this product and this path ask for, and what may be kept of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from access.forms.champs import CritereRadio, OuiNon
from access.forms.demande_sections import (
    ROWS,
    AnterieursSection,
    CircuitSection,
    MaladieSection,
    PatientSection,
    PosologieSection,
    ProduitSection,
)
from access.models import DemandeAac, Patient
from access.rules.identite import initiale
from access.selectors import demande as choices
from access.services.draft_content import DETAIL, LIBRE, LINKS
from access.services.patients import is_only_here
from engine.clocks import today
from referentiel.models import Cadre

AUTRE = "AUTRE"
IDENTITE = ("ipp", "nom", "prenom", "naissance", "sexe")
PATIENT = tuple(f"patient_{name}" for name in IDENTITE)
OTHER_PATIENT = "Ce numéro hospitalier est déjà celui d'un autre patient : vérifiez-le."
LATIN = "Écrivez ce nom en lettres latines\u00a0: l'agence en lit l'initiale, de A à Z."
ROUTE = "poursuite_motif"


class DemandeForm(
    CircuitSection,
    AnterieursSection,
    PosologieSection,
    MaladieSection,
    PatientSection,
    ProduitSection,
):
    """Every section on one page. Nothing is required here: the rules say what sending needs."""

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, dossier: DemandeAac, by: Any
    ) -> None:
        super().__init__(data)
        self.dossier, self.by = dossier, by
        self.cadres = choices.cadres_for(dossier.produit)
        self.criteres = dossier.criteres()
        self.route = dossier.autre_route(today())
        self.patient_known = dossier.patient is not None and not is_only_here(
            dossier.patient, dossier
        )
        self.found_patient: Patient | None = None
        self.add_rows()
        self._shape_product()
        self._shape_patient()
        self._shape_path()
        self._shape_circuit()

    # --- What is asked ------------------------------------------------------------------

    def _shape_product(self) -> None:
        produit = self.dossier.produit
        if produit is None:
            self._drop("specialite", "cadre")
        else:
            self._drop(*LIBRE)
            specialites = produit.specialites.all()
            if len(specialites) > 1:
                self._choices("specialite").queryset = specialites
            else:
                self._drop("specialite")
            if self.cadres:
                named = [(str(c.pk), c.indication) for c in self.cadres]
                self._choices("cadre").choices = [*named, (AUTRE, "Autre indication")]
                self.fields["indication"].widget.attrs["id"] = "id_indication_texte"
            else:
                self._drop("cadre")
        if not self.route:
            self._drop(ROUTE)

    def _shape_patient(self) -> None:
        if self.patient_known:
            self._drop(*PATIENT)
        if "m²" not in self.dossier.detail_aac.dose_unite:
            self._drop("taille_cm", "surface_m2")
        if not (self.dossier.produit and self.dossier.produit.age_gestationnel_requis):
            self._drop("age_gestationnel_sa")

    def _shape_path(self) -> None:
        if not self.criteres:
            self._drop("mode_justification")
        for critere in self.criteres:
            field = OuiNon(label=critere.texte)
            field.widget = CritereRadio(critere.attendu)
            field.critere = critere  # type: ignore[attr-defined]
            self.fields[f"critere_{critere.pk}"] = field
            self.fields[f"precision_{critere.pk}"] = forms.CharField(
                label=critere.texte, required=False, max_length=300
            )

    def _shape_circuit(self) -> None:
        self._choices("service").queryset = choices.services_for(self.by)
        self._choices("pui").queryset = choices.puis_for(self.by)
        self._choices("prescripteur").queryset = choices.seniors_for(self.by)

    def _drop(self, *names: str) -> None:
        for name in names:
            self.fields.pop(name, None)

    def _choices(self, name: str) -> Any:
        return self.fields[name]

    # --- What was typed -----------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._clean_patient(data)
        for n in ROWS:
            dci, issue = data.get(f"ant_{n}_dci"), data.get(f"ant_{n}_issue")
            if dci and not issue and f"ant_{n}_issue" not in self.errors:
                self.add_error(f"ant_{n}_issue", "Dites comment ce traitement s'est terminé.")
            if issue and not dci and f"ant_{n}_dci" not in self.errors:
                self.add_error(f"ant_{n}_dci", "Nommez ce traitement.")
        return data

    def _clean_patient(self, data: dict[str, Any]) -> None:
        """A number already known brings its patient, unless another identity was typed."""
        for name in ("patient_nom", "patient_prenom"):
            if data.get(name) and not initiale(data[name]):
                self.add_error(name, LATIN)
        ipp = data.get("patient_ipp")
        birth = data.get("patient_naissance")
        if birth and birth > today():
            self.add_error("patient_naissance", "Cette date de naissance est à venir.")
        elif birth and birth.year < today().year - 120:
            self.add_error("patient_naissance", "Cette date de naissance a plus de 120 ans.")
        if not ipp or self.patient_known:
            return
        found = choices.patient_by_ipp(self.dossier.organisation_id, ipp)
        if found is None or found == self.dossier.patient:
            return
        if any(
            data.get(f"patient_{name}") not in (None, "", getattr(found, name))
            for name in ("naissance", "sexe")
        ) or _differs(data.get("patient_nom"), found.nom):
            self.add_error("patient_ipp", OTHER_PATIENT)
        else:
            self.found_patient = found

    # --- What is kept -------------------------------------------------------------------

    def draft_data(self) -> dict[str, Any]:
        """The valid values, as `save_draft` takes them."""
        valid = self.cleaned_data
        data: dict[str, Any] = {
            name: valid[name] for name in (*DETAIL, *LINKS) if name in valid and name in self.fields
        }
        self._keep_cadre(data, valid)
        self._keep_patient(data, valid)
        data["reponses"] = {
            str(critere.pk): valid[f"critere_{critere.pk}"]
            for critere in self.criteres
            if f"critere_{critere.pk}" in valid
        }
        data["precisions"] = {
            str(critere.pk): valid[f"precision_{critere.pk}"]
            for critere in self.criteres
            if f"precision_{critere.pk}" in valid
        }
        data["traitements"] = [
            {name: valid[f"ant_{n}_{name}"] for name in ("dci", "periode", "issue")}
            for n in ROWS
            if valid.get(f"ant_{n}_dci") and valid.get(f"ant_{n}_issue")
        ]
        return data

    def _keep_cadre(self, data: dict[str, Any], valid: dict[str, Any]) -> None:
        """Another indication: the answers about the former one no longer stand."""
        picked = valid.get("cadre")
        if not picked:
            return
        cadre: Cadre | None = next((c for c in self.cadres if str(c.pk) == picked), None)
        data["cadre"] = cadre
        if (cadre.pk if cadre else None) != self.dossier.cadre_id:
            data.pop("mode_justification", None)
            self.criteres = []

    def _keep_patient(self, data: dict[str, Any], valid: dict[str, Any]) -> None:
        if self.found_patient is not None:
            data["patient"] = self.found_patient
            return
        identity = {name: valid.get(f"patient_{name}") for name in IDENTITE}
        if all(identity.values()):
            data["identite"] = identity

    def leftovers(self) -> dict[str, Any]:
        """What was typed and cannot be kept on the request yet: wrong, or half an identity."""
        names = set(self.errors) & set(self.fields)
        if self.found_patient is None and not self.patient_known:
            typed = [name for name in PATIENT if self.cleaned_data.get(name)]
            if len(typed) < len(PATIENT):
                names.update(typed)
        for n in ROWS:
            row = [f"ant_{n}_{name}" for name in ("dci", "periode", "issue")]
            if names.intersection(row) or not self.cleaned_data.get(row[0]):
                names.update(name for name in row if self[name].data)
        return {name: self[name].data for name in sorted(names) if self[name].data}


def _differs(typed: str | None, known: str) -> bool:
    return bool(typed) and str(typed).casefold() != known.casefold()


def stored_data(dossier: DemandeAac) -> dict[str, Any]:
    """The request as a submitted form would say it, so that pages read one bound form."""
    detail, patient = dossier.detail_aac, dossier.patient
    data: dict[str, Any] = {name: getattr(detail, name) for name in DETAIL}
    for name in ("service", "pui", "prescripteur", "specialite"):
        data[name] = getattr(dossier, f"{name}_id")
    if dossier.cadre_id:
        data["cadre"], data["indication"] = str(dossier.cadre_id), ""
    elif dossier.produit_id and detail.indication:
        data["cadre"] = AUTRE
    if patient is not None:
        data |= {f"patient_{name}": getattr(patient, name) for name in IDENTITE}
    for reponse in dossier.reponses_criteres.all():
        data[f"critere_{reponse.critere_id}"] = reponse.reponse
        data[f"precision_{reponse.critere_id}"] = reponse.precision
    for n, row in enumerate(dossier.traitements_anterieurs.all()[: len(ROWS)], start=1):
        data |= {f"ant_{n}_dci": row.dci, f"ant_{n}_periode": row.periode}
        data[f"ant_{n}_issue"] = row.issue
    return {name: _posted(value) for name, value in data.items()}


def _posted(value: Any) -> Any:
    """A value as a browser would post it."""
    return "" if value is None else str(value) if isinstance(value, bool) else value


def page_form(dossier: DemandeAac, by: Any, leftovers: Mapping[str, Any]) -> DemandeForm:
    """The form of the page: what is kept, and over it what was typed and is still to correct."""
    form = DemandeForm(stored_data(dossier) | dict(leftovers), dossier=dossier, by=by)
    form.full_clean()
    return form
