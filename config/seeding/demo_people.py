"""The organisations and accounts of the demonstration: one account per role, names invented."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from config.seeding.people import Equipe, Recruiter, delegate, hospital, organisation
from referentiel.models import Organisation, RouteFacturation, TypeOrganisation
from referentiel.roles import Role

DOMAIN = "demo.placet.invalid"
CHU = "CHU de Démonstration"
CLINIQUE = "Clinique de Démonstration"
NORD = "CH Fictif du Nord"
# The second gestionnaire of the ANSM: what one proposes, the other publishes.
RELECTEUR = "RELECTEUR"


@dataclass
class Scene:
    """Everyone the stories need."""

    chu: Equipe
    clinique: Equipe
    nord: Equipe
    ansm: Equipe
    plateforme: Equipe


def already_there() -> bool:
    """True once the demonstration was seeded."""
    return Organisation.objects.filter(nom=CHU, is_demo=True).exists()


def build() -> Scene:
    """Every organisation and account."""
    recruiter = Recruiter(DOMAIN, settings.PLACET_DEMO_PASSWORD)
    scene = Scene(
        chu=_chu(recruiter),
        clinique=_clinique(recruiter),
        nord=_nord(recruiter),
        ansm=_ansm(recruiter),
        plateforme=_plateforme(recruiter),
    )
    _others(recruiter)
    return scene


def _chu(recruiter: Recruiter) -> Equipe:
    chu = hospital(
        CHU,
        "990000002",
        ["Pédiatrie", "Néphrologie", "Maladies infectieuses"],
        categorie="CHU",
        mode_tarif="0",
        departement="75",
        ville="Démoville",
        pui={
            "email": f"pui.chu@{DOMAIN}",
            "telephone": "01 00 00 00 02",
            "stock_autorise": True,
            "retrocession": True,
        },
    )
    recruiter.hire(
        chu, Role.PRESCRIPTEUR, ("Dr", "Exemple", "Démo"), qualite="Praticien hospitalier"
    )
    recruiter.hire(chu, Role.INTERNE, ("", "Interne", "Imaginaire"))
    recruiter.hire(chu, Role.PHARMACIEN, ("Mme", "Fictive", "Pharma"), gerant=True)
    recruiter.hire(
        chu,
        Role.PHARMACIEN,
        ("M.", "Adjoint", "Essai"),
        login="pharmacien.adjoint",
        key="ADJOINT",
    )
    delegate(chu, chu["ADJOINT"])
    recruiter.hire(chu, Role.FACTURATION, ("Mme", "Facture", "Modèle"))
    recruiter.hire(
        chu, Role.ADMIN_ETABLISSEMENT, ("M.", "Gestion", "Démo"), login="admin.etablissement"
    )
    for service in chu.services[:1]:
        service.chef = chu[Role.PRESCRIPTEUR]
        service.save()
    return chu


def _clinique(recruiter: Recruiter) -> Equipe:
    clinique = hospital(
        CLINIQUE,
        "990000010",
        ["Médecine"],
        mode_tarif="4",
        route_facturation=RouteFacturation.S3404,
        departement="69",
        ville="Modèleville",
        region="Auvergne-Rhône-Alpes",
        pui={"email": f"pui.clinique@{DOMAIN}"},
    )
    recruiter.hire(
        clinique, Role.PRESCRIPTEUR, ("Dr", "Modèle", "Essai"), login="prescripteur.clinique"
    )
    recruiter.hire(
        clinique,
        Role.PHARMACIEN,
        ("Mme", "Exemple", "Officine"),
        login="pharmacien.clinique",
        gerant=True,
    )
    recruiter.hire(
        clinique, Role.FACTURATION, ("M.", "Fictif", "Bordereau"), login="facturation.clinique"
    )
    return clinique


def _nord(recruiter: Recruiter) -> Equipe:
    nord = hospital(
        NORD,
        "990000028",
        ["Médecine interne"],
        mode_tarif="0",
        departement="59",
        ville="Fictive-sur-Nord",
        region="Hauts-de-France",
        pui={"email": f"pui.nord@{DOMAIN}"},
    )
    recruiter.hire(nord, Role.PRESCRIPTEUR, ("Dr", "Fictif", "Nord"), login="prescripteur.nord")
    recruiter.hire(
        nord, Role.PHARMACIEN, ("M.", "Modèle", "Nord"), login="pharmacien.nord", gerant=True
    )
    return nord


def _ansm(recruiter: Recruiter) -> Equipe:
    ansm = organisation(TypeOrganisation.ANSM, "ANSM (démonstration)")
    recruiter.hire(
        ansm, Role.EVALUATEUR_ANSM, ("Mme", "Éva", "Luation"), login="evaluateur",
        qualite="Évaluatrice (exemple fictif)",
    )  # fmt: skip
    recruiter.hire(
        ansm, Role.DECIDEUR_ANSM, ("M.", "Décide", "Exemple"), login="decideur",
        qualite="Par délégation de la direction générale (exemple fictif)",
    )  # fmt: skip
    recruiter.hire(
        ansm, Role.GESTIONNAIRE_ANSM, ("Mme", "Registre", "Modèle"), login="gestionnaire"
    )
    recruiter.hire(
        ansm, Role.GESTIONNAIRE_ANSM, ("M.", "Relit", "Exemple"), login="gestionnaire.relecteur",
        key=RELECTEUR,
    )  # fmt: skip
    return ansm


def _plateforme(recruiter: Recruiter) -> Equipe:
    plateforme = organisation(TypeOrganisation.PLATEFORME, "Plateforme de démonstration")
    recruiter.hire(plateforme, Role.ADMIN, ("M.", "Admin", "Démo"), login="admin")
    return plateforme


def _others(recruiter: Recruiter) -> None:
    """The accounts whose procedures come later; they can already sign in."""
    has = organisation(TypeOrganisation.HAS, "HAS (démonstration)")
    recruiter.hire(has, Role.EVALUATEUR_HAS, ("M.", "Haut", "Exemple"), login="evaluateur.has")
    recruiter.hire(has, Role.DECIDEUR_HAS, ("Mme", "Haute", "Modèle"), login="decideur.has")
    recruiter.hire(
        has, Role.GESTIONNAIRE_HAS, ("Mme", "Liste", "Fictive"), login="gestionnaire.has"
    )
    labo = organisation(TypeOrganisation.LABORATOIRE, "Laboratoire Exemple (fictif)")
    recruiter.hire(labo, Role.LABORATOIRE, ("M.", "Labo", "Fictif"), login="laboratoire")
    inca = organisation(TypeOrganisation.SIGNALANT, "Filière Fictive")
    recruiter.hire(inca, Role.SIGNALANT, ("Mme", "Signale", "Exemple"), login="signalant")
    ministere = organisation(TypeOrganisation.MINISTERE, "Ministère (démonstration)")
    recruiter.hire(ministere, Role.MINISTERE, ("M.", "Ministre", "Imaginaire"), login="ministere")
    crpv = organisation(TypeOrganisation.CRPV, "CRPV de Démonstration", region="Île-de-France")
    recruiter.hire(crpv, Role.CRPV, ("Mme", "Vigie", "Fictive"), login="crpv")
