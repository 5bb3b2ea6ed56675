"""What only a request for an AAC holds: the form of CSP R. 5121-74 I and its instruction."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from access.querysets import DossierPartQuerySet
from access.states import (
    IssueTraitement,
    ModeJustification,
    Proposition,
    Sexe,
    TypeDemande,
    UniteAge,
    Voie,
)


def _decimal(verbose: str, digits: int, places: int, low: str, high: str):  # type: ignore[no-untyped-def]
    return models.DecimalField(
        verbose,
        max_digits=digits,
        decimal_places=places,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(low)), MaxValueValidator(Decimal(high))],
    )


class DetailDemandeAac(models.Model):
    """The request's own columns. A draft may be incomplete: the rules say what is missing."""

    dossier = models.OneToOneField(
        "access.Dossier", on_delete=models.CASCADE, primary_key=True, related_name="detail_aac"
    )
    type_demande = models.CharField(
        "type de demande",
        max_length=15,
        choices=TypeDemande.choices,
        default=TypeDemande.INITIALE,
    )
    # Copied from the patient at sending; all the agency ever sees of the person.
    initiale_nom = models.CharField("initiale du nom", max_length=1, blank=True)
    initiale_prenom = models.CharField("initiale du prénom", max_length=1, blank=True)
    naissance = models.CharField(
        "mois de naissance",
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^\d{4}-(0[1-9]|1[0-2])$", "Écrivez AAAA-MM.")],
    )
    sexe = models.CharField("sexe", max_length=1, choices=Sexe.choices, blank=True)
    age_valeur = models.PositiveSmallIntegerField("âge", null=True, blank=True)
    age_unite = models.CharField("unité d'âge", max_length=8, choices=UniteAge.choices, blank=True)
    age_gestationnel_sa = models.PositiveSmallIntegerField(
        "âge gestationnel (SA)",
        null=True,
        blank=True,
        validators=[MinValueValidator(20), MaxValueValidator(45)],
    )
    poids_kg = _decimal("poids (kg)", 6, 3, "0.3", "400")
    taille_cm = _decimal("taille (cm)", 5, 1, "20", "260")
    surface_m2 = _decimal("surface corporelle (m²)", 4, 2, "0.1", "4")
    # A product outside the référentiel, described in words.
    libre_nom = models.CharField("nom ou nom de code", max_length=120, blank=True)
    libre_dci = models.CharField("DCI", max_length=120, blank=True)
    libre_forme = models.CharField("forme pharmaceutique", max_length=120, blank=True)
    libre_dosage = models.CharField("dosage", max_length=60, blank=True)
    libre_voie = models.CharField("voie", max_length=60, blank=True)
    libre_exploitant = models.CharField("exploitant", max_length=120, blank=True)
    libre_pays_amm = models.CharField("pays d'AMM", max_length=120, blank=True)
    indication = models.CharField("indication", max_length=500, blank=True)
    indication_code = models.CharField("code CIM-10 ou ORPHA", max_length=20, blank=True)
    dose = _decimal("dose par prise", 10, 3, "0.001", "999999")
    dose_unite = models.CharField("unité de dose", max_length=20, blank=True)
    frequence = models.CharField("fréquence", max_length=60, blank=True)
    voie = models.CharField("voie d'administration", max_length=60, blank=True)
    schema = models.TextField("schéma posologique", max_length=1000, blank=True)
    unites_par_jour = _decimal("unités (UCD) par jour", 9, 3, "0.001", "9999")
    duree_jours = models.PositiveSmallIntegerField(
        "durée (jours)", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    date_debut_souhaitee = models.DateField("début souhaité", null=True, blank=True)
    differable = models.BooleanField("traitement différable", null=True, blank=True)
    gravite = models.JSONField("gravité", default=list, blank=True)
    mode_justification = models.CharField(
        "voie de la demande", max_length=15, choices=ModeJustification.choices, blank=True
    )
    justif_inclusion = models.TextField(
        "pourquoi le patient ne peut entrer dans une recherche", max_length=4000, blank=True
    )
    justif_alternative = models.TextField(
        "pourquoi aucun traitement n'est approprié", max_length=4000, blank=True
    )
    justif_efficacite = models.TextField(
        "ce qui fait présumer l'efficacité et la sécurité", max_length=4000, blank=True
    )
    references = models.TextField("références", max_length=4000, blank=True)
    aucun_traitement_anterieur = models.BooleanField("aucun traitement antérieur", default=False)
    aucun_traitement_motif = models.CharField(
        "pourquoi aucun traitement antérieur", max_length=300, blank=True
    )
    essai_en_cours = models.BooleanField("recherche en cours", null=True, blank=True)
    essai_numero = models.CharField("numéro EU CT ou RIPH", max_length=40, blank=True)
    essai_motif = models.TextField("pourquoi non incluable", max_length=1000, blank=True)
    antecedents = models.TextField("antécédents et bilan", max_length=4000, blank=True)
    avis_rcp = models.BooleanField("avis de RCP ou de centre", null=True, blank=True)
    avis_rcp_date = models.DateField("date de l'avis", null=True, blank=True)
    avis_rcp_centre = models.CharField("centre", max_length=120, blank=True)
    # Decision 22: going on although another route is open.
    poursuite_motif = models.CharField(
        "pourquoi un accès compassionnel malgré tout", max_length=500, blank=True
    )
    engagement_conformite_le = models.DateTimeField(null=True, blank=True)
    engagement_information_le = models.DateTimeField(null=True, blank=True)
    # The pharmacist's part.
    pharmacie_criteres = models.BooleanField("critères contrôlés", default=False)
    pharmacie_quantite = _decimal("quantité (unités UCD)", 10, 3, "0.001", "999999")
    pharmacie_fournisseur = models.CharField("fournisseur", max_length=120, blank=True)
    pharmacie_commentaire = models.CharField("commentaire", max_length=1000, blank=True)
    # The agency's part.
    voie_instruction = models.CharField(
        "voie d'instruction", max_length=10, choices=Voie.choices, blank=True
    )
    evaluateur = models.ForeignKey(
        "referentiel.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sans_lien_le = models.DateTimeField("absence de lien confirmée le", null=True, blank=True)
    proposition = models.CharField(
        "proposition", max_length=12, choices=Proposition.choices, blank=True
    )
    proposition_texte = models.TextField("motivation", max_length=4000, blank=True)
    propose_par = models.ForeignKey(
        "referentiel.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    propose_le = models.DateTimeField(null=True, blank=True)

    objects = DossierPartQuerySet.as_manager()

    class Meta:
        verbose_name = "demande d'AAC"
        verbose_name_plural = "demandes d'AAC"
        constraints = [
            models.CheckConstraint(
                name="demande_proposition_complete",
                condition=Q(proposition="") | Q(propose_le__isnull=False),
                violation_error_message="Une proposition a une date.",
            )
        ]

    def __str__(self) -> str:
        return f"demande {self.dossier_id}"


class TraitementAnterieur(models.Model):
    """A treatment already tried: DCI, when, and how it ended."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    dossier = models.ForeignKey(
        "access.Dossier", on_delete=models.CASCADE, related_name="traitements_anterieurs"
    )
    ordre = models.PositiveSmallIntegerField(default=0)
    dci = models.CharField("DCI", max_length=120)
    periode = models.CharField("période", max_length=60, blank=True)
    issue = models.CharField("issue", max_length=20, choices=IssueTraitement.choices)

    objects = DossierPartQuerySet.as_manager()

    class Meta:
        ordering = ["ordre"]
        verbose_name = "traitement antérieur"

    def __str__(self) -> str:
        return self.dci


class ReponseCritere(models.Model):
    """The answer to one published criterion, tied to the version that was asked."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    dossier = models.ForeignKey(
        "access.Dossier", on_delete=models.CASCADE, related_name="reponses_criteres"
    )
    critere = models.ForeignKey("referentiel.Critere", on_delete=models.PROTECT, related_name="+")
    reponse = models.BooleanField("réponse", null=True, blank=True)
    precision = models.CharField("précision", max_length=300, blank=True)

    objects = DossierPartQuerySet.as_manager()

    class Meta:
        ordering = ["critere__ordre"]
        verbose_name = "réponse à un critère"
        constraints = [
            models.UniqueConstraint(fields=["dossier", "critere"], name="reponse_critere_unique")
        ]

    def __str__(self) -> str:
        return f"critère {self.critere_id}"
