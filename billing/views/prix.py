"""Purchase prices: list and entry."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from billing.forms import PrixForm
from billing.permissions import BillingPermission
from billing.selectors import prix as selectors
from billing.services.prix import record_price
from billing.views.access import needs
from engine.errors import StepError

PAGE = 50


@require_http_methods(["GET", "POST"])
@needs(BillingPermission.VIEW_PRIX, post=BillingPermission.RECORD_PRIX)
def prix(request, etablissement):
    form = PrixForm(request.POST or None, initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        data["specialite"] = data.pop("ucd7")
        try:
            record_price(etablissement=etablissement, **data, by=request.user)
        except StepError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, f"Le prix de {data['specialite'].libelle} est enregistré.")
            return redirect("billing:prix")
    rows = selectors.prices(request.user)
    context = {
        "form": form,
        "sans_prix": selectors.unpriced_specialites(request.user),
        "connues": selectors.dispensed_specialites(request.user),
        "page_obj": Paginator(rows, PAGE).get_page(request.GET.get("page")),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "billing/facturation/prix.html", context, status=status)


def _initial(request):
    ucd7 = request.GET.get("ucd", "")[:7]
    known = {s.ucd7: s for s in selectors.dispensed_specialites(request.user)} if ucd7 else {}
    specialite = known.get(ucd7)
    return {"ucd7": ucd7, "debut": specialite.premiere if specialite else None}
