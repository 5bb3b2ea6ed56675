"""The page an invitation's link opens: choose a password, once."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from referentiel.forms.people import MotDePasseForm
from referentiel.invitations import invited_by
from referentiel.services.accounts import redeem_invitation
from referentiel.views.gate import posted

SESSION_KEY = "placet_invitation"


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request):
    """The token goes to the session at once, so that no address or log keeps it."""
    if "jeton" in request.GET:
        request.session[SESSION_KEY] = request.GET["jeton"][:1000]
        return redirect("referentiel:invitation")
    user = invited_by(request.session.get(SESSION_KEY, ""))
    if user is None:
        return render(request, "referentiel/personnes/invitation_perimee.html", status=410)
    if request.user.is_authenticated:
        context = {"message": "Déconnectez-vous, puis rouvrez le lien de l'invitation."}
        return render(request, "403.html", context, status=403)
    form = MotDePasseForm(posted(request), user=user)
    if request.method == "POST" and form.is_valid():
        token = request.session.pop(SESSION_KEY)
        if redeem_invitation(token=token, password=form.cleaned_data["password1"]) is None:
            return redirect("referentiel:invitation")
        messages.success(request, "Votre mot de passe est enregistré. Connectez-vous.")
        return redirect("account_login")
    status = 422 if form.is_bound else 200
    context = {"form": form, "invite": user}
    return render(request, "referentiel/personnes/invitation.html", context, status=status)
