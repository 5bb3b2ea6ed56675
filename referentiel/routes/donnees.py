"""Addresses of the open data."""

from django.urls import path

from referentiel.views import donnees

patterns = [
    path("referentiel/donnees/", donnees.donnees, name="donnees"),
    path(
        "referentiel/donnees/referentiel.<str:extension>",
        donnees.fichier,
        name="donnees_fichier",
    ),
]
