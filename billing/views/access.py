"""Who opens the pages of billing: the roles that hold a permission, in their establishment."""

from functools import wraps

from django.http import Http404
from django.shortcuts import redirect, render

from billing.permissions import holding, is_granted
from billing.rules.periode import Periode
from billing.selectors.mois import etablissement_of


def needs(permission, *, post=None):
    """Open a view to the holders of a permission; `post` is the one that writing asks.

    The view is given the establishment of the person. Without a role picked, home asks for one.
    """

    def decorate(view):
        @wraps(view)
        def gated(request, *args, **kwargs):
            if request.user.affectation is None:
                return redirect("accueil")
            asked = {permission, post or permission} if request.method == "POST" else {permission}
            etablissement = etablissement_of(request.user)
            if etablissement is None or not all(is_granted(request.user, p) for p in asked):
                return render(request, "403.html", status=403)
            return view(request, etablissement, *args, **kwargs)

        gated.roles = holding(permission)
        return gated

    return decorate


def periode_or_404(annee, mois):
    try:
        return Periode(annee, mois)
    except ValueError as error:
        raise Http404 from error
