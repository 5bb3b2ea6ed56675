"""The dossier: one table for every procedure, one proxy per state machine."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django_fsm import ConcurrentTransitionMixin, FSMField, FSMModelMixin

from access.querysets import DossierQuerySet
from access.states import STATES, Kind
from referentiel.roles import Role


class Dossier(ConcurrentTransitionMixin, FSMModelMixin, models.Model):
    """A case file, from draft to its end. Its state changes only through `perform`."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField("type", max_length=20, choices=Kind.choices)
    state = FSMField("état", max_length=30, protected=True)
    version = models.PositiveIntegerField("version", default=1)
    numero = models.CharField("numéro", max_length=20, null=True, blank=True, unique=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="suites"
    )
    jumeau = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="jumeaux"
    )
    organisation = models.ForeignKey(
        "referentiel.Organisation", on_delete=models.PROTECT, related_name="dossiers"
    )
    service = models.ForeignKey(
        "referentiel.Service",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="dossiers",
    )
    pui = models.ForeignKey(
        "referentiel.Pui", null=True, blank=True, on_delete=models.PROTECT, related_name="dossiers"
    )
    patient = models.ForeignKey(
        "access.Patient", null=True, blank=True, on_delete=models.PROTECT, related_name="dossiers"
    )
    traitement = models.ForeignKey(
        "access.Traitement",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="dossiers",
    )
    produit = models.ForeignKey(
        "referentiel.Produit",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="dossiers",
    )
    specialite = models.ForeignKey(
        "referentiel.Specialite",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="dossiers",
    )
    cadre = models.ForeignKey(
        "referentiel.Cadre",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="dossiers",
    )
    code_indication = models.ForeignKey(
        "referentiel.CodeIndication",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="dossiers",
    )
    prescripteur = models.ForeignKey(
        "referentiel.User",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="dossiers_prescrits",
    )
    coprescripteurs = models.ManyToManyField(
        "referentiel.User", blank=True, related_name="dossiers_partages"
    )
    created_by = models.ForeignKey(
        "referentiel.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    transmitted_by = models.ForeignKey(
        "referentiel.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # What people read in lists: kept on the row so that a list is one query.
    initiales = models.CharField("initiales", max_length=6, blank=True)
    age = models.CharField("âge", max_length=20, blank=True)
    produit_nom = models.CharField("produit", max_length=200, blank=True)
    indication = models.CharField("indication", max_length=500, blank=True)
    texte_recherche = models.CharField(max_length=400, blank=True)
    date_debut = models.DateField("début", null=True, blank=True)
    date_fin = models.DateField("fin", null=True, blank=True)
    quantite_max = models.DecimalField(
        "quantité (unités UCD)", max_digits=10, decimal_places=3, null=True, blank=True
    )
    tour = models.CharField("à qui", max_length=20, choices=Role.choices, blank=True)
    tour_nom = models.CharField("à qui, en clair", max_length=200, blank=True)
    tour_depuis = models.DateTimeField(null=True, blank=True)
    echeance = models.DateField("prochaine échéance", null=True, blank=True)
    echeance_libelle = models.CharField(max_length=200, blank=True)
    urgent = models.BooleanField("non différable", default=False)
    created_at = models.DateTimeField("créé le")
    touched_at = models.DateTimeField("modifié le")
    sent_at = models.DateTimeField("envoyé à la PUI le", null=True, blank=True)
    transmitted_at = models.DateTimeField("transmis le", null=True, blank=True)
    decided_at = models.DateTimeField("décidé le", null=True, blank=True)
    canal = models.CharField(max_length=10, default="PAGE")
    doublon_motif = models.CharField("motif du doublon", max_length=300, blank=True)

    objects: ClassVar[Any] = DossierQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        verbose_name = "dossier"
        constraints = [
            models.CheckConstraint(
                name="dossier_etat_de_son_type",
                condition=Q(
                    *[Q(kind=kind, state__in=states.values) for kind, states in STATES.items()],
                    _connector=Q.OR,
                ),
                violation_error_message="Cet état n'existe pas pour ce type de dossier.",
            ),
            models.CheckConstraint(
                name="dossier_dates_ordonnees",
                condition=Q(date_fin=None) | Q(date_debut=None) | Q(date_fin__gte=F("date_debut")),
                violation_error_message="La fin précède le début.",
            ),
            models.CheckConstraint(
                name="dossier_aac_complete",
                condition=~Q(kind="AAC")
                | Q(
                    numero__isnull=False,
                    parent__isnull=False,
                    date_debut__isnull=False,
                    date_fin__isnull=False,
                ),
                violation_error_message="Une AAC porte un numéro, sa demande et ses dates.",
            ),
            models.CheckConstraint(
                name="dossier_transmis_apres_envoi",
                condition=Q(transmitted_at=None) | Q(sent_at__isnull=False),
                violation_error_message="Une demande est envoyée à la PUI avant d'être transmise.",
            ),
            models.UniqueConstraint(
                fields=["traitement"],
                condition=Q(kind="AAC", state__in=["ACTIVE", "SUSPENDUE"], doublon_motif=""),
                name="dossier_une_aac_vivante",
                violation_error_message=(
                    "Ce patient a déjà une AAC en cours pour ce produit et cette indication."
                ),
            ),
            models.UniqueConstraint(
                fields=["traitement"],
                condition=Q(kind="AAC", state="A_VENIR", doublon_motif=""),
                name="dossier_une_aac_a_venir",
                violation_error_message=(
                    "Ce patient a déjà une AAC à venir pour ce produit et cette indication."
                ),
            ),
            models.UniqueConstraint(
                fields=["parent"],
                condition=Q(kind="AAC"),
                name="dossier_une_aac_par_demande",
                violation_error_message="Cette demande a déjà reçu sa décision.",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "kind", "state", "echeance"]),
            models.Index(fields=["pui", "state", "tour_depuis"]),
            models.Index(fields=["kind", "state", "urgent", "transmitted_at"]),
            models.Index(fields=["state", "date_fin"]),
            models.Index(fields=["patient", "produit"]),
        ]

    def __str__(self) -> str:
        return self.nom_affiche

    @property
    def nom_affiche(self) -> str:
        """The number, or « Brouillon du … » before there is one."""
        if self.numero:
            return self.numero
        from referentiel.dates import jour_court  # display only

        return f"Brouillon du {jour_court(self.created_at)}"

    def get_state_display(self) -> str:
        return str(STATES[self.kind](self.state).label)

    def is_shared_with(self, user: Any, *, opened: bool) -> bool:
        """True for a named co-prescriber; `opened` also counts an emergency opening not over."""
        return Dossier.objects.shared_with(user, opened=opened).filter(pk=self.pk).exists()

    def parts(self) -> list[models.Model]:
        """The dossier's own one-to-one details, saved with it."""
        return []

    def facts(self, at: datetime, by: Any = None) -> Any:
        """Everything the rules of this kind need to know, dated parameters included."""
        raise NotImplementedError

    def covers(self, day: date) -> bool:
        """True when this dossier gives the right to dispense on a day."""
        return False

    def as_kind(self) -> Dossier:
        """The same row as the proxy of its kind."""
        from access.models import PROXIES

        self.__class__ = PROXIES[self.kind]
        return self
