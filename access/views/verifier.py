"""The public page that says whether a decision is authentic, and nothing on the patient."""

import hashlib

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from access.forms.verifier import CodeForm, FichierForm
from access.selectors import verification
from engine.throttle import allowed

LIMIT = 10  # look-ups a minute for one address


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def verifier(request, code=""):
    """The form, the answer for a code, or the comparison of a file."""
    if not code and "code" in (request.POST or request.GET):
        form = CodeForm(request.POST or request.GET)
        if form.is_valid():
            return _sealed(redirect("access:verifier", code=form.cleaned_data["code"]))
        return _page(request, status=422, code_form=form)
    asks = bool(code) or request.method == "POST"
    if asks and not allowed("verifier", get_adapter().get_client_ip(request), LIMIT):
        response = _page(request, status=429, trop=True)
        response.headers["Retry-After"] = "60"
        return response
    if request.method == "POST":
        return _compare(request, code)
    return _answer(request, code) if code else _page(request)


def _answer(request, code):
    normal = verification.normalise(code)
    found = verification.verified(normal) if normal else None
    if found is None:
        return _page(request, status=404, inconnu=True)
    return _page(request, decision=found)


def _compare(request, code):
    form = FichierForm(request.POST, request.FILES)
    normal = verification.normalise(code)
    decision = verification.verified(normal) if normal else None
    if not form.is_valid():
        return _page(request, status=422, form=form, decision=decision)
    digest = hashlib.sha256()
    for chunk in form.cleaned_data["fichier"].chunks():
        digest.update(chunk)
    found = verification.code_of_file(digest.hexdigest())
    same = bool(found) and (not code or found == normal)
    if same:
        decision = verification.verified(found)
    return _page(request, decision=decision, comparaison="identique" if same else "modifie")


def _page(request, status=200, **context):
    context = {"form": FichierForm(), "code_form": CodeForm()} | context
    page = "access/verifier/verifier.html"
    return _sealed(render(request, page, context, status=status))


def _sealed(response):
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response
