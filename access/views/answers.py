"""How pages answer: the version seen, a conflict in words, a refused step, a list to download."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from engine.clocks import today
from engine.errors import InvalidInput
from engine.steps import Blocker, available_steps


def version_of(request):
    """The version the page was built on; nonsense never matches."""
    posted = request.POST.get("version", "")
    return int(posted) if posted.isdecimal() and len(posted) < 9 else -1


def conflict(request, error, fresh, url=""):
    """409, the subject moved meanwhile: its state now, and the way back to it (its dossier)."""
    if request.htmx:
        return HttpResponse(error.message, status=409, content_type="text/plain; charset=utf-8")
    context = {
        "message": error.message,
        "state_label": fresh.get_state_display(),
        "dossier_url": url or reverse("access:dossier", args=[fresh.pk]),
    }
    return render(request, "409.html", context, status=409)


def refused(form_class, request, subject, error):
    """What was typed, with the reasons the step gave; nothing is to be typed again."""
    form = form_class(request.POST, subject=subject, by=request.user)
    said = [] if form.is_valid() else [m for found in form.errors.values() for m in found]
    reasons = getattr(error, "blockers", None) or [Blocker("", str(error))]
    for reason in reasons:
        if not isinstance(error, InvalidInput) and reason.message not in said:
            form.add_error(reason.field if reason.field in form.fields else None, reason.message)
    return form


def standing(subject, user, name):
    """What blocks a step of a dossier before anything is typed."""
    offers = available_steps(subject, user)
    return next((offer.blockers for offer in offers if offer.name == name), [])


def csv_answer(body, name):
    """A list to download, dated in its name."""
    response = HttpResponse(body, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="placet_{name}_{today():%Y-%m-%d}.csv"'
    return response
