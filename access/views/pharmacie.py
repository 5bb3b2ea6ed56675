"""Orders of a PUI: the list, one order and its steps, a new one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from access.documents import commande as bon_de_commande
from access.exporters.pharmacie import orders_csv
from access.models import Commande
from access.permissions import AccessPermission
from access.selectors import commandes as selectors
from access.states import CommandeState
from access.views.answers import conflict, csv_answer, refused, version_of
from access.views.gate import forbidden, needs
from engine.errors import Conflict, Forbidden, StepError
from engine.journal import history
from engine.steps import available_steps, perform, steps_of
from engine.words import asked_words

PAGE = 50
EMPTY = {
    "envoyer": "Les commandes préparées à la transmission d'une demande attendent ici.",
    "attendues": "Les commandes envoyées au fournisseur et pas encore reçues attendent ici.",
    "recues": "Les commandes réceptionnées et soldées se rangent ici.",
    "toutes": "Une commande est préparée quand la pharmacie transmet une demande.",
}
SAID = {
    "create": "Commande préparée",
    "send": "Commande envoyée au fournisseur",
    "revise": "Commande modifiée",
    "confirm": "Confirmation du fournisseur notée",
    "mark_out_of_stock": "Rupture notée",
    "mark_refused": "Refus du fournisseur noté",
    "receive": "Lot reçu, commande soldée",
    "receive_part": "Lot reçu, suite attendue",
    "close_partial": "Commande soldée",
    "cancel": "Commande annulée",
    "drop": "Commande abandonnée avec la demande",
}
DONE = {
    "send": "La commande est envoyée : adressez maintenant le bon au fournisseur.",
    "revise": "La commande est modifiée.",
    "confirm": "La confirmation du fournisseur est notée.",
    "mark_out_of_stock": "La rupture est notée. La commande reste ouverte.",
    "mark_refused": "Le refus est noté. Vous pouvez commander ailleurs.",
    "receive": "Le lot est en stock et la commande est soldée.",
    "receive_part": "Le lot est en stock ; la suite de la commande est attendue.",
    "close_partial": "La commande est soldée.",
    "cancel": "La commande est annulée.",
}


def visible_order(user, pk):
    """An order of the person's own pharmacy, else 404."""
    found = Commande.objects.visible_to(user).select_related(
        "specialite__produit", "titre", "pui__etablissement__organisation", "creee_par"
    )
    return get_object_or_404(found, pk=pk)


def order_url(commande):
    return reverse("access:commande", args=[commande.pk])


@needs(AccessPermission.PREPARE_ORDER)
@require_safe
def commandes(request):
    onglet, words, found = _asked(request)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    counts = selectors.counts_of(request.user)
    tabs = [
        {"label": label, "url": f"?onglet={code}", "count": counts[code], "active": code == onglet}
        for code, (label, _) in selectors.ONGLETS.items()
    ]
    query = urlencode({"onglet": onglet, "q": words})
    context = {
        "tabs": tabs,
        "onglet": onglet,
        "columns": selectors.COLUMNS,
        "rows": [selectors.row(order) for order in page],
        "page_obj": page,
        "words": words,
        "empty_text": EMPTY[onglet],
        "stock_allowed": selectors.may_stock(request.user),
        "export_url": f"{reverse('access:commandes_export')}?{query}",
    }
    return render(request, "access/pharmacie/commandes.html", context)


@needs(AccessPermission.PREPARE_ORDER)
@require_safe
def commandes_export(request):
    """The whole of what the list shows, all pages together."""
    onglet, _, found = _asked(request)
    return csv_answer(orders_csv(found), f"commandes_{onglet}")


def _asked(request):
    """The tab, the words searched, the orders they give."""
    onglet = request.GET.get("onglet", "")
    onglet = onglet if onglet in selectors.ONGLETS else "envoyer"
    words = asked_words(request)
    return onglet, words, selectors.orders_of(request.user, onglet, words)


@needs(AccessPermission.PREPARE_ORDER)
@require_safe
def commande(request, pk):
    return order_page(request, visible_order(request.user, pk))


def order_page(request, order, *, errors=(), status=200):
    """The page of one order, with what stopped the last step when there is."""
    offers = available_steps(order, request.user)
    context = {
        "commande": order,
        "header": selectors.header_of(order, request.user),
        "actions": sorted(
            (_button(order, offer) for offer in offers),
            key=lambda action: (not action["primary"], action["danger"]),
        ),
        "beyond": selectors.beyond_authorised(order),
        "items": _facts(order),
        "receptions": order.receptions.select_related("recue_par"),
        "document": selectors.order_document(order),
        "texte": bon_de_commande.text(bon_de_commande.build(order)),
        "entries": [_line(entry) for entry in history(order).reverse()],
        "errors": errors,
        "sent": order.state != CommandeState.PREPAREE,
    }
    return render(request, "access/pharmacie/commande.html", context, status=status)


def _button(order, offer):
    page = bool(offer.spec.form) or offer.spec.danger
    return {
        "name": offer.name,
        "label": offer.label,
        "url": reverse("access:commande_etape", args=[order.pk, offer.name]),
        "method": "get" if page else "post",
        "danger": offer.spec.danger,
        "primary": offer.name in ("send", "receive"),
        "blockers": [{"message": b.message, "url": _cure(order, b.field)} for b in offer.blockers],
    }


def _cure(order, field):
    """Where a reason is cured: the order itself, or its dossier."""
    if field == "fournisseur":
        return reverse("access:commande_etape", args=[order.pk, "revise"])
    if field == "titre" and order.titre_id:
        return reverse("access:dossier", args=[order.titre_id])
    return ""


def _facts(order):
    titre = order.titre
    url = reverse("access:dossier", args=[titre.pk]) if titre else ""
    confirmed = order.quantite_confirmee
    lines = [
        {"label": "Pour", "value": selectors.for_whom(order), "url": url},
        {"label": "Produit", "value": order.specialite.libelle, "sub": _ucd(order)},
        {"label": "Quantité", "value": selectors.units(order.quantite)},
        {"label": "Fournisseur", "value": order.fournisseur or "À préciser"},
    ]
    if order.importateur:
        lines.append({"label": "Importateur", "value": order.importateur})
    if confirmed is not None and confirmed != order.quantite:
        lines.append({"label": "Quantité confirmée", "value": selectors.units(confirmed)})
    if order.reponse_texte:
        lines.append({"label": "Réponse du fournisseur", "value": order.reponse_texte})
    return lines


def _ucd(order):
    return f"UCD {order.specialite.ucd7}" if order.specialite.ucd7 else "UCD en attente"


def _line(entry):
    return {
        "at": entry.at,
        "who": entry.actor_label,
        "role": entry.organisation_label,
        "text": SAID.get(entry.action, entry.label),
        "detail": _move(entry),
    }


def _move(entry):
    if not entry.from_state or entry.from_state == entry.to_state:
        return ""
    return f"{CommandeState(entry.from_state).label} → {CommandeState(entry.to_state).label}"


@needs(AccessPermission.PREPARE_ORDER)
@require_http_methods(["GET", "HEAD", "POST"])
def commande_etape(request, pk, name):
    """The page of one step of an order, and its doing."""
    order = visible_order(request.user, pk)
    if name not in steps_of(Commande):
        raise Http404
    if request.method == "POST":
        return _do(request, order, name)
    offer = next((o for o in available_steps(order, request.user) if o.name == name), None)
    if offer is None:
        return redirect(order_url(order))
    form_class = offer.spec.form_class
    form = form_class(subject=order, by=request.user) if form_class else None
    return _step_page(request, order, offer.spec, form, offer.blockers)


def _do(request, order, name):
    spec = steps_of(Commande).get(name)
    try:
        done = perform(order, name, by=request.user, version=version_of(request), raw=request.POST)
    except Forbidden as error:
        return forbidden(request, error.message)
    except Conflict as error:
        fresh = Commande.objects.visible_to(request.user).get(pk=order.pk)
        return conflict(request, error, fresh, order_url(order))
    except StepError as error:
        if spec.form_class is None:
            reasons = [{"message": error.message, "id": ""}]
            return order_page(request, order, errors=reasons, status=422)
        form = refused(spec.form_class, request, order, error)
        return _step_page(request, order, spec, form, [], status=422)
    messages.success(request, DONE.get(name, "C'est enregistré."))
    return redirect(order_url(done))


def _step_page(request, order, spec, form, blockers, status=200):
    context = {
        "commande": order,
        "title": spec.label,
        "intro": f"{order.numero}, {order.specialite.libelle}.",
        "consequences": [spec.consequence] if spec.consequence else [],
        "form": form,
        "version": order.version,
        "action_url": reverse("access:commande_etape", args=[order.pk, spec.name]),
        "cancel_url": order_url(order),
        "danger": spec.danger,
        "blockers": [{"message": b.message, "url": _cure(order, b.field)} for b in blockers],
    }
    return render(request, "access/pharmacie/etape.html", context, status=status)
