"""Addresses for following the register."""

from django.urls import path

from referentiel.views import suivi

PRODUIT = "referentiel/produits/<uuid:pk>/"
patterns = [
    path("referentiel/changements/", suivi.changements, name="changements"),
    path("referentiel/changements/lus/", suivi.changements_lus, name="changements_lus"),
    path("referentiel/changements.atom", suivi.atom, name="changements_atom"),
    path(f"{PRODUIT}changements.atom", suivi.atom, name="produit_atom"),
    path("referentiel/suivre/", suivi.suivre, name="suivre"),
    path(f"{PRODUIT}suivre/", suivi.suivre, name="produit_suivre"),
    path("referentiel/suivi/confirmer/", suivi.confirmer, name="suivi_confirmer"),
    path("referentiel/suivi/arreter/", suivi.arreter, name="suivi_arreter"),
]
