"""What may be asked for: products, their cadres (framework × indication), codes and criteria."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from engine.clocks import today
from referentiel.models.imports import LigneDeListe
from referentiel.models.specialites import Specialite
from referentiel.rules.libelles import is_at_limit
from referentiel.rules.ouverture import closed_since, is_closed_by_status
from referentiel.states import (
    STATUTS_OUVERTS,
    STATUTS_PAR_TYPE,
    CadreSource,
    Continuite,
    StatutCadre,
    TypeCadre,
)


class Produit(models.Model):
    """A medicine as people name it: one UCD unless a person groups several."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    nom = models.CharField("nom ou nom de code", max_length=200)
    dci = models.CharField("DCI", max_length=300, blank=True)
    forme = models.CharField("forme", max_length=200, blank=True)
    dosage = models.CharField("dosage", max_length=120, blank=True)
    voie = models.CharField("voie d'administration", max_length=120, blank=True)
    laboratoire = models.CharField("laboratoire", max_length=200, blank=True)
    atc = models.CharField("code ATC", max_length=10, blank=True)
    condition_prescription = models.TextField("conditions de prescription", blank=True)
    age_gestationnel_requis = models.BooleanField("demande l'âge gestationnel", default=False)
    stock_autorise = models.BooleanField("commande pour stock permise", default=False)
    provenance = models.JSONField("provenance des mentions", default=dict, blank=True)
    champs_saisis = models.JSONField("champs saisis par une personne", default=list, blank=True)
    exemple_fictif = models.BooleanField("exemple fictif", default=False)
    resume_patient = models.TextField("en mots simples, pour le patient", blank=True)
    lien_officiel = models.URLField("page officielle", max_length=500, blank=True)
    verifie_le = models.DateField("vérifié le", null=True, blank=True)
    texte_recherche = models.TextField("texte de recherche", blank=True, editable=False)

    class Meta:
        ordering = ["nom", "id"]
        verbose_name = "produit"
        constraints = [
            models.CheckConstraint(
                name="produit_nom_non_vide",
                condition=~Q(nom=""),
                violation_error_message="Le nom du produit manque.",
            )
        ]

    def __str__(self) -> str:
        return self.nom


class LigneDatee(models.Model):
    """What stands between two days, as long as the official lists hold it."""

    debut = models.DateField("début", null=True, blank=True)
    fin = models.DateField("fin", null=True, blank=True)
    absente_depuis = models.DateField("absente des listes depuis", null=True, blank=True)

    class Meta:
        abstract = True

    def covers(self, on: date) -> bool:
        """Whether its dates hold a day; a missing start or end leaves that side open."""
        return (
            (self.debut is None or self.debut <= on)
            and (self.fin is None or self.fin >= on)
            and (self.absente_depuis is None or self.absente_depuis > on)
        )


def covering(on: date) -> Q:
    """The rows that `LigneDatee.covers` says hold a day."""
    return (
        (Q(debut=None) | Q(debut__lte=on))
        & (Q(fin=None) | Q(fin__gte=on))
        & (Q(absente_depuis=None) | Q(absente_depuis__gt=on))
    )


def open_on(on: date) -> Q:
    """The cadres that `Cadre.is_open` says are in force on a day."""
    return (Q(statut__in=STATUTS_OUVERTS) | Q(ferme_depuis__gt=on)) & covering(on)


class Cadre(LigneDatee):
    """One way to reach a product in one indication, with its status and dates.

    `code` is the indication code an imported cadre comes from: with the product it is the key by
    which the next release finds it again.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    produit = models.ForeignKey(Produit, on_delete=models.PROTECT, related_name="cadres")
    framework = models.CharField("cadre", max_length=8, choices=TypeCadre.choices)
    indication = models.TextField("indication")
    statut = models.CharField("statut", max_length=20, choices=StatutCadre.choices)
    ferme_depuis = models.DateField("fermé par son statut depuis", null=True, blank=True)
    code = models.CharField("code d'indication", max_length=7, blank=True)
    cadre_source = models.CharField("origine du cadre", max_length=10, choices=CadreSource.choices)
    continuite = models.BooleanField("poursuite d'un traitement commencé", default=False)
    conditions = models.TextField("conditions d'utilisation", blank=True)
    avec_amm = models.BooleanField("accès précoce après AMM", null=True, blank=True)
    maladie_rare = models.BooleanField("maladie rare", null=True, blank=True)
    pediatrie = models.BooleanField("concerne des enfants", null=True, blank=True)
    suivi_obligatoire = models.BooleanField("suivi obligatoire", null=True, blank=True)
    continuite_gratuite = models.CharField(
        "continuité gratuite",
        max_length=8,
        choices=Continuite.choices,
        default=Continuite.INCONNU,
    )
    lien_officiel = models.URLField("page officielle", max_length=500, blank=True)
    verifie_le = models.DateField("vérifié le", null=True, blank=True)
    criteres_publies = models.BooleanField("critères publiés", default=False)
    version_criteres = models.PositiveSmallIntegerField("version des critères", default=0)
    champs_saisis = models.JSONField("champs saisis par une personne", default=list, blank=True)
    exemple_fictif = models.BooleanField("exemple fictif", default=False)

    class Meta:
        ordering = ["produit", "framework", "indication", "id"]
        verbose_name = "cadre"
        indexes = [models.Index(fields=["framework", "statut"])]
        constraints = [
            models.UniqueConstraint(
                fields=["produit", "code"],
                condition=~Q(code=""),
                name="cadre_produit_code_unique",
                violation_error_message="Ce produit a déjà un cadre pour ce code.",
            ),
            models.CheckConstraint(
                name="cadre_fin_apres_debut",
                condition=Q(fin=None) | Q(debut=None) | Q(fin__gte=F("debut")),
                violation_error_message="La fin précède le début.",
            ),
            models.CheckConstraint(
                name="cadre_statut_du_type",
                condition=Q(
                    framework=TypeCadre.AAC, statut__in=sorted(STATUTS_PAR_TYPE[TypeCadre.AAC])
                )
                | Q(framework=TypeCadre.AAP, statut__in=sorted(STATUTS_PAR_TYPE[TypeCadre.AAP]))
                | Q(framework=TypeCadre.CPC, statut__in=sorted(STATUTS_PAR_TYPE[TypeCadre.CPC]))
                | Q(
                    framework=TypeCadre.DIRECT,
                    statut__in=sorted(STATUTS_PAR_TYPE[TypeCadre.DIRECT]),
                ),
                violation_error_message="Ce statut n'existe pas pour ce cadre.",
            ),
            models.CheckConstraint(
                name="cadre_ferme_par_son_statut",
                condition=Q(ferme_depuis=None) | ~Q(statut__in=sorted(STATUTS_OUVERTS)),
                violation_error_message="Un statut ouvert ne ferme pas le cadre.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.framework} : {self.indication}"

    def is_open(self, on: date) -> bool:
        """In force on a day: begun, not ended, still in the lists, not closed by its status."""
        return self.covers(on) and not is_closed_by_status(self.statut, self.ferme_depuis, on)

    @property
    def statut_en_mots(self) -> str:
        """Its status; one that closes the cadre later says from which day."""
        label = str(StatutCadre(self.statut).label)
        if self.ferme_depuis is None or self.ferme_depuis <= today():
            return label
        return f"{label} à partir du {self.ferme_depuis:%d/%m/%Y}"

    def give_status(self, statut: str, *, since: date) -> None:
        """Set a status and keep, when it closes the cadre, the first day it does."""
        self.ferme_depuis = closed_since(self.statut, statut, self.ferme_depuis, since)
        self.statut = statut


class CodeIndication(LigneDatee, LigneDeListe):
    """A billing code of one UCD in one indication; the key is the pair (UCD, code)."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    specialite = models.ForeignKey(Specialite, on_delete=models.PROTECT, related_name="codes")
    cadre = models.ForeignKey(
        Cadre, null=True, blank=True, on_delete=models.PROTECT, related_name="codes"
    )
    code = models.CharField("code d'indication", max_length=7)
    libelle = models.TextField("libellé", blank=True)
    generique = models.BooleanField("code générique", default=False)
    cadre_type = models.CharField("cadre", max_length=8, choices=TypeCadre.choices)
    source = models.CharField("origine du cadre", max_length=10, choices=CadreSource.choices)
    saisi = models.BooleanField("ajouté par une personne", default=False)
    champs_saisis = models.JSONField("champs saisis par une personne", default=list, blank=True)

    class Meta:
        ordering = ["code", "specialite"]
        verbose_name = "code d'indication"
        indexes = [models.Index(fields=["code"])]
        constraints = [
            models.UniqueConstraint(
                fields=["specialite", "code"],
                name="code_indication_unique",
                violation_error_message="Cette spécialité a déjà ce code d'indication.",
            ),
            models.CheckConstraint(
                name="code_fin_apres_debut",
                condition=Q(fin=None) | Q(debut=None) | Q(fin__gte=F("debut")),
                violation_error_message="La fin précède le début.",
            ),
            models.CheckConstraint(
                name="code_generique_sans_cadre",
                condition=Q(generique=False) | Q(cadre=None),
                violation_error_message="Un code générique ne fait pas un cadre.",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def libelle_tronque(self) -> bool:
        """Whether the published label was cut before it reached us."""
        return is_at_limit(self.libelle)


class Critere(models.Model):
    """One published criterion as a yes/no question, in one version of a cadre's criteria."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    cadre = models.ForeignKey(Cadre, on_delete=models.PROTECT, related_name="criteres")
    version = models.PositiveSmallIntegerField("version")
    ordre = models.PositiveSmallIntegerField("ordre")
    texte = models.TextField("question")
    attendu = models.BooleanField("réponse attendue", default=True)
    exemple_fictif = models.BooleanField("exemple fictif", default=False)

    class Meta:
        ordering = ["cadre", "version", "ordre"]
        verbose_name = "critère"
        constraints = [
            models.UniqueConstraint(
                fields=["cadre", "version", "ordre"],
                name="critere_ordre_unique",
                violation_error_message="Deux critères portent le même rang.",
            )
        ]

    def __str__(self) -> str:
        return self.texte


class Correction(models.Model):
    """An exception to what the letter says, keyed (UCD, code), laid over every import."""

    ucd7 = models.CharField("UCD 7", max_length=7)
    code = models.CharField("code d'indication", max_length=7)
    framework = models.CharField("cadre", max_length=8, choices=TypeCadre.choices)
    cadre_source = models.CharField("origine", max_length=10, choices=CadreSource.choices)
    motif = models.CharField("motif", max_length=300)
    livree = models.BooleanField("livrée avec Placet", default=False)

    class Meta:
        ordering = ["ucd7", "code"]
        verbose_name = "correction"
        constraints = [
            models.UniqueConstraint(
                fields=["ucd7", "code"],
                name="correction_unique",
                violation_error_message="Cette paire UCD–code a déjà une correction.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.ucd7} {self.code} : {self.framework}"


class EtatRecherche(models.Model):
    """A counter that moves with every change of the register: a search index is as old as it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    version = models.PositiveBigIntegerField("version", default=0)
    change_le = models.DateTimeField("changé le", null=True, blank=True)

    class Meta:
        verbose_name = "état de la recherche"

    def __str__(self) -> str:
        return str(self.version)
