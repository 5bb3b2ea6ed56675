"""Addresses of the référentiel; the public ones need no account."""

from django.urls import path

from referentiel.routes import donnees, fiches, jetons, people, suivi
from referentiel.routes import gestion as editing
from referentiel.routes import listes as lists
from referentiel.views import gestion, listes, recherche

app_name = "referentiel"
GESTION = "referentiel/gestion/"
urlpatterns = [
    path("referentiel/", recherche.recherche, name="recherche"),
    path(GESTION, gestion.liste, name="gestion"),
    path(GESTION + "imports/", listes.imports, name="imports"),
    path(GESTION + "imports/<uuid:pk>/", gestion.import_detail, name="import_detail"),
]
urlpatterns += editing.patterns + lists.patterns + people.patterns + jetons.patterns
urlpatterns += donnees.patterns + fiches.patterns + suivi.patterns
