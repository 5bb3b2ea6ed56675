"""Invented people and establishments: one hospital with its PUI, one agency."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from referentiel.models import (
    Affectation,
    Etablissement,
    Organisation,
    Pui,
    Service,
    StatutAffectation,
    TypeOrganisation,
    User,
)
from referentiel.roles import Role

START = date(2020, 1, 1)


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    class Params:
        ansm = factory.Trait(type=TypeOrganisation.ANSM, nom="ANSM")
        has = factory.Trait(type=TypeOrganisation.HAS, nom="HAS")
        laboratoire = factory.Trait(type=TypeOrganisation.LABORATOIRE, nom="Laboratoire Imaginaire")
        plateforme = factory.Trait(type=TypeOrganisation.PLATEFORME, nom="Plateforme")

    type = TypeOrganisation.ETABLISSEMENT
    nom = factory.Sequence(lambda n: f"CHU Imaginaire {n}")
    region = "Île-de-France"


class EtablissementFactory(DjangoModelFactory):
    class Meta:
        model = Etablissement

    organisation = factory.SubFactory(OrganisationFactory)
    finess = factory.Sequence(lambda n: f"99{n:07d}")
    finess_epmsi = factory.SelfAttribute("finess")
    departement = "75"


class ServiceFactory(DjangoModelFactory):
    class Meta:
        model = Service

    etablissement = factory.SubFactory(EtablissementFactory)
    code_uf = factory.Sequence(lambda n: f"{1000 + n}")
    nom = factory.Sequence(lambda n: f"Service fictif {n}")


class PuiFactory(DjangoModelFactory):
    class Meta:
        model = Pui

    etablissement = factory.SubFactory(EtablissementFactory)
    nom = factory.Sequence(lambda n: f"Pharmacie fictive {n}")
    email = factory.Sequence(lambda n: f"pui{n}@exemple.invalid")


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"personne{n}@exemple.invalid")
    nom = factory.Sequence(lambda n: f"Exemple{n}")
    prenom = "Camille"
    password = "!"


class Hopital:
    """An establishment with one service, one PUI, and people made on demand."""

    def __init__(self, **fields):
        self.etablissement = EtablissementFactory(**fields)
        self.organisation = self.etablissement.organisation
        self.service = ServiceFactory(etablissement=self.etablissement)
        self.pui = PuiFactory(etablissement=self.etablissement)
        self._people = {}

    def prescripteur(self, **fields):
        return self._one(Role.PRESCRIPTEUR, services=[self.service], **fields)

    def interne(self, **fields):
        return self._one(Role.INTERNE, services=[self.service], **fields)

    def interne_pui(self, pui=None, **fields):
        """A junior whose place is the pharmacy: a new person each time."""
        user = UserFactory(**fields)
        return acting(user, Role.INTERNE, self.organisation, pui=pui or self.pui)

    def pharmacien(self, **fields):
        return self._one(Role.PHARMACIEN, pui=self.pui, gerant=True, **fields)

    def facturation(self, **fields):
        return self._one(Role.FACTURATION, **fields)

    def administrateur(self, **fields):
        return self._one(Role.ADMIN_ETABLISSEMENT, **fields)

    def _one(self, role, services=(), pui=None, gerant=False, **fields):
        """The same person each time, unless fields ask for another."""
        if fields or role not in self._people:
            user = acting(UserFactory(**fields), role, self.organisation, services, pui, gerant)
            if fields:
                return user
            self._people[role] = user
        return self._people[role]


def acting(user, role, organisation, services=(), pui=None, gerant=False):
    """Give a person an affectation in force, and let them act under it."""
    affectation = Affectation.objects.create(
        user=user,
        role=role,
        organisation=organisation,
        pui=pui,
        gerant=gerant,
        debut=START,
        statut=StatutAffectation.ACTIVE,
    )
    affectation.services.set(services)
    return user.acting(affectation)


def hopital(**fields):
    """A hospital and its people."""
    return Hopital(**fields)


def ansm():
    """The agency, one row however often it is asked for."""
    found = Organisation.objects.filter(type=TypeOrganisation.ANSM).first()
    return found or OrganisationFactory(ansm=True)


def agent(role, **fields):
    """A person of the agency."""
    return acting(UserFactory(**fields), role, ansm())


def evaluateur(**fields):
    return agent(Role.EVALUATEUR_ANSM, **fields)


def decideur(**fields):
    return agent(Role.DECIDEUR_ANSM, **fields)


def gestionnaire(**fields):
    return agent(Role.GESTIONNAIRE_ANSM, **fields)


def admin(**fields):
    plateforme = Organisation.objects.filter(type=TypeOrganisation.PLATEFORME).first()
    return acting(
        UserFactory(**fields), Role.ADMIN, plateforme or OrganisationFactory(plateforme=True)
    )


def login(client, user):
    """Open a session for a person under their affectation, as the sign-in page does."""
    client.force_login(user)
    session = client.session
    session["affectation"] = str(user.affectation.pk)
    session.save()
    return client
