"""The stock of a PUI: its lots, who received one, what goes back or is destroyed."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from access.exporters.pharmacie import lots_csv
from access.forms.pharmacie import SortieLotForm
from access.permissions import AccessPermission, has
from access.selectors import stock as selectors
from access.services.stock import send_away
from access.views.answers import csv_answer
from access.views.gate import forbidden, needs
from access.views.pharmacie import PAGE
from engine.clocks import today
from engine.errors import Blocked
from engine.words import asked_words
from referentiel.dates import jour_court
from referentiel.formats.french import write_days_left, write_number

COLUMNS = ["Lot", "Produit", "Péremption", "Reçu", "Dispensé", "Sorti", "Reste"]
TAGS = {
    "disponibles": ("accorde", "En stock"),
    "proches": ("moi", "Bientôt périmé"),
    "perimes": ("alerte", "Périmé"),
    "epuises": ("termine", "Épuisé"),
}


@needs(AccessPermission.PREPARE_ORDER)
@require_safe
def stock(request):
    onglet, words, lots, shown = _asked(request)
    day = today()
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    tabs = [
        {
            "label": label,
            "url": f"?onglet={code}",
            "count": len(selectors.in_tab(lots, code, day)),
            "active": code == onglet,
        }
        for code, label in selectors.ONGLETS.items()
    ]
    query = urlencode({"onglet": onglet, "q": words})
    context = {
        "tabs": tabs,
        "columns": COLUMNS,
        "rows": [_row(lot, day) for lot in page],
        "page_obj": page,
        "words": words,
        "searching": bool(words),
        "export_url": f"{reverse('access:stock_export')}?{query}",
    }
    return render(request, "access/pharmacie/stock.html", context)


@needs(AccessPermission.PREPARE_ORDER)
@require_safe
def stock_export(request):
    """The whole of what the list shows, all pages together."""
    onglet, _, _, shown = _asked(request)
    return csv_answer(lots_csv(shown), f"stock_{onglet}")


def _asked(request):
    """The tab, the words, all the lots, and those to show.

    A search looks through every lot, used up ones included: they are what a recall asks for.
    """
    words = asked_words(request)
    onglet = request.GET.get("onglet", "")
    if onglet not in selectors.ONGLETS:
        onglet = "tous" if words else "disponibles"
    lots = selectors.lots_visible_to(request.user)
    shown = lots if onglet == "tous" else selectors.in_tab(lots, onglet, today())
    return onglet, words, lots, selectors.matching(shown, words)


def lot_url(specialite_id, lot):
    return reverse("access:lot", args=[specialite_id]) + "?" + urlencode({"lot": lot})


def _row(lot, day):
    kind, label = TAGS[selectors.stand_of(lot, day)]
    left = write_days_left((lot.peremption - day).days) if lot.reste > 0 else ""
    return {
        "url": lot_url(lot.specialite_id, lot.lot),
        "title": lot.lot,
        "sub": label,
        "urgent": kind == "alerte",
        "cells": [
            {"text": lot.libelle, "sub": f"UCD {lot.ucd}" if lot.ucd else "UCD en attente"},
            {"text": jour_court(lot.peremption), "sub": left},
            {"text": write_number(lot.recu), "num": True},
            {"text": write_number(lot.dispense), "num": True},
            {"text": write_number(lot.sorti), "num": True},
            {"text": write_number(lot.reste), "num": True},
        ],
    }


@needs(AccessPermission.PREPARE_ORDER)
@require_http_methods(["GET", "HEAD", "POST"])
def lot(request, specialite):
    """One lot: where it came from, the authorisations that received it, what left."""
    number = asked_words(request, "lot", most=40)
    pui_id = request.user.affectation.pui_id
    found = selectors.lots_of(pui_id, specialite_id=specialite, lot=number) if number else []
    if not found:
        raise Http404
    known, status = found[0], 200
    may_send = has(request.user, AccessPermission.ORDER)
    if request.method == "POST" and not may_send:
        return forbidden(request, "Le pharmacien note les retours et les destructions.")
    form = SortieLotForm(request.POST or None, lot=known)
    if request.method == "POST":
        status = 422
        if form.is_valid() and _send_away(request, known, form):
            return redirect(lot_url(known.specialite_id, known.lot))
    kind, label = TAGS[selectors.stand_of(known, today())]
    context = {
        "lot": known,
        "tag_kind": kind,
        "tag_label": label,
        "form": form if may_send and known.reste > 0 else None,
        "action_url": lot_url(known.specialite_id, known.lot),
        **_tables(selectors.movements_of(request.user, known.specialite_id, known.lot)),
    }
    return render(request, "access/pharmacie/lot.html", context, status=status)


def _send_away(request, known, form):
    try:
        send_away(
            by=request.user, specialite_id=known.specialite_id, lot=known.lot, **form.cleaned_data
        )
    except Blocked as error:
        form.add_error("quantite", str(error))
        return False
    messages.success(request, f"La sortie du lot {known.lot} est notée.")
    return True


UNITS = {"label": "Quantité (UCD)", "num": True}


def _tables(movements):
    return {
        "reception_columns": ["Commande", "Reçu le", UNITS, "Par"],
        "dispensing_columns": ["Autorisation", "Jour", UNITS, "Service", "Par"],
        "exit_columns": ["Nature", "Jour", UNITS, "Motif", "Par"],
        "reception_rows": [
            {
                "cells": [
                    {
                        "text": r.commande.numero,
                        "url": reverse("access:commande", args=[r.commande_id]),
                    },
                    {"text": jour_court(r.recue_le)},
                    {"text": write_number(r.quantite), "num": True},
                    {"text": r.recue_par.full_name, "sub": r.commentaire},
                ]
            }
            for r in movements["receptions"]
        ],
        "dispensing_rows": [
            {
                "cells": [
                    {
                        "text": d.titre.nom_affiche,
                        "url": reverse("access:dossier", args=[d.titre_id]),
                        "sub": d.titre.initiales,
                    },
                    {"text": jour_court(d.jour)},
                    {"text": write_number(d.quantite), "num": True},
                    {"text": d.titre.service.nom if d.titre.service else ""},
                    {"text": d.par.full_name},
                ]
            }
            for d in movements["dispensations"]
        ],
        "exit_rows": [
            {
                "cells": [
                    {"text": s.get_nature_display()},
                    {"text": jour_court(s.le)},
                    {"text": write_number(s.quantite), "num": True},
                    {"text": s.motif},
                    {"text": s.par.full_name},
                ]
            }
            for s in movements["sorties"]
        ],
    }
