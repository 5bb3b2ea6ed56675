"""Every route with the roles that open it, typed by hand; a route missing from the table fails.

« Opens » means that the page, or the act, is reached: neither the sign-in page, nor 403, nor 404.
Objects are those of one hospital and its agency, visible to their own people.
"""

from dataclasses import dataclass
from uuid import uuid4

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from access.models import Document, Piece
from access.states import DemandeAacState as S
from engine.clocks import now, today
from referentiel.models import ImportRun, RevueImport, StatutAffectation, TypeOrganisation
from referentiel.roles import INTERNE_PUI, Role
from referentiel.services.documents import add_document
from tests.factories import people
from tests.factories.dossiers import aac_at, brouillon, dossier_at, monde
from tests.factories.pharmacie import stocked

pytestmark = pytest.mark.django_db

PUBLIC = frozenset({"ANONYME", *Role.values})
SIGNED = frozenset(Role.values)
NOBODY = frozenset()


def roles(text):
    """« PRESCRIPTEUR INTERNE » as a set, each a real role."""
    return frozenset(Role(name) for name in text.split())


WRITERS = roles("PRESCRIPTEUR INTERNE")
HOSPITAL = roles("PRESCRIPTEUR INTERNE PHARMACIEN")
READERS = HOSPITAL | roles("EVALUATEUR_ANSM DECIDEUR_ANSM")
PRESCRIPTEUR, PHARMACIEN = roles("PRESCRIPTEUR"), roles("PHARMACIEN")
PHARMACY = PHARMACIEN | {INTERNE_PUI}
GESTION = roles("GESTIONNAIRE_ANSM GESTIONNAIRE_HAS")
FACTURATION = roles("FACTURATION")
ADMIN, ADMINS = roles("ADMIN"), roles("ADMIN ADMIN_ETABLISSEMENT")
APPROVERS = roles("ADMIN PHARMACIEN")


@dataclass(frozen=True)
class Row:
    """Who opens a route, by which method, on which object of the world."""

    roles: frozenset
    method: str = "get"
    on: tuple = ()
    query: str = ""
    absent: bool = False  # no such object here: 404 for those permitted, 403 for the others


def get(who, *on, **more):
    return Row(who, "get", on, **more)


def post(who, *on, **more):
    return Row(who, "post", on, **more)


PAGES = {
    "accueil": get(PUBLIC),
    "porte": get(PUBLIC, "soignant"),
    "accessibilite": get(PUBLIC),
    "affectation": post(SIGNED),
    "demo_devenir": post(PUBLIC),
    "sante_live": get(PUBLIC),
    "sante_pret": get(PUBLIC),
    # Accounts
    "account_login": get(PUBLIC),
    "account_logout": get(SIGNED),
    "account_inactive": get(PUBLIC),
    "account_signup": get(PUBLIC),
    "account_reauthenticate": get(SIGNED),
    "account_change_password": get(SIGNED),
    "account_set_password": get(SIGNED),
    "account_reset_password": get(PUBLIC),
    "account_reset_password_done": get(PUBLIC),
    "account_reset_password_from_key_done": get(PUBLIC),
    "account_reset_password_from_key": get(PUBLIC, "reset"),
    "mfa_index": get(SIGNED),
    "mfa_authenticate": get(SIGNED),
    "mfa_reauthenticate": get(SIGNED),
    "mfa_activate_totp": get(SIGNED),
    "mfa_deactivate_totp": get(SIGNED),
    "mfa_view_recovery_codes": get(SIGNED),
    "mfa_generate_recovery_codes": get(SIGNED),
    "mfa_download_recovery_codes": get(SIGNED),
    "referentiel:invitation": get(PUBLIC),
    "referentiel:jetons": get(SIGNED),
    "referentiel:jeton_revoquer": post(SIGNED, "inconnu", absent=True),
    # Requests
    "access:demande_nouvelle": get(WRITERS),
    "access:demande_modifier": get(WRITERS, "brouillon"),
    "access:demande_produit": get(WRITERS, "brouillon"),
    "access:demande_relire": get(WRITERS, "brouillon"),
    "access:demande_dosage": get(WRITERS, "brouillon"),
    "access:demande_supprimer": get(WRITERS, "brouillon"),
    "access:demande_reprendre": post(WRITERS, "retiree"),
    "access:piece_ajouter": post(HOSPITAL, "demande"),
    "access:piece": get(READERS, "piece", absent=True),
    # Dossiers
    "access:dossiers": get(READERS),
    "access:dossiers_export": get(READERS, "csv"),
    "access:dossier": get(READERS, "demande"),
    "access:chiffres": get(PUBLIC),
    "access:chiffres_csv": get(PUBLIC),
    "access:changements": get(READERS),
    "access:changements_vus": post(roles("PRESCRIPTEUR PHARMACIEN"), "demande"),
    "access:step": get(roles("DECIDEUR_ANSM"), "en_instruction", "grant"),
    "access:message_ajouter": post(READERS, "demande"),
    "access:partager": post(PRESCRIPTEUR, "demande"),
    "access:partage_retirer": post(PRESCRIPTEUR, "demande"),
    "access:urgence": get(PRESCRIPTEUR),
    "access:urgence_ouvrir": post(PRESCRIPTEUR),
    "access:document": get(READERS, "document"),
    "access:verifier": get(PUBLIC),
    # Pharmacy
    "access:commandes": get(PHARMACY),
    "access:commande_stock": get(PHARMACIEN),
    "access:commande": get(PHARMACY, "commande"),
    "access:commande_etape": get(PHARMACY, "commande", "receive"),
    "access:commander": get(PHARMACY, "aac"),
    "access:dispenser": get(PHARMACIEN, "aac"),
    "access:mention": get(HOSPITAL, "aac"),
    "access:stock": get(PHARMACY),
    "access:lot": get(PHARMACY, "specialite", query="?lot=LOT1"),
    "access:commandes_export": get(PHARMACY),
    "access:stock_export": get(PHARMACY),
    # Operations
    "access:operations": get(ADMIN),
    "access:operations_relancer": post(ADMIN),
    "access:courriels": get(SIGNED),
    # Référentiel
    "referentiel:recherche": get(PUBLIC),
    "referentiel:produit": get(PUBLIC, "produit"),
    "referentiel:donnees": get(PUBLIC),
    "referentiel:donnees_fichier": get(PUBLIC, "csv"),
    "referentiel:produit_imprimer": get(PUBLIC, "produit"),
    "referentiel:produit_historique": get(PUBLIC, "produit"),
    "referentiel:cadre": get(PUBLIC, "cadre"),
    "referentiel:document": get(PUBLIC, "document_public"),
    "referentiel:document_fichier": get(PUBLIC, "document_public"),
    "referentiel:quelle_voie": get(PUBLIC),
    "referentiel:questions": get(PUBLIC),
    "referentiel:changements": get(PUBLIC),
    "referentiel:changements_lus": post(SIGNED),
    "referentiel:changements_atom": get(PUBLIC),
    "referentiel:produit_atom": get(PUBLIC, "produit"),
    "referentiel:suivre": get(PUBLIC),
    "referentiel:produit_suivre": get(PUBLIC, "produit"),
    "referentiel:suivi_confirmer": get(PUBLIC),
    "referentiel:suivi_arreter": get(PUBLIC),
    "referentiel:gestion": get(GESTION),
    "referentiel:produit_nouveau": get(GESTION),
    "referentiel:gestion_produit": get(GESTION, "produit"),
    "referentiel:cadre_nouveau": get(GESTION, "produit"),
    "referentiel:code_nouveau": get(GESTION, "produit"),
    "referentiel:gestion_cadre": get(GESTION, "cadre"),
    "referentiel:gestion_code": get(GESTION, "code"),
    "referentiel:gestion_fiche": get(GESTION, "produit"),
    "referentiel:document_nouveau": get(GESTION, "produit"),
    "referentiel:regrouper": get(GESTION, "produit"),
    "referentiel:cadre_fermer": get(GESTION, "cadre"),
    "referentiel:gestion_criteres": get(GESTION, "cadre"),
    "referentiel:code_fermer": get(GESTION, "code"),
    "referentiel:nouvelle_ajouter": get(GESTION),
    "referentiel:parametres": get(GESTION),
    "referentiel:parametre_modifier": get(roles("GESTIONNAIRE_ANSM"), "aac.duree_max_mois"),
    "referentiel:a_verifier": get(GESTION),
    "referentiel:produit_verifie": post(GESTION, "produit"),
    "referentiel:cadre_verifie": post(GESTION, "cadre"),
    "referentiel:publications": get(GESTION),
    "referentiel:publication": get(GESTION, "inconnu", absent=True),
    "referentiel:publication_publier": post(GESTION, "inconnu", absent=True),
    "referentiel:publication_refuser": post(GESTION, "inconnu", absent=True),
    "referentiel:publication_annuler": post(GESTION, "inconnu", absent=True),
    "referentiel:imports": get(GESTION),
    "referentiel:import_detail": get(GESTION, "import"),
    "referentiel:import_refusees": get(GESTION, "import"),
    "referentiel:liste_deposer": get(GESTION),
    "referentiel:revue": get(GESTION, "revue"),
    "referentiel:revue_avancement": get(GESTION, "revue"),
    "referentiel:revue_colonnes": get(GESTION, "revue"),
    "referentiel:revue_lignes": post(GESTION, "revue"),
    "referentiel:revue_appliquer": post(GESTION, "revue"),
    "referentiel:revue_relire": post(GESTION, "revue"),
    "referentiel:revue_abandonner": post(GESTION, "revue"),
    "referentiel:revue_refusees": get(GESTION, "revue"),
    # People
    "referentiel:personnes": get(ADMINS),
    "referentiel:personne_inviter": get(ADMINS),
    "referentiel:a_approuver": get(APPROVERS),
    "referentiel:affectation": get(ADMINS | PHARMACIEN, "a_approuver"),
    "referentiel:affectation_modifier": get(ADMINS, "affectation"),
    "referentiel:affectation_terminer": get(ADMINS, "affectation"),
    "referentiel:affectation_relancer": post(ADMINS, "affectation"),
    "referentiel:compte": get(ADMIN, "affectation"),
    # An administrator approves gérants and agencies; a deputy is approved by the gérant.
    "referentiel:affectation_approuver": post(PHARMACIEN, "a_approuver"),
    "referentiel:affectation_refuser": get(APPROVERS, "a_approuver"),
    "referentiel:delegations": get(PHARMACIEN),
    "referentiel:delegation_revoquer": post(PHARMACIEN, "inconnu", absent=True),
    "referentiel:etablissement": get(ADMINS),
    "referentiel:organisations": get(ADMIN),
    "referentiel:organisation_nouvelle": get(ADMIN),
    "referentiel:organisations_export": get(ADMIN),
    "referentiel:omedits": get(ADMINS),
    "referentiel:omedit": get(ADMIN, "region"),
    "referentiel:organisation": get(ADMINS, "organisation"),
    "referentiel:service_nouveau": get(ADMINS, "organisation"),
    "referentiel:pui_nouvelle": get(ADMINS, "organisation"),
    "referentiel:etablissement_facturation": get(ADMINS, "organisation"),
    "referentiel:service": get(ADMINS, "service"),
    "referentiel:pui": get(ADMINS, "pui"),
    # Follow-up
    "followup:declarer": get(HOSPITAL, "aac"),
    "followup:crpv": get(ADMINS),
    "followup:crpv_modifier": get(ADMIN, "inconnu", absent=True),
    # Billing
    "billing:mois": get(FACTURATION),
    "billing:mois_detail": get(FACTURATION, "annee", "mois"),
    "billing:lignes": get(FACTURATION, "annee", "mois"),
    "billing:controler": post(FACTURATION, "annee", "mois"),
    "billing:exporter": post(FACTURATION, "annee", "mois"),
    "billing:telecharger": get(FACTURATION, "inconnu", absent=True),
    "billing:lisezmoi": get(FACTURATION, "inconnu", absent=True),
    "billing:sejours": get(FACTURATION),
    "billing:saisie": get(FACTURATION),
    "billing:collage": get(FACTURATION),
    "billing:sejour": get(FACTURATION, "inconnu", absent=True),
    "billing:supprimer_administration": get(FACTURATION, "inconnu", absent=True),
    "billing:prix": get(FACTURATION | PHARMACIEN),
}
API = {
    "api:moi": get(SIGNED),
    "api:schema": get(SIGNED),
    "api:documentation": get(SIGNED),
    "api:inconnue": get(NOBODY),
    "api:produits": get(PUBLIC),
    "api:produit": get(PUBLIC, "produit"),
    "api:cadres": get(PUBLIC),
    "api:codes": get(PUBLIC),
    "api:documents_publics": get(PUBLIC),
    "api:changements": get(PUBLIC),
    "api:demandes": get(READERS),
    "api:demande": get(READERS, "demande"),
    "api:demande_formulaire": get(WRITERS, "brouillon"),
    "api:demande_dosage": post(WRITERS, "brouillon"),
    "api:demande_reprise": post(WRITERS, "retiree"),
    "api:dossiers": get(READERS),
    "api:dossier": get(READERS, "demande"),
    "api:etapes": get(READERS, "demande"),
    "api:etape": get(roles("DECIDEUR_ANSM"), "en_instruction", "grant"),
    "api:messages": get(READERS, "demande"),
    "api:pieces": get(READERS, "demande"),
    "api:documents": get(READERS, "demande"),
    "api:piece": get(READERS, "piece", absent=True),
    "api:document": get(READERS, "document", absent=True),
    "api:commandes": get(PHARMACY),
    "api:commande": get(PHARMACY, "commande"),
    "api:commande_etape": get(PHARMACY, "commande", "revise"),
    "api:receptions": get(PHARMACY),
    "api:dispensations": get(PHARMACY),
    "api:stock": get(PHARMACY),
    "api:mois_liste": get(FACTURATION),
    "api:mois": get(FACTURATION, "annee", "mois"),
    "api:mois_lignes": get(FACTURATION, "annee", "mois"),
    "api:mois_controler": post(FACTURATION, "annee", "mois"),
    "api:mois_exporter": post(FACTURATION, "annee", "mois"),
    "api:envoi": get(FACTURATION, "inconnu", absent=True),
    "api:lisezmoi": get(FACTURATION, "inconnu", absent=True),
    "api:sejours": get(FACTURATION),
    "api:sejour": get(FACTURATION, "inconnu", absent=True),
    "api:administration": get(FACTURATION, "inconnu", absent=True),
    "api:dispensations_a_rattacher": get(FACTURATION),
    "api:administrations": post(FACTURATION),
    "api:prix": get(FACTURATION | PHARMACIEN),
}
ROUTES = PAGES | API
# On a request that an interne at the pharmacy did not write: unseen as a draft, read once sent.
OF_ITS_WRITERS = {
    "access:demande_modifier", "access:demande_produit", "access:demande_relire",
    "access:demande_dosage", "access:demande_supprimer", "access:demande_reprendre",
    "api:demande_formulaire", "api:demande_dosage", "api:demande_reprise",
}  # fmt: skip


def walk(patterns, namespace=""):
    """The names of every route of the resolver; a route without a name is a fault."""
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from walk(pattern.url_patterns, inner)
        else:
            assert pattern.name or namespace.startswith("admin:"), f"{pattern.pattern} has no name"
            yield f"{namespace}{pattern.name}"


def test_every_route_has_a_row():
    known = {name for name in walk(get_resolver().url_patterns) if not name.startswith("admin:")}
    assert sorted(known - set(ROUTES)) == [], "routes without a row"
    assert sorted(set(ROUTES) - known) == [], "rows without a route"


@pytest.fixture
def world():
    m = monde()
    aac = aac_at(m=m)
    stocked(aac)
    demande = aac.parent
    hopital = m.hopital
    waiting = people.acting(
        people.UserFactory(), Role.PHARMACIEN, hopital.organisation, pui=hopital.pui
    ).affectation
    waiting.statut = StatutAffectation.A_APPROUVER
    waiting.save()
    piece = Piece(
        dossier=demande, libelle="Bilan", type_mime="application/pdf", taille=4, sha256="0" * 64,
        saine=True, ajoutee_par=m.prescripteur, ajoutee_le=now(),
    )  # fmt: skip
    piece.fichier.save("bilan.pdf", ContentFile(b"%PDF"), save=True)
    document = Document.objects.create(
        dossier=demande, nature="ACCUSE_RECEPTION", cle="essai", sha256="0" * 64, taille=4,
        fichier="absent", gabarit="1", cree_le=now(),
    )  # fmt: skip
    objects = {
        "brouillon": brouillon(m).pk,
        "retiree": dossier_at(S.RETIREE, m).pk,
        "en_instruction": dossier_at(S.EN_INSTRUCTION, m).pk,
        "demande": demande.pk,
        "aac": aac.pk,
        "commande": aac.commandes.first().pk,
        "piece": piece.pk,
        "document": document.pk,
        "document_public": published(aac).pk,
        "specialite": aac.specialite_id,
        "produit": aac.produit_id,
        "cadre": aac.cadre_id,
        "code": aac.code_indication_id,
        "import": ImportRun.objects.create(source="atih", statut="APPLIQUE", commence_le=now()).pk,
        "revue": RevueImport.objects.create(
            source="atih",
            statut="A_REVOIR",
            nom_fichier="liste.csv",
            depose_le=now(),
            depose_par_id=uuid4(),
            depose_par="Une personne fictive",
        ).pk,
        "affectation": m.prescripteur.affectation.pk,
        "a_approuver": waiting.pk,
        "organisation": hopital.organisation.pk,
        "service": hopital.service.pk,
        "pui": hopital.pui.pk,
        "inconnu": uuid4(),
        "region": "bretagne",
        "reset": ("1", "abc"),
        "annee": now().year,
        "mois": 1,
    }
    return m, objects


def published(aac):
    """A document of the référentiel, anyone's to read."""
    return add_document(
        aac.produit, by=None, type="NOTICE", titre="Notice fictive", version="1", texte="Fictif.",
        date_publication=today(), date_effet=today(),
    )  # fmt: skip


def person(m, role):
    """Someone of the world holding the role."""
    own = {
        Role.PRESCRIPTEUR: lambda: m.prescripteur,
        Role.INTERNE: m.hopital.interne,
        INTERNE_PUI: m.hopital.interne_pui,
        Role.PHARMACIEN: lambda: m.pharmacien,
        Role.FACTURATION: m.hopital.facturation,
        Role.ADMIN_ETABLISSEMENT: m.hopital.administrateur,
        Role.EVALUATEUR_ANSM: lambda: m.evaluateur,
        Role.DECIDEUR_ANSM: lambda: m.decideur,
        Role.GESTIONNAIRE_ANSM: people.gestionnaire,
        Role.ADMIN: people.admin,
    }
    if role in own:
        return own[role]()
    kinds = {"HAS": TypeOrganisation.HAS, "LABORATOIRE": TypeOrganisation.LABORATOIRE}
    kind = kinds.get(role.split("_")[-1], TypeOrganisation.SIGNALANT)
    place = people.OrganisationFactory(type=kind)
    return people.acting(people.UserFactory(), Role(role), place)


def with_every_factor(user):
    """Password, second factor, recovery codes: each page of the account has its subject."""
    user.set_password("mot-de-passe-fictif")
    user.save()
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)


def address(name, row, objects):
    if name == "api:inconnue":
        return "/api/v1/inconnue/"
    values = []
    for key in row.on:
        value = objects.get(key, key)
        values += value if isinstance(value, tuple) else [value]
    return reverse(name, args=values) + row.query


def answer(client, name, row, objects):
    """The answer of the route; whatever the act did is undone."""
    with transaction.atomic():
        found = getattr(client, row.method)(address(name, row, objects), {})
        transaction.set_rollback(True)
    return found


def opens(found, row):
    login = reverse("account_login")
    if found.status_code == 302 and found.url.startswith(login):
        return False
    return found.status_code not in (401, 403, 404) or (row.absent and found.status_code == 404)


def expected(who, name, row):
    """What the table says; an interne at the pharmacy goes by both names."""
    if who == INTERNE_PUI:
        return bool(row.roles & {Role.INTERNE, INTERNE_PUI}) and name not in OF_ITS_WRITERS
    return who in row.roles


@pytest.mark.parametrize("who", ["ANONYME", *Role.values, INTERNE_PUI])
def test_roles_open_their_routes_and_no_other(world, who, settings):
    settings.PLACET_DEMO = True
    m, objects = world
    client = Client(raise_request_exception=True)
    user = None if who == "ANONYME" else person(m, who)
    if user is not None:
        with_every_factor(user)
        people.login(client, user)  # once: what a route did to the session is undone with the rest
    wrong = []
    for name, row in ROUTES.items():
        found = answer(client, name, row, objects)
        wanted = expected(who, name, row)
        if opens(found, row) != wanted:
            wrong.append((name, found.status_code, "should open" if wanted else "opened"))
        assert found.status_code < 500 or found.status_code == 503, name
    assert not wrong, "\n".join(map(str, wrong))


def test_technical_admin_is_closed_to_every_role(world):
    m, _ = world
    for role in Role.values:
        client = people.login(Client(), person(m, role))
        assert client.get("/admin/").status_code == 302, role
