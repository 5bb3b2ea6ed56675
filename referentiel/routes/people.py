"""Addresses of people, roles, delegations and organisations."""

from django.urls import path

from referentiel.views import approbations, invitation, omedits, organisations, people

patterns = [
    path("personnes/", people.liste, name="personnes"),
    path("personnes/inviter/", people.inviter, name="personne_inviter"),
    path("equipe/", approbations.a_approuver, name="a_approuver"),
    path("personnes/<uuid:pk>/", people.affectation, name="affectation"),
    path("personnes/<uuid:pk>/modifier/", people.modifier, name="affectation_modifier"),
    path("personnes/<uuid:pk>/terminer/", people.terminer, name="affectation_terminer"),
    path("personnes/<uuid:pk>/relancer/", people.relancer, name="affectation_relancer"),
    path("personnes/<uuid:pk>/compte/", people.compte, name="compte"),
    path("personnes/<uuid:pk>/approuver/", approbations.approuver, name="affectation_approuver"),
    path("personnes/<uuid:pk>/refuser/", approbations.refuser, name="affectation_refuser"),
    path("equipe/delegations/", approbations.liste_delegations, name="delegations"),
    path(
        "equipe/delegations/<uuid:pk>/revoquer/",
        approbations.revoquer,
        name="delegation_revoquer",
    ),
    path("etablissement/", organisations.etablissement, name="etablissement"),
    path("organisations/", organisations.liste, name="organisations"),
    path("organisations/export.csv", organisations.export, name="organisations_export"),
    path("organisations/nouvelle/", organisations.nouvelle, name="organisation_nouvelle"),
    path("organisations/<uuid:pk>/", organisations.organisation, name="organisation"),
    path(
        "organisations/<uuid:pk>/services/nouveau/",
        organisations.service_nouveau,
        name="service_nouveau",
    ),
    path(
        "organisations/<uuid:pk>/pharmacies/nouvelle/",
        organisations.pui_nouvelle,
        name="pui_nouvelle",
    ),
    path(
        "organisations/<uuid:pk>/facturation/",
        organisations.facturation,
        name="etablissement_facturation",
    ),
    path("omedits/", omedits.liste, name="omedits"),
    path("omedits/<slug:slug>/", omedits.omedit, name="omedit"),
    path("services/<uuid:pk>/", organisations.service, name="service"),
    path("pharmacies/<uuid:pk>/", organisations.pui, name="pui"),
    path("comptes/invitation/", invitation.invitation, name="invitation"),
]
