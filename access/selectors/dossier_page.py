"""What the page of a dossier shows to one person: four answers at the top, then its parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from access.links import link
from access.models import Aac, Decision, DemandeAac, Dossier, OuvertureUrgence
from access.permissions import AccessPermission, can
from access.selectors import annexes, history, sections
from access.selectors.actions import actions, order_actions
from access.selectors.path import path
from access.selectors.pharmacie_part import dispensings_of, orders_of, pharmacy_part
from access.selectors.touches import banner_of
from access.selectors.wording import (
    initials_of,
    is_hospital,
    is_over,
    is_turn_of,
    patient_short,
    tag_kind,
    turn_sentence,
)
from access.selectors.work_lists import next_waiting
from access.states import Kind
from engine.clocks import now
from referentiel.dates import jour_court
from referentiel.formats.french import write_within
from referentiel.roles import ANSM_ROLES

RELATED = (
    "organisation", "service", "pui", "patient", "produit", "specialite", "code_indication",
    "prescripteur", "transmitted_by", "cadre", "detail_aac__evaluateur", "detail_aac__propose_par",
)  # fmt: skip


@dataclass
class DossierPage:
    """Everything the template reads; nothing in it asks the database again."""

    dossier: Dossier
    demande: DemandeAac
    aac: Aac | None
    header: dict[str, Any] = field(default_factory=dict)
    actions: list[dict[str, Any]] = field(default_factory=list)
    more_actions: list[dict[str, str]] = field(default_factory=list)
    downloads: list[dict[str, str]] = field(default_factory=list)
    tabs: list[dict[str, Any]] = field(default_factory=list)
    linked: list[dict[str, str]] = field(default_factory=list)
    parts: dict[str, Any] = field(default_factory=dict)


def visible(user: Any) -> Any:
    """The dossiers a person may open, with what their page reads."""
    return Dossier.objects.visible_to(user).select_related(*RELATED)


def linked_pair(dossier: Dossier) -> tuple[Any, Any]:
    """The request and its authorisation, whichever of the two was opened."""
    if dossier.kind == Kind.AAC:
        demande = DemandeAac.objects.select_related(*RELATED).get(pk=dossier.parent_id)
        return demande, dossier
    return dossier, Aac.objects.filter(parent=dossier).first()


def dossier_page(dossier: Dossier, user: Any) -> DossierPage:
    """Read the whole page for one person."""
    dossier = dossier.as_kind()
    demande, aac = linked_pair(dossier)
    page = DossierPage(dossier, demande, aac)
    pair = [d for d in (demande, aac) if d is not None]
    orders, dispensings = orders_of(pair), dispensings_of(pair)
    page.header = header(page, user, path(demande, aac, orders, dispensed=bool(dispensings)))
    page.actions, page.more_actions = actions(dossier, user)
    if dossier.kind == Kind.AAC:
        _put_orders_first(page, order_actions(orders, user))
    page.linked = _linked(page, user)
    page.parts = _parts(page, user, pair)
    if is_hospital(user):
        page.parts["pharmacie"] = pharmacy_part(orders, dispensings, aac, user)
    page.downloads = [
        {"label": doc["label"], "url": doc["url"]}
        for doc in page.parts["documents"]
        if doc["ready"] and doc["url"]
    ]
    page.tabs = _tabs(page)
    return page


def _put_orders_first(page: DossierPage, ordering: list[dict[str, Any]]) -> None:
    """A single main button: the order to send, else the step of the role."""
    if any(action["primary"] for action in ordering):
        page.actions = [action | {"primary": False} for action in page.actions]
    page.actions = ordering + page.actions


def header(page: DossierPage, user: Any, stages: list[dict[str, str]]) -> dict[str, Any]:
    """Where it is, whose turn it is since when, and what the next date is."""
    dossier = page.dossier
    over = is_over(dossier)
    return {
        "numero": dossier.nom_affiche,
        "produit": dossier.produit_nom or "produit à choisir",
        "patient": patient_short(dossier, user),
        "tag_kind": tag_kind(dossier, user),
        "tag_label": dossier.get_state_display(),
        "path": stages,
        "turn": _ending(page) if over else turn_sentence(dossier, user),
        "since": None if over else dossier.tour_depuis,
        "next_date": None if over else dossier.echeance,
        "next_text": "" if over or not dossier.echeance else dossier.echeance_libelle,
    }


def _ending(page: DossierPage) -> str:
    """How it ended, and since when, instead of a turn that no longer is."""
    dossier, day = page.dossier, page.dossier.decided_at
    if dossier.kind == Kind.AAC and dossier.date_fin:
        state = write_within(dossier.get_state_display())
        return f"Autorisation {state}, fin le {jour_court(dossier.date_fin)}"
    told = f" le {jour_court(day)}" if day else ""
    after = f" ; l'autorisation {page.aac.numero} en est née" if page.aac is not None else ""
    return f"Demande {write_within(dossier.get_state_display())}{told}{after}"


def _parts(page: DossierPage, user: Any, pair: list[Any]) -> dict[str, Any]:
    demande, agency = page.demande, user.affectation.role in ANSM_ROLES
    hospital = is_hospital(user)
    return {
        "sections": sections.request_sections(demande, user),
        "criteria": sections.criteria(demande),
        "review": sections.review_items(demande) if agency else [],
        "complements": annexes.complements(demande),
        "messages": annexes.messages_for(demande, user),
        "pieces": annexes.pieces_of(demande),
        "decisions": decisions_of(demande),
        "documents": annexes.documents_of(pair),
        "history": history.entries(pair, user),
        "failures": annexes.failures_of(pair),
        "changes": banner_of(page.dossier, user),
        "emergency": emergency_of(page.dossier, user) if hospital else None,
        "shared_with": list(demande.coprescripteurs.all()) if hospital else [],
        "may_share": can(AccessPermission.SUBMIT_DEMANDE_AAC)(user, demande),
        "may_write": can(AccessPermission.WRITE_MESSAGE)(user, demande),
        "may_join": can(AccessPermission.ADD_PIECE)(user, demande) and not is_over(demande),
        "declare_url": link("followup:declarer", page.dossier.pk) if hospital else "",
        "hospital": hospital,
    }


def decisions_of(demande: Any) -> list[Decision]:
    """The decision taken on a request, with its authorisation."""
    return list(demande.decisions.select_related("autorisation"))


def emergency_of(dossier: Dossier, user: Any) -> OuvertureUrgence | None:
    """The emergency opening under which the person reads this dossier, if that is how."""
    return dossier.ouvertures.filter(par_id=user.pk, jusqu_a__gt=now()).first()


def _linked(page: DossierPage, user: Any) -> list[dict[str, str]]:
    """The other dossiers of the same story: request, authorisation, twins of other strengths."""
    found = []
    if page.aac is not None and page.dossier.kind == Kind.DEMANDE_AAC:
        found.append(_line("Autorisation", page.aac))
    if page.dossier.kind == Kind.AAC:
        found.append(_line("Demande", page.demande))
    if page.demande.parent_id is not None:
        parents = Dossier.objects.visible_to(user).filter(pk=page.demande.parent_id)
        found += [_line("Autorisation précédente", parent) for parent in parents]
    first = page.demande.jumeau_id or page.demande.pk
    twins = Dossier.objects.visible_to(user).filter(kind=Kind.DEMANDE_AAC)
    twins = (twins.filter(pk=first) | twins.filter(jumeau_id=first)).exclude(pk=page.demande.pk)
    return found + [_line("Autre dosage du même patient", twin) for twin in twins]


def _line(label: str, dossier: Any) -> dict[str, str]:
    return {
        "label": label,
        "numero": dossier.nom_affiche,
        "text": f"{dossier.produit_nom}, {write_within(dossier.get_state_display())}",
        "url": link("access:dossier", dossier.pk),
    }


def _tabs(page: DossierPage) -> list[dict[str, Any]]:
    """The parts of the page, as links to their place in it."""
    parts, criteria = page.parts, page.parts["criteria"]
    counted = f"{criteria['met']}/{criteria['total']}" if criteria["total"] else None
    tabs = [
        ("#demande", "Demande", None),
        ("#criteres", "Critères", counted),
        ("#messages", "Messages", len(parts["messages"])),
        ("#pieces", "Pièces", len(parts["pieces"])),
        ("#decisions", "Décisions et documents", len(parts["documents"]) or None),
    ]
    if "pharmacie" in parts:
        tabs.append(("#pharmacie", "Pharmacie", len(parts["pharmacie"]["orders"]) or None))
    if parts["declare_url"]:
        tabs.append(("#suivi", "Suivi", None))
    tabs.append(("#historique", "Historique", None))
    return [{"url": url, "label": label, "count": count} for url, label, count in tabs]


def next_of(dossier: Dossier, user: Any) -> Dossier | None:
    """The next dossier to treat, once this one no longer waits for the person."""
    return None if is_turn_of(dossier, user) else next_waiting(user, after=dossier)


__all__ = ["DossierPage", "dossier_page", "initials_of", "next_of", "visible"]
