"""Addresses of the gestionnaires: proposals, the queue of publications, the pages that feed it."""

from django.urls import path

from referentiel.views import edition, parametres, publications, verifications

BASE = "referentiel/gestion/"
PRODUIT, CADRE, CODE = (f"{BASE}{what}/<uuid:pk>/" for what in ("produits", "cadres", "codes"))
QUEUE = f"{BASE}publications/"
patterns = [
    path(f"{BASE}produits/nouveau/", edition.produit_nouveau, name="produit_nouveau"),
    path(PRODUIT, edition.produit, name="gestion_produit"),
    path(f"{PRODUIT}cadres/nouveau/", edition.cadre_nouveau, name="cadre_nouveau"),
    path(f"{PRODUIT}codes/nouveau/", edition.code_nouveau, name="code_nouveau"),
    path(f"{PRODUIT}documents/nouveau/", edition.document_nouveau, name="document_nouveau"),
    path(f"{PRODUIT}fiche/", edition.fiche, name="gestion_fiche"),
    path(f"{PRODUIT}regrouper/", edition.regrouper, name="regrouper"),
    path(CADRE, edition.cadre, name="gestion_cadre"),
    path(f"{CADRE}fermer/", edition.cadre_fermer, name="cadre_fermer"),
    path(f"{CADRE}criteres/", edition.criteres, name="gestion_criteres"),
    path(CODE, edition.code, name="gestion_code"),
    path(f"{CODE}fermer/", edition.code_fermer, name="code_fermer"),
    path(f"{BASE}nouvelles/ajouter/", edition.nouvelle, name="nouvelle_ajouter"),
    path("referentiel/parametres/", parametres.liste, name="parametres"),
    path("referentiel/parametres/<str:code>/", parametres.modifier, name="parametre_modifier"),
    path(f"{BASE}a-verifier/", verifications.liste, name="a_verifier"),
    path(f"{PRODUIT}verifie/", verifications.produit_verifie, name="produit_verifie"),
    path(f"{CADRE}verifie/", verifications.cadre_verifie, name="cadre_verifie"),
    path(QUEUE, publications.liste, name="publications"),
    path(f"{QUEUE}<uuid:pk>/", publications.publication, name="publication"),
    path(f"{QUEUE}<uuid:pk>/publier/", publications.publier, name="publication_publier"),
    path(f"{QUEUE}<uuid:pk>/refuser/", publications.refuser, name="publication_refuser"),
    path(f"{QUEUE}<uuid:pk>/annuler/", publications.annuler, name="publication_annuler"),
]
