"""One view for all the steps of a dossier: its page, then the step itself."""

from decimal import Decimal

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from access.forms.steps import StepForm
from access.permissions import AccessPermission
from access.selectors.dossier_page import visible
from access.selectors.step_page import SUCCESS, recipients, step_page, summary_of
from access.services.jumeaux import TWIN, companions_told, perform_together
from access.views.answers import version_of
from access.views.gate import forbidden, needs
from engine import journal
from engine.errors import Blocked, Conflict, Forbidden, InvalidInput
from engine.steps import steps_of
from referentiel import stepup
from referentiel.formats.french import write_within


@needs(AccessPermission.VIEW_DOSSIER)
@require_http_methods(["GET", "HEAD", "POST"])
def step(request, pk, name):
    """GET restates what will happen and to whom; POST does it, or says why not."""
    found = get_object_or_404(visible(request.user), pk=pk).as_kind()
    spec = steps_of(type(found)).get(name)
    if spec is None:
        raise Http404
    if not spec.permission(request.user, found):
        return forbidden(request)
    if spec.confirmed:
        stepup.check(request)
    if request.method == "POST":
        return _do(request, found, spec)
    journal.record_read(found, by=request.user, page=f"etape:{name}"[:60])
    if found.state not in spec.sources:
        return _conflict(request, found, "Cette étape n'est plus possible.")
    return _page(request, found, spec, _blank(request, found, spec))


def _blank(request, found, spec):
    """The form as the dossier fills it; quantities without their useless zeros."""
    form = (spec.form_class or StepForm)(subject=found, by=request.user)
    for field in form.fields.values():
        if isinstance(field.initial, Decimal):
            field.initial = f"{field.initial.normalize():f}"
    return form


def _do(request, found, spec):
    try:
        done, *_ = perform_together(
            found,
            spec.name,
            by=request.user,
            version=version_of(request),
            raw=request.POST,
            files=request.FILES,
        )
    except Forbidden as error:
        return forbidden(request, error.message)
    except Conflict as error:
        return _conflict(request, found, error.message)
    except Blocked as error:
        errors = [{"message": b.message} for b in error.blockers if b.code == TWIN]
        form = _bound(request, found, spec)
        return _page(request, found, spec, form, errors=errors, status=422)
    except InvalidInput as error:
        form = error.form or _bound(request, found, spec)
        errors = [] if error.form else [{"message": error.message}]
        return _page(request, found, spec, form, errors=errors, status=422)
    messages.success(request, SUCCESS.get(spec.name, f"C'est fait : {write_within(spec.label)}."))
    return redirect("access:dossier", pk=done.pk)


def _bound(request, found, spec):
    form = (spec.form_class or StepForm)(
        data=request.POST, files=request.FILES, subject=found, by=request.user
    )
    form.is_valid()
    return form


def _page(request, found, spec, form, *, errors=(), status=200):
    context = step_page(found, spec, request.user)
    context["consequences"] += companions_told(found, spec.name, request.user)
    context |= {
        "form": form,
        "errors": list(errors),
        "version": request.POST.get("version") or found.version,
        "action_url": reverse("access:step", args=[found.pk, spec.name]),
        "cancel_url": reverse("access:dossier", args=[found.pk]),
        "recipients": recipients(found, spec),
        "summary": summary_of(found, request.user),
    }
    return render(request, "access/etapes/etape.html", context, status=status)


def _conflict(request, found, message):
    """409: the state as it now is, and what was typed, to copy."""
    fresh = get_object_or_404(visible(request.user), pk=found.pk)
    typed = [
        value.strip()
        for key, value in request.POST.items()
        if key not in ("version", "csrfmiddlewaretoken") and len(value.strip()) > 20
    ]
    context = {
        "message": message,
        "state_label": fresh.get_state_display(),
        "dossier_url": reverse("access:dossier", args=[fresh.pk]),
        "typed": typed,
    }
    return render(request, "access/etapes/conflit.html", context, status=409)
