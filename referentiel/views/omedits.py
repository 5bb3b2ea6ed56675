"""The OMEDIT of each region: read by those who keep an establishment, completed by the platform."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from referentiel.forms.etablissements import OmeditForm
from referentiel.permissions import ReferentielPermission as P
from referentiel.permissions import is_granted
from referentiel.selectors import etablissements as reading
from referentiel.services.organisations import save_omedit
from referentiel.views.gate import done, needs, posted, status_of
from referentiel.views.people import FORM

COLUMNS = ["Région", "OMEDIT", "Courriel", "Téléphone", "Site", "Vérifié le"]


@require_safe
@needs(P.EDIT_ETABLISSEMENT)
def liste(request):
    """Every region; the platform corrects, the others read."""
    editable = is_granted(request.user, P.ADD_ORGANISATION)
    context = {
        "rows": reading.omedit_rows(editable=editable),
        "columns": COLUMNS,
        "editable": editable,
    }
    return render(request, "referentiel/personnes/omedits.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(P.ADD_ORGANISATION)
def omedit(request, slug):
    """Complete or correct how one is reached."""
    row = reading.omedit_named(slug)
    if row is None:
        raise Http404
    back = reverse("referentiel:omedits")
    form = OmeditForm(posted(request), instance=row)
    if (
        request.method == "POST"
        and form.is_valid()
        and done(form, lambda: save_omedit(by=request.user, omedit=row, **form.cleaned_data))
    ):
        messages.success(request, f"{row.nom} est enregistré.")
        return redirect(back)
    context = {"form": form, "title": f"OMEDIT, {row.region}", "cancel_url": back}
    return render(request, FORM, context, status=status_of(form))
