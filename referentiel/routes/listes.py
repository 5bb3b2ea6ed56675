"""Addresses of the lists: upload, review, age and history."""

from django.urls import path

from referentiel.views import listes, revues

LISTES = "referentiel/gestion/listes/"
IMPORTS = "referentiel/gestion/imports/"
UNE = LISTES + "<uuid:pk>/"
patterns = [
    path(IMPORTS + "<uuid:pk>/refusees.csv", listes.import_refusees, name="import_refusees"),
    path(LISTES + "deposer/", revues.deposer, name="liste_deposer"),
    path(UNE, revues.revue, name="revue"),
    path(UNE + "avancement/", revues.avancement, name="revue_avancement"),
    path(UNE + "colonnes/", revues.revue_colonnes, name="revue_colonnes"),
    path(UNE + "lignes/", revues.revue_lignes, name="revue_lignes"),
    path(UNE + "appliquer/", revues.revue_appliquer, name="revue_appliquer"),
    path(UNE + "relire/", revues.revue_relire, name="revue_relire"),
    path(UNE + "abandonner/", revues.revue_abandonner, name="revue_abandonner"),
    path(UNE + "refusees.csv", revues.revue_refusees, name="revue_refusees"),
]
