"""Addresses of the follow-up pages, all under /suivi/."""

from django.urls import path

from followup import views

app_name = "followup"
urlpatterns = [
    path("suivi/<uuid:pk>/declarer/", views.declarer, name="declarer"),
    path("suivi/crpv/", views.crpv, name="crpv"),
    path("suivi/crpv/<uuid:pk>/", views.crpv_modifier, name="crpv_modifier"),
]
