"""Addresses of the public register in the API."""

from django.urls import path

from referentiel.api import views

patterns = [
    path("moi/", views.MoiView.as_view(), name="moi"),
    path("referentiel/produits/", views.ProduitsView.as_view(), name="produits"),
    path("referentiel/produits/<uuid:pk>/", views.ProduitView.as_view(), name="produit"),
    path("referentiel/cadres/", views.CadresView.as_view(), name="cadres"),
    path("referentiel/codes/", views.CodesView.as_view(), name="codes"),
    path("referentiel/documents/", views.DocumentsView.as_view(), name="documents_publics"),
    path("referentiel/changements/", views.ChangementsView.as_view(), name="changements"),
]
