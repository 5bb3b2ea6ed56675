"""The API tokens of the person who is logged in: list, create (shown once), revoke."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from engine.errors import InvalidInput
from referentiel import stepup
from referentiel.forms.jetons import JetonForm
from referentiel.selectors.jetons import tokens_of
from referentiel.services.jetons import create_token, revoke_token


@require_http_methods(["GET", "HEAD", "POST"])
def jetons(request):
    """GET lists; POST creates, and shows the secret on that answer only."""
    if request.user.affectation is None:
        raise PermissionDenied("Choisissez d'abord le rôle sous lequel le jeton agira.")
    form = JetonForm(request.POST or None)
    secret, status = "", 200
    if request.method == "POST":
        stepup.check(request)  # a token decides without asking again who one is
        secret = _create(request, form)
        status = 201 if secret else 422
        form = JetonForm() if secret else form
    context = {"form": form, "secret": secret, "jetons": tokens_of(request.user)}
    return render(request, "referentiel/jetons/liste.html", context, status=status)


def _create(request, form):
    if not form.is_valid():
        return ""
    try:
        _, secret = create_token(
            by=request.user, affectation=request.user.affectation, **form.cleaned_data
        )
    except InvalidInput as error:
        form.add_error(None, error.message)
        return ""
    return secret


@require_POST
def revoquer(request, pk):
    token = get_object_or_404(tokens_of(request.user), pk=pk)
    revoke_token(token, by=request.user)
    messages.success(request, f"Le jeton « {token.libelle} » est révoqué.")
    return redirect("referentiel:jetons")
