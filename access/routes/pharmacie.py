"""Orders, dispensing and stock of a pharmacy."""

from django.urls import path

from access.views import commander, dispensation, pharmacie, stock

patterns = [
    path("pharmacie/commandes/", pharmacie.commandes, name="commandes"),
    path("pharmacie/commandes/stock/", commander.commande_stock, name="commande_stock"),
    path("pharmacie/commandes/export.csv", pharmacie.commandes_export, name="commandes_export"),
    path("pharmacie/commandes/<uuid:pk>/", pharmacie.commande, name="commande"),
    path(
        "pharmacie/commandes/<uuid:pk>/etapes/<slug:name>/",
        pharmacie.commande_etape,
        name="commande_etape",
    ),
    path("dossiers/<uuid:pk>/commander/", commander.commander, name="commander"),
    path("dossiers/<uuid:pk>/dispenser/", dispensation.dispenser, name="dispenser"),
    path("dossiers/<uuid:pk>/mention/", dispensation.mention, name="mention"),
    path("pharmacie/stock/", stock.stock, name="stock"),
    path("pharmacie/stock/export.csv", stock.stock_export, name="stock_export"),
    path("pharmacie/stock/<uuid:specialite>/", stock.lot, name="lot"),
]
