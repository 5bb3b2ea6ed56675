"""Orders as the pharmacy reads them: the list by tab, what is left to order, the text to send."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from access.models import Commande, Dossier, NatureDocument, Reception
from access.models.decision import Document
from access.models.pharmacie import PuiQuerySet
from access.permissions import AccessPermission, has
from access.states import CommandeState
from engine.clocks import today
from referentiel.dates import jour_court
from referentiel.formats import french
from referentiel.models import Specialite

S = CommandeState
ATTENDUES = (S.ENVOYEE, S.CONFIRMEE, S.PARTIELLE, S.EN_RUPTURE)
ABANDONNEES = (S.REFUSEE, S.ANNULEE)
TERMINEES = (S.RECUE, *ABANDONNEES)
ONGLETS: dict[str, tuple[str, tuple[str, ...]]] = {
    "envoyer": ("À envoyer", (S.PREPAREE,)),
    "attendues": ("Attendues", ATTENDUES),
    "recues": ("Reçues", (S.RECUE,)),
    "toutes": ("Toutes", tuple(S.values)),
}


def orders_of(user: Any, onglet: str, words: str = "") -> PuiQuerySet:
    """The orders of the person's pharmacy in one tab, next delivery first."""
    found = Commande.objects.visible_to(user).filter(state__in=ONGLETS[onglet][1])
    for word in words.split():
        found = found.filter(
            Q(numero__icontains=word)
            | Q(fournisseur__icontains=word)
            | Q(specialite__libelle__icontains=word)
            | Q(titre__numero__icontains=word)
        )
    found = found.select_related("specialite", "titre")
    if onglet == "attendues":
        return found.order_by(F("livraison_prevue").asc(nulls_last=True), "creee_le", "id")
    return found.order_by("-creee_le", "id")


def counts_of(user: Any) -> dict[str, int]:
    """How many orders each tab holds (one query)."""
    sums = {name: Count("pk", filter=Q(state__in=states)) for name, (_, states) in ONGLETS.items()}
    return dict(Commande.objects.visible_to(user).aggregate(**sums))


def ordered_quantity(dossier: Dossier) -> Decimal:
    """Units ordered for a dossier: what an open order will bring, what an ended one has brought."""
    going = Commande.objects.filter(titre=dossier).exclude(state__in=TERMINEES)
    brought = Reception.objects.filter(commande__titre=dossier, commande__state__in=TERMINEES)
    expected = going.aggregate(total=Sum(Coalesce("quantite_confirmee", "quantite")))["total"]
    received = brought.aggregate(total=Sum("quantite"))["total"]
    return (expected or Decimal(0)) + (received or Decimal(0))


def left_to_order(dossier: Dossier) -> Decimal | None:
    """Units authorised and not ordered yet, None when the decision sets no quantity."""
    if dossier.quantite_max is None:
        return None
    return max(Decimal(0), dossier.quantite_max - ordered_quantity(dossier))


def beyond_authorised(commande: Commande) -> str:
    """The sentence of an order that goes past the decision, empty when it does not."""
    titre = commande.titre
    if titre is None or titre.quantite_max is None or commande.state in ABANDONNEES:
        return ""
    ordered = ordered_quantity(titre)
    if ordered <= titre.quantite_max:
        return ""
    asked = french.write_number(titre.quantite_max)
    return f"La décision autorise {asked} unités ; {french.write_number(ordered)} sont commandées."


def usual_supplier(dossier: Dossier) -> str:
    """The supplier of the last order of this medicine by this PUI, else the company."""
    past = Commande.objects.filter(pui_id=dossier.pui_id, specialite_id=dossier.specialite_id)
    last = past.exclude(fournisseur="").order_by("-creee_le").first()
    if last is not None:
        return last.fournisseur
    return dossier.produit.laboratoire if dossier.produit else ""


def orderable_for_stock() -> QuerySet[Specialite]:
    """The medicines whose product permits an order ahead of a patient."""
    found = Specialite.objects.filter(produit__stock_autorise=True)
    return found.order_by("libelle", "id")


def may_stock(user: Any) -> bool:
    """True when the person orders, and their pharmacy may do so ahead of a patient."""
    pui = user.affectation.pui
    return has(user, AccessPermission.ORDER) and pui is not None and pui.stock_autorise


def order_document(commande: Commande) -> Document | None:
    """The order form as a PDF, once a worker has built it."""
    return commande.documents.filter(nature=NatureDocument.COMMANDE).first()


COLUMNS = ["Commande", "Produit", "Quantité (UCD)", "Fournisseur", "État", "Livraison"]
TAGS = {
    S.PREPAREE: "moi",
    S.ENVOYEE: "autre",
    S.CONFIRMEE: "autre",
    S.PARTIELLE: "autre",
    S.RECUE: "accorde",
    S.REFUSEE: "termine",
    S.EN_RUPTURE: "alerte",
    S.ANNULEE: "termine",
}


def for_whom(commande: Commande) -> str:
    """The dossier ordered for, or the stock."""
    return commande.titre.nom_affiche if commande.titre else "Pour stock"


def row(commande: Commande) -> dict[str, Any]:
    """One line of the list of orders."""
    due = commande.livraison_prevue
    left = (due - today()).days if due and commande.state in ATTENDUES else None
    return {
        "url": reverse("access:commande", args=[commande.pk]),
        "title": commande.numero,
        "sub": for_whom(commande),
        "urgent": left is not None and left < 0,
        "cells": [
            {"text": commande.specialite.libelle},
            {"text": french.write_number(commande.quantite), "num": True},
            {"text": commande.fournisseur or "À préciser"},
            {"tag_kind": TAGS[S(commande.state)], "tag_label": commande.get_state_display()},
            {
                "text": jour_court(due) if due else "–",
                "sub": french.write_days_left(left) if left is not None else "",
            },
        ],
    }


PATH = (S.PREPAREE, S.ENVOYEE, S.CONFIRMEE, S.RECUE)
REACHED = {
    S.PREPAREE: 0,
    S.ENVOYEE: 1,
    S.EN_RUPTURE: 1,
    S.CONFIRMEE: 2,
    S.PARTIELLE: 2,
    S.RECUE: 4,
}
NOTES = {S.EN_RUPTURE: "en rupture", S.PARTIELLE: "reçue en partie"}


def header_of(commande: Commande, user: Any) -> dict[str, Any]:
    """The top of an order's page: where it is, whose turn, the next date."""
    state = S(commande.state)
    turn, since = _turn(commande, user)
    return {
        "numero": commande.numero,
        "produit": commande.specialite.libelle,
        "patient": "",
        "tag_kind": TAGS[state],
        "tag_label": state.label,
        "path": _path(state),
        "turn": turn,
        "since": since,
        "next_date": commande.livraison_prevue if state in ATTENDUES else None,
        "next_text": "livraison prévue" if state in ATTENDUES and commande.livraison_prevue else "",
    }


def _path(state: CommandeState) -> list[dict[str, str]]:
    if state in ABANDONNEES:
        first = {"label": S.PREPAREE.label, "status": "done", "note": ""}
        return [first, {"label": state.label, "status": "current", "note": ""}]
    at = REACHED[state]
    return [
        {
            "label": stage.label,
            "status": "done" if index < at else "current" if index == at else "todo",
            "note": NOTES.get(state, "") if index == at else "",
        }
        for index, stage in enumerate(PATH)
    ]


def _turn(commande: Commande, user: Any) -> tuple[str, Any]:
    if commande.state == S.PREPAREE:
        who = "à vous" if has(user, AccessPermission.ORDER) else "au pharmacien"
        return f"C'est {who} ({commande.pui.nom})", commande.creee_le
    if commande.state in ATTENDUES:
        since = commande.repondue_le or commande.envoyee_le
        return f"C'est au fournisseur ({commande.fournisseur})", since
    return "", None


def units(quantity: Decimal) -> str:
    """« 180 unités »."""
    return f"{french.write_number(quantity)} unité{'s' if quantity >= 2 else ''}"
