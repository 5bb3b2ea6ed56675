"""Addresses of a person's API tokens."""

from django.urls import path

from referentiel.views import jetons

patterns = [
    path("compte/jetons/", jetons.jetons, name="jetons"),
    path("compte/jetons/<uuid:pk>/revoquer/", jetons.revoquer, name="jeton_revoquer"),
]
