"""A person's steps on a dossier as buttons, each with what blocks it and what cures it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from access.links import link
from access.permissions import AccessPermission, can, has, own_pui
from access.selectors.resume import anchor
from access.selectors.wording import is_over
from access.states import EDITABLE, SANS_ACCORD, CommandeState, Kind
from engine.clocks import today
from engine.steps import Blocker, Offer, available_steps

# The step a role comes for in each state; the others are plain buttons.
PRIMARY = (
    "submit", "transmit", "retransmit", "answer_complement", "grant", "start_review", "propose",
    "dispense",
)  # fmt: skip
# Seldom used: in the menu « Autres actions » as long as nothing blocks them.
APART = frozenset(
    {"withdraw", "take_over", "record_contact", "identify_product", "cancel_dispensing"}
)
# Not shown at all as long as something blocks them.
ONLY_READY = frozenset({"cancel_dispensing"})
# Steps that have a page of their own beside the common one.
PAGE_OF_STEP = {
    "submit": "access:demande_relire",
    "order": "access:commander",
    "dispense": "access:dispenser",
}
LATE_ENTRY = "Noter une dispensation passée"
ORDER_VERBS = {
    CommandeState.PREPAREE: "Envoyer la commande",
    CommandeState.ENVOYEE: "Suivre la commande",
    CommandeState.CONFIRMEE: "Réceptionner la commande",
    CommandeState.PARTIELLE: "Réceptionner la commande",
    CommandeState.EN_RUPTURE: "Suivre la commande",
}
PREPARING_VERBS = {CommandeState.PREPAREE: "Relire la commande"}
# Fields that are not on the request's own form: the step that cures them.
STEP_OF_FIELD = {"contact": "record_contact", "complement": "answer_complement"}


def actions(dossier: Any, user: Any) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    """The buttons at the top, then the menu of the other actions."""
    offers = [o for o in available_steps(dossier, user) if o.ready or o.name not in ONLY_READY]
    names = {offer.name for offer in offers}
    primary = next((name for name in PRIMARY if name in names), "")
    main, more = _own_pages(dossier, user), []
    for offer in offers:
        if _is_late(offer, dossier):
            more.append({"label": LATE_ENTRY, "url": _url_of(dossier, offer.name)})
        elif offer.name in APART and offer.ready and not _needed(offer, dossier):
            more.append({"label": offer.label, "url": _url_of(dossier, offer.name)})
        else:
            main.append(_button(dossier, offer, primary, names))
    more += _apart_pages(dossier, user)
    main.sort(key=lambda action: (not action["primary"], action["danger"]))
    return main, more


def order_actions(orders: list[Any], user: Any) -> list[dict[str, Any]]:
    """For the pharmacy: the order to send, or the delivery to receive, comes before the rest."""
    verbs = ORDER_VERBS if has(user, AccessPermission.ORDER) else PREPARING_VERBS
    found, mine = [], own_pui(AccessPermission.PREPARE_ORDER)
    for order in orders:
        verb = verbs.get(order.state) if mine(user, order) else None
        if verb and order.titre is not None and order.titre.kind == Kind.AAC:
            page = _page(f"{verb} {order.numero}", "access:commande", order)
            found.append(page | {"primary": order.state == CommandeState.PREPAREE})
    return [page for page in found if page["url"]]


def step_url(dossier: Any, name: str) -> str:
    """The page of a step."""
    return reverse("access:step", args=[dossier.pk, name])


def blocker_lines(dossier: Any, blockers: list[Blocker], names: set[str]) -> list[dict[str, str]]:
    """Each reason with the address of what cures it."""
    return [{"message": b.message, "url": cure_url(dossier, b.field, names)} for b in blockers]


def cure_url(dossier: Any, field: str, names: set[str]) -> str:
    """Where a missing field is filled: another step, the request's form, or nowhere."""
    if not field:
        return ""
    step = STEP_OF_FIELD.get(field)
    if step is not None:
        return step_url(dossier, step) if step in names else ""
    if dossier.kind == Kind.DEMANDE_AAC and dossier.state in EDITABLE:
        return link("access:demande_modifier", dossier.pk, anchor=anchor(field))
    if field == "produit":
        return _product_url(dossier, names)
    return ""


def _product_url(dossier: Any, names: set[str]) -> str:
    if dossier.produit_id is not None:
        return link("referentiel:produit", dossier.produit_id)
    return step_url(dossier, "identify_product") if "identify_product" in names else ""


def _needed(offer: Offer, dossier: Any) -> bool:
    """A request written in words waits for its product: the step comes forward."""
    return offer.name == "identify_product" and dossier.produit_id is None


def _is_late(offer: Offer, dossier: Any) -> bool:
    """Nothing may be given today: only a dispensing of an earlier day can still be noted."""
    return offer.name == "dispense" and offer.ready and not dossier.covers(today())


def _url_of(dossier: Any, name: str) -> str:
    """The step's own page, else the common one."""
    if name in PAGE_OF_STEP:
        return link(PAGE_OF_STEP[name], dossier.pk)
    return step_url(dossier, name)


def _button(dossier: Any, offer: Offer, primary: str, names: set[str]) -> dict[str, Any]:
    page = bool(offer.spec.form) or offer.spec.danger
    return {
        "name": offer.name,
        "label": offer.label,
        "url": _url_of(dossier, offer.name),
        "method": "get" if page else "post",
        "danger": offer.spec.danger,
        "primary": offer.name == primary,
        "blockers": blocker_lines(dossier, offer.blockers, names),
    }


def _own_pages(dossier: Any, user: Any) -> list[dict[str, Any]]:
    """Pages beside the steps: completing a draft, taking up again a request that ended."""
    found = []
    writes = can(AccessPermission.WRITE_DEMANDE_AAC)(user, dossier)
    if writes and dossier.kind == Kind.DEMANDE_AAC and dossier.state in EDITABLE:
        found.append(_page("Compléter la demande", "access:demande_modifier", dossier))
    if writes and dossier.kind == Kind.DEMANDE_AAC and dossier.state in SANS_ACCORD:
        found.append(_page("Reprendre en brouillon", "access:demande_reprendre", dossier, "post"))
    return [page for page in found if page["url"]]


def _page(label: str, name: str, dossier: Any, method: str = "get") -> dict[str, Any]:
    return {
        "name": "",
        "label": label,
        "url": link(name, dossier.pk),
        "method": method,
        "danger": False,
        "primary": False,
        "blockers": [],
    }


def _apart_pages(dossier: Any, user: Any) -> list[dict[str, str]]:
    """Pages of the menu « Autres actions »."""
    pages = []
    writes = can(AccessPermission.WRITE_DEMANDE_AAC)(user, dossier)
    if writes and dossier.kind == Kind.DEMANDE_AAC and dossier.state in EDITABLE:
        pages.append(("Ajouter un autre dosage", "access:demande_dosage"))
        if dossier.numero is None:
            pages.append(("Supprimer le brouillon", "access:demande_supprimer"))
    reads = writes or can(AccessPermission.DISPENSE)(user, dossier)
    if reads and dossier.kind == Kind.AAC and not is_over(dossier):
        pages.append(("Mention à porter sur l'ordonnance", "access:mention"))
    found = [{"label": label, "url": link(name, dossier.pk)} for label, name in pages]
    return [page for page in found if page["url"]]
