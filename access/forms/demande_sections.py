"""The sections of the request form, as the law lists them (CSP, R. 5121-74 I)."""

from __future__ import annotations

from django import forms

from access.forms.champs import Choix, LenientForm, Nombre, OuiNon, long_texte, texte
from access.states import Gravite, IssueTraitement, ModeJustification, Sexe
from engine.fields import Jour
from referentiel.models import Pui, Service, Specialite, User

ROWS = (1, 2, 3)


class ProduitSection(LenientForm):
    """3° the product, 4° the indication; a product of no list is described in words."""

    libre_nom = texte("Nom ou nom de code du produit", 120)
    libre_dci = texte("DCI", 120, required=False)
    libre_forme = texte("Forme pharmaceutique", 120)
    libre_dosage = texte("Dosage", 60, help_text="Par exemple 25 mg/5 ml.")
    libre_voie = texte("Voie", 60, required=False)
    libre_exploitant = texte("Laboratoire", 120, required=False)
    libre_pays_amm = texte("Pays où le produit a une AMM", 120, required=False)
    specialite = Choix(
        label="Présentation (UCD)",
        queryset=Specialite.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choisissez une présentation de ce produit."},
    )
    cadre = forms.ChoiceField(
        label="Indication",
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choisissez une des indications proposées."},
    )
    indication = long_texte("Indication, en clair", 500, rows=2)
    indication_code = texte("Code CIM-10 ou ORPHA", 20, required=False)
    poursuite_motif = long_texte(
        "Pourquoi un accès compassionnel reste nécessaire pour ce patient", 500, rows=2
    )


class PatientSection(LenientForm):
    """2° the patient: identity for the hospital alone, the agency sees initials, age and sex."""

    patient_ipp = texte(
        "Numéro hospitalier (IPP)",
        30,
        help_text="Si ce patient est déjà connu de votre établissement, le reste se remplit seul.",
    )
    patient_nom = texte("Nom", 80)
    patient_prenom = texte("Prénom", 80)
    patient_naissance = Jour(label="Date de naissance")
    patient_sexe = forms.ChoiceField(
        label="Sexe",
        choices=Sexe.choices,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choisissez un des trois codes."},
    )
    poids_kg = Nombre(
        label="Poids (kg)",
        low="0.3",
        high="400",
        places=3,
        sentence="Le poids se situe entre 0,3 et 400 kg : vérifiez le nombre et l'unité.",
        help_text="Entre 0,3 et 400.",
    )
    taille_cm = Nombre(label="Taille (cm)", low="20", high="260", places=1, required=False)
    surface_m2 = Nombre(
        label="Surface corporelle (m²)",
        low="0.1",
        high="4",
        places=2,
        help_text="Placet ne la calcule pas : écrivez celle que vous retenez.",
    )
    age_gestationnel_sa = forms.IntegerField(
        label="Âge gestationnel (semaines d'aménorrhée)",
        min_value=20,
        max_value=45,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "invalid": "Écrivez un nombre entier de semaines, entre 20 et 45.",
            "min_value": "L'âge gestationnel se situe entre 20 et 45 semaines.",
            "max_value": "L'âge gestationnel se situe entre 20 et 45 semaines.",
        },
    )


class MaladieSection(LenientForm):
    """L. 5121-12-1 (serious, rare, disabling), 6° deferral, criteria or reasons, 5° research."""

    gravite = forms.MultipleChoiceField(
        label="La maladie est",
        choices=Gravite.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="Une réponse au moins.",
        error_messages={"invalid_choice": "Choisissez parmi grave, rare et invalidante."},
    )
    differable = OuiNon(label="Le traitement peut-il être différé ?")
    mode_justification = forms.ChoiceField(
        label="Votre patient et les critères publiés",
        choices=[
            (ModeJustification.CRITERES, "Mon patient entre dans les critères"),
            (ModeJustification.JUSTIFICATION, "Il n'y entre pas, je justifie la demande"),
        ],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choisissez l'une des deux voies."},
    )
    justif_inclusion = long_texte("Pourquoi il ne peut entrer dans une recherche en cours", 4000)
    justif_alternative = long_texte("Pourquoi aucun traitement disponible n'est approprié", 4000)
    justif_efficacite = long_texte("Ce qui fait présumer l'efficacité et la sécurité", 4000)
    references = long_texte(
        "Références", 4000, rows=2, help_text="Une publication au moins, une par ligne."
    )
    essai_en_cours = OuiNon(
        label="Une recherche à finalité commerciale est-elle en cours dans cette indication ?"
    )
    essai_numero = texte("Numéro de la recherche (EU CT ou RIPH)", 40)
    essai_motif = long_texte("Pourquoi ce patient ne peut y entrer", 1000, rows=2)
    antecedents = long_texte("Antécédents et bilan", 4000, required=False)
    avis_rcp = OuiNon(label="Avis d'une RCP ou d'un centre de référence", required=False)
    avis_rcp_date = Jour(label="Date de l'avis", required=False)
    avis_rcp_centre = texte("Centre", 120, required=False)


class PosologieSection(LenientForm):
    """4° the dosage; one year at most."""

    dose = Nombre(label="Dose par prise", low="0.001", high="999999", places=3)
    dose_unite = texte("Unité de dose", 20, listed="unites")
    frequence = texte("Fréquence", 60, listed="frequences")
    voie = texte("Voie d'administration", 60, listed="voies")
    schema = long_texte("Schéma particulier", 1000, rows=2, required=False)
    unites_par_jour = Nombre(
        label="Unités (UCD) par jour",
        low="0.001",
        high="9999",
        places=3,
        help_text="Flacons, comprimés… Une fraction est possible : 0,5.",
    )
    duree_jours = forms.IntegerField(
        label="Durée (jours)",
        min_value=1,
        max_value=366,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "invalid": "Écrivez un nombre entier de jours.",
            "min_value": "La durée est d'un jour au moins.",
            "max_value": "Une AAC dure au plus un an : 365 jours, puis un renouvellement.",
        },
    )
    date_debut_souhaitee = Jour(label="Début souhaité")


class AnterieursSection(LenientForm):
    """What was tried before: three lines, or none and why."""

    aucun_traitement_anterieur = forms.BooleanField(
        label="Aucun traitement antérieur", required=False
    )
    aucun_traitement_motif = texte("Pourquoi aucun", 300)

    def add_rows(self) -> None:
        """One line per treatment; only the first is expected."""
        for n in ROWS:
            self.fields[f"ant_{n}_dci"] = texte("Traitement (DCI)", 120, required=n == 1)
            self.fields[f"ant_{n}_periode"] = texte("Période", 60, required=False)
            self.fields[f"ant_{n}_issue"] = forms.ChoiceField(
                label="Issue",
                choices=[("", "Choisir…"), *IssueTraitement.choices],
                required=n == 1,
                error_messages={"invalid_choice": "Choisissez une des issues proposées."},
            )


class CircuitSection(LenientForm):
    """1° who prescribes, from which service, and the pharmacy that will transmit."""

    service = Choix(
        label="Service",
        queryset=Service.objects.none(),
        empty_label="Choisir…",
        error_messages={"invalid_choice": "Choisissez un de vos services."},
    )
    pui = Choix(
        label="Pharmacie (PUI)",
        queryset=Pui.objects.none(),
        empty_label="Choisir…",
        error_messages={"invalid_choice": "Choisissez une pharmacie en service."},
    )
    prescripteur = Choix(
        label="Médecin prescripteur",
        queryset=User.objects.none(),
        empty_label="Choisir…",
        help_text="Lui seul, ou un prescripteur du service, envoie la demande à la pharmacie.",
        error_messages={"invalid_choice": "Choisissez un prescripteur de votre établissement."},
    )
