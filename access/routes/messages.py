"""Messages of a dossier."""

from django.urls import path

from access.views import messages

patterns = [
    path("dossiers/<uuid:pk>/messages/", messages.ajouter, name="message_ajouter"),
]
