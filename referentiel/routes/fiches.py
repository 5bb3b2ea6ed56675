"""Addresses of the public sheets, of « Quelle voie ? » and of the questions."""

from django.urls import path

from referentiel.views import fiche, orientation

PRODUIT = "referentiel/produits/<uuid:pk>/"
DOCUMENT = "referentiel/documents/<uuid:pk>/"
patterns = [
    path(PRODUIT, fiche.produit, name="produit"),
    path(PRODUIT + "imprimer/", fiche.imprimer, name="produit_imprimer"),
    path(PRODUIT + "historique/", fiche.historique, name="produit_historique"),
    path("referentiel/cadres/<uuid:pk>/", fiche.cadre, name="cadre"),
    path(DOCUMENT, fiche.document, name="document"),
    path(DOCUMENT + "fichier/", fiche.document_fichier, name="document_fichier"),
    path("referentiel/quelle-voie/", orientation.quelle_voie, name="quelle_voie"),
    path("referentiel/questions/", orientation.questions, name="questions"),
]
