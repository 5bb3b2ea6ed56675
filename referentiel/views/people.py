"""People and their roles: the list, inviting, dating, ending; the platform closes accounts."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engine.clocks import today
from engine.words import asked_words
from referentiel import stepup
from referentiel.forms.people import (
    AffectationForm,
    InvitationForm,
    MotifFacultatifForm,
    PersonnesFiltreForm,
)
from referentiel.models import Affectation, Organisation, StatutAffectation
from referentiel.permissions import (
    ROLES_OF_TYPE,
    ReferentielPermission,
    grantable_roles,
    is_granted,
)
from referentiel.roles import Role
from referentiel.selectors import annuaire, personne
from referentiel.services import accounts, approvals, people
from referentiel.views.gate import done, needs, posted, status_of

P = ReferentielPermission
PAGE = 50
FORM = "referentiel/personnes/formulaire.html"
CONFIRM = "referentiel/personnes/confirmer.html"


def asked_organisation(request):
    """The organisation named in the address, else one's own; None for the whole platform."""
    everywhere = is_granted(request.user, P.VIEW_ORGANISATIONS)
    asked = request.GET.get("organisation", "")
    if not asked:
        return None if everywhere else request.user.affectation.organisation
    try:
        return get_object_or_404(Organisation.objects.visible_to(request.user), pk=asked)
    except ValidationError as error:
        raise Http404 from error


def kept(request, pk):
    """A role the person manages, or 404."""
    rows = Affectation.objects.visible_to(request.user).for_display()
    return get_object_or_404(rows.prefetch_related("services"), pk=pk)


@require_safe
@needs(P.VIEW_PEOPLE)
def liste(request):
    organisation = asked_organisation(request)
    roles = ROLES_OF_TYPE[organisation.type] if organisation else frozenset(Role)
    form = PersonnesFiltreForm(request.GET, organisation=organisation, roles=roles)
    form.is_valid()
    words = asked_words(request)
    found = annuaire.people(
        request.user,
        organisation=organisation,
        words=words,
        role=form.cleaned_data.get("role", ""),
        service=form.cleaned_data.get("service"),
        etat=form.cleaned_data.get("etat", ""),
    )
    page, on = Paginator(found, PAGE).get_page(request.GET.get("page")), today()
    everywhere = organisation is None
    rows = [
        annuaire.person_row(
            a, url=reverse("referentiel:affectation", args=[a.pk]), on=on, everywhere=everywhere
        )
        for a in page
    ]
    where = ["Organisation"] if everywhere else []
    context = {
        "organisation": organisation,
        "form": form,
        "q": words,
        "page_obj": page,
        "rows": rows,
        "columns": ["Personne", *where, "Rôle", "Services ou PUI", "Dates", "État"],
        "a_approuver": _waiting(request.user),
        "plateforme": is_granted(request.user, P.VIEW_ORGANISATIONS),
    }
    return render(request, "referentiel/personnes/liste.html", context)


def _waiting(user):
    return annuaire.to_approve(user).count() if is_granted(user, P.APPROVE_GRANT) else None


@require_http_methods(["GET", "HEAD", "POST"])
@needs(P.INVITE_PERSON)
@stepup.required
def inviter(request):
    organisation = asked_organisation(request)
    if organisation is None:
        messages.info(request, "Choisissez d'abord l'organisation de la personne à inviter.")
        return redirect("referentiel:organisations")
    roles = grantable_roles(request.user, organisation)
    initial = {"debut": today(), "role": request.GET.get("role", "")}
    form = InvitationForm(posted(request), initial=initial, organisation=organisation, roles=roles)
    if request.method == "POST" and form.is_valid():
        made = []

        def act():
            made.append(people.invite(by=request.user, organisation=organisation, **form.values()))

        if done(form, act):
            messages.success(request, _invited(made[0]))
            return redirect("referentiel:affectation", made[0].pk)
    context = {
        "form": form,
        "title": "Inviter une personne",
        "intro": f"Elle rejoindra\u00a0: {organisation.nom}.",
        "submit_label": "Inviter",
        "cancel_url": _list_url(request.user, organisation),
    }
    return render(request, FORM, context, status=status_of(form))


def _invited(affectation):
    name = affectation.user.full_name
    if affectation.statut == StatutAffectation.A_APPROUVER:
        return f"Le rôle de {name} attend une seconde personne, prévenue par courriel."
    if affectation.statut == StatutAffectation.INVITEE:
        return f"L'invitation part par courriel à {name}, avec un lien valable sept jours."
    return f"{name} a ce rôle dès maintenant, et en est prévenu par courriel."


def _list_url(user, organisation):
    url = reverse("referentiel:personnes")
    everywhere = is_granted(user, P.VIEW_ORGANISATIONS)
    return f"{url}?organisation={organisation.pk}" if everywhere else url


@require_safe
@needs(P.VIEW_PEOPLE, P.APPROVE_PHARMACIEN)
def affectation(request, pk):
    held = kept(request, pk)
    on = today()
    running = held.statut != StatutAffectation.TERMINEE
    others = held.user_id != request.user.pk
    context = {
        "held": held,
        "etat": annuaire.etat_of(held, on),
        "dates": annuaire.dates(held.debut, held.fin),
        "services": ", ".join(s.nom for s in held.services.all()),
        "autres": personne.other_roles(held),
        "entries": personne.history_of(held, request.user),
        "list_url": _list_url(request.user, held.organisation),
        "may_list": is_granted(request.user, P.VIEW_PEOPLE),
        "may_change": running and others and is_granted(request.user, P.CHANGE_AFFECTATION),
        "may_resend": held.statut == StatutAffectation.INVITEE
        and is_granted(request.user, P.INVITE_PERSON),
        "may_approve": held.statut == StatutAffectation.A_APPROUVER
        and approvals.may_approve(request.user, held),
        "may_close": others and is_granted(request.user, P.CLOSE_ACCOUNT),
    }
    return render(request, "referentiel/personnes/affectation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(P.CHANGE_AFFECTATION)
@stepup.required
def modifier(request, pk):
    held = kept(request, pk)
    initial = {"debut": held.debut, "fin": held.fin, "services": held.services.all()}
    form = AffectationForm(posted(request), initial=initial, organisation=held.organisation)
    if request.method == "POST" and form.is_valid():

        def act():
            people.change_affectation(by=request.user, affectation=held, **form.cleaned_data)

        if done(form, act):
            messages.success(request, "Les dates et les services sont enregistrés.")
            return redirect("referentiel:affectation", pk)
    context = {
        "form": form,
        "title": f"Dates et services de {held.user.full_name}",
        "intro": held.label,
        "cancel_url": reverse("referentiel:affectation", args=[pk]),
    }
    return render(request, FORM, context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(P.CHANGE_AFFECTATION)
@stepup.required
def terminer(request, pk):
    held = kept(request, pk)
    form = MotifFacultatifForm(posted(request))
    if request.method == "POST" and form.is_valid():

        def act():
            people.end_affectation(by=request.user, affectation=held, **form.cleaned_data)

        if done(form, act):
            messages.success(request, f"{held.user.full_name} n'a plus ce rôle.")
            return redirect("referentiel:affectation", pk)
    context = {
        "form": form,
        "title": f"Mettre fin au rôle de {held.user.full_name}",
        "consequences": [
            f"{held.label}\u00a0: le rôle cesse tout de suite, à la prochaine page ouverte.",
            "Les délégations données ou reçues à ce titre cessent avec lui.",
            "Ce que la personne a signé garde son nom.",
        ],
        "danger": True,
        "submit_label": "Mettre fin au rôle",
        "cancel_url": reverse("referentiel:affectation", args=[pk]),
    }
    return render(request, CONFIRM, context, status=status_of(form))


@require_POST
@needs(P.INVITE_PERSON)
@stepup.required
def relancer(request, pk):
    held = kept(request, pk)
    people.resend_invitation(by=request.user, affectation=held)
    messages.success(request, "L'invitation repart par courriel, avec un nouveau lien.")
    return redirect("referentiel:affectation", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(P.CLOSE_ACCOUNT)
@stepup.required
def compte(request, pk):
    """Close the account behind a role, or open it again."""
    held = kept(request, pk)
    user, closing = held.user, held.user.is_active
    form = MotifFacultatifForm(posted(request))
    del form.fields["motif"]
    if request.method == "POST":
        wanted = request.POST.get("ouvert") == "oui"
        if done(
            form, lambda: accounts.set_account_open(by=request.user, user=user, is_open=wanted)
        ):
            messages.success(request, "Compte rouvert." if wanted else "Compte fermé.")
            return redirect("referentiel:affectation", pk)
    what = "Fermer" if closing else "Rouvrir"
    context = {
        "form": form,
        "title": f"{what} le compte de {user.full_name}",
        "consequences": [
            "La personne ne peut plus rien ouvrir, dès sa prochaine page, dans aucun rôle."
            if closing
            else "La personne retrouve ceux de ses rôles qui ne sont pas terminés."
        ],
        "danger": closing,
        "ouvert": "non" if closing else "oui",
        "submit_label": f"{what} le compte",
        "cancel_url": reverse("referentiel:affectation", args=[pk]),
    }
    return render(request, CONFIRM, context, status=status_of(form))
