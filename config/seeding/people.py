"""Organisations and accounts, plainly invented; an account is found again by its address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import make_password

from engine import journal
from engine.actors import SystemActor
from engine.clocks import now, today
from referentiel.models import (
    Affectation,
    DelegationPui,
    Etablissement,
    Organisation,
    Pui,
    Service,
    StatutAffectation,
    TypeOrganisation,
    User,
)
from referentiel.roles import Role

SEEDER = SystemActor("Données d'exemple")
SINCE = timedelta(days=900)


@dataclass
class Equipe:
    """One organisation and its people by role (the second of a role has its own name)."""

    organisation: Organisation
    people: dict[str, User] = field(default_factory=dict)
    etablissement: Etablissement | None = None
    services: list[Service] = field(default_factory=list)
    pui: Pui | None = None

    def __getitem__(self, role: str) -> User:
        return self.people[role]

    @property
    def site(self) -> Etablissement:
        """The hospital this organisation is."""
        if self.etablissement is None:
            raise ValueError(f"{self.organisation} is no hospital")
        return self.etablissement


@dataclass
class Recruiter:
    """Opens accounts under one domain, with one password hashed once."""

    domain: str
    password: str
    is_demo: bool = True
    suffix: str = ""

    def __post_init__(self) -> None:
        self.hashed = make_password(self.password)

    def hire(
        self,
        equipe: Equipe,
        role: str,
        name: tuple[str, str, str],
        *,
        login: str = "",
        key: str = "",
        gerant: bool = False,
        qualite: str = "",
        services: Sequence[Service] | None = None,
    ) -> User:
        """An account under one role, in force since before any story; a clinician's, in services.

        Without `services` it is in all those of the hospital.
        """
        titre, prenom, nom = name
        stem = login or role.lower().replace("_", ".")
        user = User(
            email=f"{stem}{self.suffix}@{self.domain}",
            titre=titre,
            prenom=prenom,
            nom=nom,
            qualite=qualite,
            is_demo=self.is_demo,
            password=self.hashed,
        )
        user.full_clean()
        user.save()
        affectation = Affectation(
            user=user,
            role=role,
            organisation=equipe.organisation,
            pui=equipe.pui if role == Role.PHARMACIEN else None,
            gerant=gerant,
            debut=today() - SINCE,
            statut=StatutAffectation.ACTIVE,
            approuvee_le=now(),
        )
        affectation.full_clean()
        affectation.save()
        if role in (Role.PRESCRIPTEUR, Role.INTERNE):
            affectation.services.set(equipe.services if services is None else services)
        journal.record(user, "create", by=SEEDER, label="Compte d'exemple ouvert", locked=True)
        equipe.people[key or role] = user.acting(affectation)
        return user


def organisation(kind: str, nom: str, *, region: str = "", is_demo: bool = True) -> Equipe:
    """An organisation that is not a hospital."""
    row = Organisation(type=kind, nom=nom, region=region, is_demo=is_demo)
    row.full_clean()
    row.save()
    return Equipe(row)


def hospital(
    nom: str,
    finess: str,
    services: list[str],
    *,
    is_demo: bool = True,
    pui: dict[str, Any] | None = None,
    region: str = "Île-de-France",
    **fields: Any,
) -> Equipe:
    """A hospital with its services and its pharmacy."""
    equipe = organisation(TypeOrganisation.ETABLISSEMENT, nom, region=region, is_demo=is_demo)
    values = {"finess": finess, "finess_epmsi": finess, "source": "exemple fictif"} | fields
    equipe.etablissement = Etablissement(organisation=equipe.organisation, **values)
    equipe.etablissement.full_clean()
    equipe.etablissement.save()
    for number, name in enumerate(services, start=1):
        row = Service(etablissement=equipe.etablissement, code_uf=f"{1000 + number}", nom=name)
        row.full_clean()
        row.save()
        equipe.services.append(row)
    named = {"nom": f"PUI du {nom}"[:120]} | (pui or {})
    equipe.pui = Pui(etablissement=equipe.etablissement, **named)
    equipe.pui.full_clean()
    equipe.pui.save()
    return equipe


def delegate(equipe: Equipe, adjoint: User) -> DelegationPui:
    """The gérant's recorded delegation to a deputy."""
    row = DelegationPui(
        pui=equipe.pui, gerant=equipe[Role.PHARMACIEN], adjoint=adjoint, debut=today() - SINCE
    )
    row.full_clean()
    row.save()
    return row
