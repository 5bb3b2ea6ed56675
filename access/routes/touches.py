"""Dossiers touched by a change of the référentiel."""

from django.urls import path

from access.views import touches

patterns = [
    path("dossiers/changements/", touches.changements, name="changements"),
    path("dossiers/<uuid:pk>/changements/vus/", touches.vus, name="changements_vus"),
]
