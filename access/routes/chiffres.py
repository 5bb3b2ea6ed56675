"""The public figures."""

from django.urls import path

from access.views import chiffres

patterns = [
    path("chiffres/", chiffres.chiffres, name="chiffres"),
    path("chiffres/chiffres.csv", chiffres.fichier, name="chiffres_csv"),
]
