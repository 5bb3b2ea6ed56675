"""Addresses of the API, all under /api/v1/: those of each app, then the schema."""

from django.urls import path, re_path

from access.api.routes import patterns as access
from billing.api.routes import patterns as billing
from config.api import DocumentationView, SchemaView, UnknownView
from referentiel.api.routes import patterns as referentiel

app_name = "api"
urlpatterns = [
    *access,
    *billing,
    *referentiel,
    path("schema/", SchemaView.as_view(), name="schema"),
    path("documentation/", DocumentationView.as_view(), name="documentation"),
    re_path(r"^.*$", UnknownView.as_view(), name="inconnue"),
]
