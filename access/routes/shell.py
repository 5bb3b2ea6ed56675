"""Lists, the page of a dossier, its steps, who shares it, emergency openings."""

from django.urls import path

from access.views import dossier, listes, partage, transitions, urgence

patterns = [
    path("dossiers/", listes.dossiers, name="dossiers"),
    path("dossiers/export.<str:extension>", listes.export, name="dossiers_export"),
    path("dossiers/<uuid:pk>/", dossier.dossier, name="dossier"),
    path("dossiers/<uuid:pk>/etapes/<slug:name>/", transitions.step, name="step"),
    path("dossiers/<uuid:pk>/partage/", partage.share, name="partager"),
    path("dossiers/<uuid:pk>/partage/retirer/", partage.unshare, name="partage_retirer"),
    path("urgence/", urgence.chercher, name="urgence"),
    path("urgence/ouvrir/", urgence.ouvrir, name="urgence_ouvrir"),
]
