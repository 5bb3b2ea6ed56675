"""Addresses of access in the API."""

from django.urls import path

from access.api import annexes, demandes, dossiers, pharmacie

DEMANDE, DOSSIER, COMMANDE = "demandes/<uuid:pk>/", "dossiers/<uuid:pk>/", "commandes/<uuid:pk>/"
patterns = [
    path("demandes/", demandes.DemandesView.as_view(), name="demandes"),
    path(DEMANDE, demandes.DemandeView.as_view(), name="demande"),
    path(DEMANDE + "formulaire/", demandes.FormulaireView.as_view(), name="demande_formulaire"),
    path(DEMANDE + "dosages/", demandes.DosageView.as_view(), name="demande_dosage"),
    path(DEMANDE + "reprise/", demandes.RepriseView.as_view(), name="demande_reprise"),
    path("dossiers/", dossiers.DossiersView.as_view(), name="dossiers"),
    path(DOSSIER, dossiers.DossierView.as_view(), name="dossier"),
    path(DOSSIER + "steps/", dossiers.EtapesView.as_view(), name="etapes"),
    path(DOSSIER + "steps/<slug:name>/", dossiers.EtapeView.as_view(), name="etape"),
    path(DOSSIER + "messages/", annexes.MessagesView.as_view(), name="messages"),
    path(DOSSIER + "pieces/", annexes.PiecesView.as_view(), name="pieces"),
    path(DOSSIER + "documents/", annexes.DocumentsView.as_view(), name="documents"),
    path("pieces/<uuid:pk>/", annexes.PieceView.as_view(), name="piece"),
    path("documents/<uuid:pk>/", annexes.DocumentView.as_view(), name="document"),
    path("commandes/", pharmacie.CommandesView.as_view(), name="commandes"),
    path(COMMANDE, pharmacie.CommandeView.as_view(), name="commande"),
    path(
        COMMANDE + "steps/<slug:name>/",
        pharmacie.CommandeEtapeView.as_view(),
        name="commande_etape",
    ),
    path("receptions/", pharmacie.ReceptionsView.as_view(), name="receptions"),
    path("dispensations/", pharmacie.DispensationsView.as_view(), name="dispensations"),
    path("stock/", pharmacie.StockView.as_view(), name="stock"),
]
