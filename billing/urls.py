"""Addresses of billing, all under /facturation/."""

from django.urls import path

from billing import converters  # noqa: F401  (registered before the paths)
from billing.views import mois, prix, sejours

app_name = "billing"
MOIS = "facturation/<annee:annee>/<mois:mois>/"
urlpatterns = [
    path("facturation/", mois.mois, name="mois"),
    path(MOIS, mois.mois_detail, name="mois_detail"),
    path(MOIS + "lignes/", mois.lignes, name="lignes"),
    path(MOIS + "controler/", mois.controler, name="controler"),
    path(MOIS + "exporter/", mois.exporter, name="exporter"),
    path("facturation/envois/<uuid:pk>/", mois.telecharger, name="telecharger"),
    path("facturation/envois/<uuid:pk>/lisezmoi/", mois.lisezmoi, name="lisezmoi"),
    path("facturation/sejours/", sejours.sejours, name="sejours"),
    path("facturation/sejours/saisir/", sejours.saisie, name="saisie"),
    path("facturation/sejours/coller/", sejours.collage, name="collage"),
    path("facturation/sejours/<uuid:pk>/", sejours.sejour, name="sejour"),
    path(
        "facturation/administrations/<uuid:pk>/supprimer/",
        sejours.supprimer_administration,
        name="supprimer_administration",
    ),
    path("facturation/prix/", prix.prix, name="prix"),
]
