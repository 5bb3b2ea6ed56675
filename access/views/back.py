"""Going back to a part of a dossier's page."""

from django.http import HttpResponseRedirect
from django.urls import reverse


def back_to(dossier, anchor=""):
    """302 to the dossier, at one of its parts."""
    address = reverse("access:dossier", args=[dossier.pk])
    return HttpResponseRedirect(f"{address}#{anchor}" if anchor else address)
