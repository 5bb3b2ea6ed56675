"""The second person's page, and the gérant's delegations."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engine.clocks import today
from referentiel import stepup
from referentiel.forms.people import DelegationForm, MotifForm
from referentiel.permissions import ReferentielPermission, is_gerant, is_granted
from referentiel.selectors import annuaire
from referentiel.services import approvals, delegations
from referentiel.views.gate import done, forbidden, needs, posted, status_of
from referentiel.views.people import CONFIRM, kept

P = ReferentielPermission
GERANT_ONLY = "Cette page est celle du pharmacien gérant."


def approves(user):
    return is_granted(user, P.APPROVE_GRANT) or is_gerant(user)


def tabs(user, active, waiting):
    """The two pages of a gérant; an administrator has only the first."""
    if not is_gerant(user):
        return []
    return [
        {
            "label": label,
            "url": reverse(f"referentiel:{name}"),
            "count": count,
            "active": name == active,
        }
        for label, name, count in (
            ("À approuver", "a_approuver", waiting),
            ("Délégations", "delegations", None),
        )
    ]


@require_safe
@needs(P.APPROVE_GRANT, P.APPROVE_PHARMACIEN)
def a_approuver(request):
    if not approves(request.user):
        return forbidden(request, GERANT_ONLY)
    rows = [
        {
            "held": held,
            "dates": annuaire.dates(held.debut, held.fin),
            "mine": approvals.may_approve(request.user, held),
        }
        for held in annuaire.to_approve(request.user)
    ]
    context = {"rows": rows, "tabs": tabs(request.user, "a_approuver", len(rows))}
    return render(request, "referentiel/personnes/a_approuver.html", context)


@require_POST
@needs(P.APPROVE_GRANT, P.APPROVE_PHARMACIEN)
@stepup.required
def approuver(request, pk):
    held = kept(request, pk)
    form = MotifForm()
    form.cleaned_data = {}
    if done(form, lambda: approvals.approve(by=request.user, affectation=held)):
        messages.success(request, f"Le rôle de {held.user.full_name} est approuvé.")
    else:
        for error in form.non_field_errors():
            messages.error(request, error)
    return redirect("referentiel:a_approuver")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(P.APPROVE_GRANT, P.APPROVE_PHARMACIEN)
@stepup.required
def refuser(request, pk):
    held = kept(request, pk)
    form = MotifForm(posted(request))
    if request.method == "POST" and form.is_valid():

        def act():
            approvals.reject(by=request.user, affectation=held, **form.cleaned_data)

        if done(form, act):
            messages.success(request, f"Le rôle de {held.user.full_name} est refusé.")
            return redirect("referentiel:a_approuver")
    context = {
        "form": form,
        "title": f"Refuser le rôle de {held.user.full_name}",
        "consequences": [f"{held.label}\u00a0: le rôle ne commencera pas."],
        "danger": True,
        "submit_label": "Refuser ce rôle",
        "cancel_url": reverse("referentiel:a_approuver"),
    }
    return render(request, CONFIRM, context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(P.DELEGATE_PUI)
@stepup.required
def liste_delegations(request):
    if not is_gerant(request.user):
        return forbidden(request, GERANT_ONLY)
    pui, on = request.user.affectation.pui, today()
    form = DelegationForm(posted(request), initial={"debut": on}, pui=pui)
    if request.method == "POST" and form.is_valid():

        def act():
            delegations.delegate(by=request.user, **form.cleaned_data)

        if done(form, act):
            messages.success(request, "La délégation est enregistrée.")
            return redirect("referentiel:delegations")
    rows = [annuaire.delegation_row(d, on=on) for d in annuaire.delegations_of([pui.pk])]
    waiting = annuaire.to_approve(request.user).count()
    context = {
        "form": form,
        "rows": rows,
        "pui": pui,
        "tabs": tabs(request.user, "delegations", waiting),
    }
    status = status_of(form)
    return render(request, "referentiel/personnes/delegations.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(P.DELEGATE_PUI)
@stepup.required
def revoquer(request, pk):
    if not is_gerant(request.user):
        return forbidden(request, GERANT_ONLY)
    mine = annuaire.delegations_of([request.user.affectation.pui_id])
    delegation = get_object_or_404(mine, pk=pk)
    if request.method == "POST":
        delegations.revoke(by=request.user, delegation=delegation)
        messages.success(request, "La délégation est révoquée.")
        return redirect("referentiel:delegations")
    context = {
        "title": f"Révoquer la délégation de {delegation.adjoint.full_name}",
        "consequences": [
            "Sa prochaine transmission à l'ANSM sera refusée.",
            "Ce qui a été transmis garde les deux noms.",
        ],
        "danger": True,
        "submit_label": "Révoquer",
        "cancel_url": reverse("referentiel:delegations"),
    }
    return render(request, CONFIRM, context)
