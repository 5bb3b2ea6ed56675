"""People and what they may act as: an affectation is a role in an organisation, dated."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import F, Q

from referentiel.models.etablissements import Organisation, Pui, Service
from referentiel.permissions import people_scope
from referentiel.roles import INTERNE_PUI, Role


class UserManager(BaseUserManager["User"]):
    """Accounts are opened by invitation; the e-mail address is the login."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Open an account; without a password the person sets one from the invitation."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Open a technical account for the Django admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. What they may do comes only from the affectation in force (`affectation`)."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = models.EmailField("adresse électronique", unique=True)
    nom = models.CharField("nom", max_length=80)
    prenom = models.CharField("prénom", max_length=80, blank=True)
    titre = models.CharField("titre", max_length=20, blank=True)
    qualite = models.CharField("qualité", max_length=120, blank=True)
    rpps = models.CharField("RPPS", max_length=11, blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    is_active = models.BooleanField("compte ouvert", default=True)
    is_staff = models.BooleanField("accès à l'administration", default=False)
    is_demo = models.BooleanField("compte de démonstration", default=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["nom"]

    # The affectation picked for this request; set by middleware, a token or a service.
    affectation: Affectation | None = None

    class Meta:
        ordering = ["nom", "prenom"]
        verbose_name = "personne"

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.titre, self.prenom, self.nom) if part)

    def get_full_name(self) -> str:
        return self.full_name

    def acting(self, affectation: Affectation | None) -> User:
        """The same person, acting under one affectation."""
        self.affectation = affectation
        return self


class StatutAffectation(models.TextChoices):
    INVITEE = "INVITEE", "Invitée"
    A_APPROUVER = "A_APPROUVER", "À approuver"
    ACTIVE = "ACTIVE", "Active"
    TERMINEE = "TERMINEE", "Terminée"


class AffectationQuerySet(models.QuerySet["Affectation"]):
    def in_force(self, on: date) -> AffectationQuerySet:
        """Those that give rights on a day: approved, begun, not ended, account open."""
        return self.filter(
            Q(fin=None) | Q(fin__gte=on),
            statut=StatutAffectation.ACTIVE,
            debut__lte=on,
            user__is_active=True,
            organisation__actif=True,
        )

    def visible_to(self, user: Any) -> AffectationQuerySet:
        """Those a person manages: all, their establishment's, or their pharmacy's pharmacists."""
        scope = people_scope(user)
        return self.none() if scope is None else self.filter(scope)

    def lapsed(self, on: date) -> AffectationQuerySet:
        """Those whose last day has passed without anybody ending them."""
        return self.exclude(statut=StatutAffectation.TERMINEE).filter(fin__lt=on)

    def for_display(self) -> AffectationQuerySet:
        return self.select_related("organisation", "pui", "user")


class Affectation(models.Model):
    """A role held by a person in an organisation, between two days, in some services."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="affectations")
    role = models.CharField("rôle", max_length=20, choices=Role.choices)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="affectations"
    )
    pui = models.ForeignKey(
        Pui, null=True, blank=True, on_delete=models.PROTECT, related_name="affectations"
    )
    services = models.ManyToManyField(Service, blank=True, related_name="affectations")
    gerant = models.BooleanField("pharmacien gérant", default=False)
    debut = models.DateField("début")
    fin = models.DateField("fin", null=True, blank=True)
    statut = models.CharField(
        "statut",
        max_length=12,
        choices=StatutAffectation.choices,
        default=StatutAffectation.INVITEE,
    )
    invitee_par = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    invitee_le = models.DateTimeField(null=True, blank=True)
    approuvee_par = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approuvee_le = models.DateTimeField(null=True, blank=True)

    objects = AffectationQuerySet.as_manager()

    class Meta:
        ordering = ["organisation__nom", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "organisation"],
                condition=~Q(statut="TERMINEE"),
                name="affectation_unique_en_cours",
                violation_error_message="Cette personne a déjà ce rôle dans l'organisation.",
            ),
            models.CheckConstraint(
                name="affectation_fin_apres_debut",
                condition=Q(fin=None) | Q(fin__gte=F("debut")),
                violation_error_message="La fin précède le début.",
            ),
            models.CheckConstraint(
                name="affectation_gerant_avec_pui",
                condition=Q(gerant=False) | Q(role="PHARMACIEN", pui__isnull=False),
                violation_error_message="Un gérant est le pharmacien d'une PUI.",
            ),
            models.CheckConstraint(
                name="affectation_approuvee_par_un_autre",
                condition=Q(invitee_par=None)
                | Q(approuvee_par=None)
                | ~Q(approuvee_par=F("invitee_par")),
                violation_error_message="Qui invite une personne n'approuve pas son rôle.",
            ),
            models.CheckConstraint(
                name="affectation_pas_pour_soi",
                condition=(Q(invitee_par=None) | ~Q(invitee_par=F("user")))
                & (Q(approuvee_par=None) | ~Q(approuvee_par=F("user"))),
                violation_error_message="On ne se donne pas un rôle à soi-même.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """How the header names it: role and organisation."""
        role = "Pharmacien gérant" if self.gerant else self.get_role_display()
        return f"{role}, {self.organisation.nom}"

    @property
    def profil(self) -> str:
        """The role, told by its place where that changes the work: an interne at a pharmacy."""
        at_pui = self.role == Role.INTERNE and self.pui_id is not None
        return INTERNE_PUI if at_pui else self.role

    @property
    def roles(self) -> frozenset[str]:
        """The names that tables of grants know it by: its role, and its profil if another."""
        return frozenset({self.role, self.profil})

    @property
    def service_ids(self) -> list[Any]:
        """The services this affectation opens (read once per request)."""
        if not hasattr(self, "_service_ids"):
            self._service_ids = [s.pk for s in self.services.all()]
        return self._service_ids


class DelegationPuiQuerySet(models.QuerySet["DelegationPui"]):
    def in_force(self, on: date) -> DelegationPuiQuerySet:
        """Begun, not ended; a revocation holds at once."""
        return self.filter(Q(fin=None) | Q(fin__gte=on), debut__lte=on, revoquee_le=None)


class DelegationPui(models.Model):
    """The gérant's recorded, dated, revocable delegation to a deputy pharmacist."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    pui = models.ForeignKey(Pui, on_delete=models.PROTECT, related_name="delegations")
    gerant = models.ForeignKey(User, on_delete=models.PROTECT, related_name="delegations_donnees")
    adjoint = models.ForeignKey(User, on_delete=models.PROTECT, related_name="delegations_recues")
    debut = models.DateField("début")
    fin = models.DateField("fin", null=True, blank=True)
    revoquee_le = models.DateTimeField("révoquée le", null=True, blank=True)

    objects = DelegationPuiQuerySet.as_manager()

    class Meta:
        ordering = ["-debut", "id"]
        verbose_name = "délégation"
        constraints = [
            models.CheckConstraint(
                name="delegation_fin_apres_debut",
                condition=Q(fin=None) | Q(fin__gte=F("debut")),
                violation_error_message="La fin précède le début.",
            ),
            models.CheckConstraint(
                name="delegation_a_un_autre",
                condition=~Q(gerant=F("adjoint")),
                violation_error_message="On ne se délègue pas à soi-même.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gerant} → {self.adjoint}"
