"""The request form: product, draft, re-reading, other strength, pieces."""

from django.urls import path

from access.views import demande, demande_envoi, pieces

patterns = [
    path("demandes/nouvelle/", demande.nouvelle, name="demande_nouvelle"),
    path("demandes/<uuid:pk>/", demande.modifier, name="demande_modifier"),
    path("demandes/<uuid:pk>/produit/", demande.produit, name="demande_produit"),
    path("demandes/<uuid:pk>/relire/", demande_envoi.relire, name="demande_relire"),
    path("demandes/<uuid:pk>/dosage/", demande_envoi.dosage, name="demande_dosage"),
    path("demandes/<uuid:pk>/supprimer/", demande_envoi.supprimer, name="demande_supprimer"),
    path("demandes/<uuid:pk>/reprendre/", demande_envoi.reprendre, name="demande_reprendre"),
    path("dossiers/<uuid:pk>/pieces/", pieces.ajouter, name="piece_ajouter"),
    path("pieces/<uuid:pk>/", pieces.piece, name="piece"),
]
