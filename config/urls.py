"""Every address of Placet. Each app's `urls.py` gives full paths."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import include, path

from config import health, views
from referentiel.admin import close_foreign_models

PAGES = ("access", "referentiel", "followup", "billing")

close_foreign_models()
urlpatterns = [
    path("", views.accueil, name="accueil"),
    path("pour/<slug:code>/", views.porte, name="porte"),
    path("accessibilite/", views.accessibilite, name="accessibilite"),
    path("affectation/", views.affectation, name="affectation"),
    path("demonstration/devenir/", views.devenir, name="demo_devenir"),
    path("sante/live", health.live, name="sante_live"),
    path("sante/pret", health.ready, name="sante_pret"),
    path("comptes/", include("referentiel.comptes_urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("config.api_urls")),
]
urlpatterns += [path("", include(f"{app}.urls")) for app in PAGES if find_spec(f"{app}.urls")]
# A page that moved is found again by its old address.
handler404 = "config.views.introuvable"
