"""The home page, the choice of an affectation, the accounts of the demonstration."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django.views.defaults import page_not_found

from config import demo_login
from config.home import home
from config.portes import CODES, door, public_home
from engine.retour import go_back
from referentiel.middleware import SESSION_KEY
from referentiel.selectors.anciennes import destination_of


@login_not_required
@require_safe
def accueil(request):
    """What waits for me; for a visitor, the public doors."""
    user = request.user
    if not user.is_authenticated:
        return render(request, "config/accueil_public.html", public_home())
    if user.affectation is None:
        return render(request, "config/choix_affectation.html", {"held": request.affectations})
    return render(request, "config/accueil.html", home(user))


@login_not_required
@require_safe
def porte(request, code):
    """What Placet and the procedures offer one kind of reader."""
    if code not in CODES:
        raise Http404
    return render(request, "config/porte.html", door(code))


@login_not_required
@require_safe
def accessibilite(request):
    """What Placet does for everyone to use it, and what it still lacks."""
    return render(request, "config/accessibilite.html")


def introuvable(request, exception):
    """An old address leads where its page went; the others are not found."""
    target = destination_of(request.path) if request.method in ("GET", "HEAD") else ""
    if target:
        return redirect(target, permanent=True)
    return page_not_found(request, exception)


@require_POST
def affectation(request):
    """Act under another role: the rights are those of the pick, the session gets a new key."""
    picked = request.POST.get("affectation", "")
    held = {str(a.pk): a for a in request.affectations}
    if picked not in held:
        messages.error(request, "Ce rôle n'est pas, ou n'est plus, le vôtre.")
        return redirect("accueil")
    request.session.cycle_key()
    request.session[SESSION_KEY] = picked
    messages.success(request, f"Vous agissez maintenant comme {held[picked].label}.")
    return redirect("accueil")


@login_not_required
@require_POST
def devenir(request):
    """Become any account of the demonstration, without password nor second factor."""
    if not demo_login.is_open():
        raise Http404
    chosen = demo_login.account(request.POST.get("compte", ""))
    if chosen is None:
        messages.error(request, "Choisissez un compte de démonstration dans la liste.")
        return redirect("accueil")
    login(request, chosen.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session.cycle_key()
    request.session[SESSION_KEY] = str(chosen.pk)
    request.session[demo_login.SESSION_FLAG] = True
    return go_back(request, reverse("accueil"))
