"""Addresses of billing in the API."""

from django.urls import path

from billing import converters  # noqa: F401  (registered before the paths)
from billing.api import views

MOIS = "facturation/mois/<annee:annee>/<mois:mois>/"
patterns = [
    path("facturation/mois/", views.MoisListeView.as_view(), name="mois_liste"),
    path(MOIS, views.MoisView.as_view(), name="mois"),
    path(MOIS + "lignes/", views.LignesView.as_view(), name="mois_lignes"),
    path(MOIS + "controler/", views.ControleView.as_view(), name="mois_controler"),
    path(MOIS + "exporter/", views.ExportView.as_view(), name="mois_exporter"),
    path("facturation/envois/<uuid:pk>/", views.EnvoiView.as_view(), name="envoi"),
    path("facturation/envois/<uuid:pk>/lisezmoi/", views.LisezmoiView.as_view(), name="lisezmoi"),
    path("facturation/sejours/", views.SejoursView.as_view(), name="sejours"),
    path("facturation/sejours/<uuid:pk>/", views.SejourView.as_view(), name="sejour"),
    path(
        "facturation/dispensations/",
        views.ADispenserView.as_view(),
        name="dispensations_a_rattacher",
    ),
    path(
        "facturation/administrations/", views.AdministrationsView.as_view(), name="administrations"
    ),
    path(
        "facturation/administrations/<uuid:pk>/",
        views.AdministrationView.as_view(),
        name="administration",
    ),
    path("facturation/prix/", views.PrixView.as_view(), name="prix"),
]
