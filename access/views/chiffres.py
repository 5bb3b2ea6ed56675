"""The public figures, without account: tables, charts of the same numbers, file."""

from django.contrib.auth.decorators import login_not_required
from django.http import StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from access.exporters.chiffres import csv_lines
from access.selectors import chiffres as reading


@login_not_required
@require_safe
def chiffres(request):
    """All years, then one year by framework and by product."""
    annees = reading.years()
    asked = request.GET.get("annee", "")
    annee = next((a for a in annees if str(a) == asked), annees[0] if annees else None)
    address = reverse("access:chiffres")
    computed = reading.computed_at()
    context = {
        "calcule_le": computed,
        "arrete_au": reading.closed_on(computed) if computed else None,
        "seuil": reading.threshold(),
        "annee": annee,
        "tabs": [
            {"url": f"{address}?annee={a}", "label": str(a), "active": a == annee} for a in annees
        ],
        "csv_url": reverse("access:chiffres_csv"),
    }
    if annee is not None:
        context["annees"] = reading.by_year()
        context["cadres"] = reading.by_cadre(annee)
        context["produits"] = reading.by_produit(annee)
    return render(request, "access/chiffres/chiffres.html", context)


@login_not_required
@require_safe
def fichier(request):
    """The same figures as a file."""
    lines = csv_lines(reading.file_rows())
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="chiffres.csv"'
    return response
