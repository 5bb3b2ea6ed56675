"""Each role's dashboard, assembled from the apps' selectors."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from access.links import link
from access.selectors.rows import columns, rows
from access.selectors.urgence import openings_for_head
from access.selectors.work_lists import ONGLETS, counts, dossiers_of, onglets_of
from billing.permissions import BillingPermission, is_granted
from engine.clocks import today
from referentiel.roles import INTERNE_PUI, Role
from referentiel.selectors.annuaire import to_approve
from referentiel.selectors.publications import to_publish

SHOWN = 8


@dataclass
class Block:
    """One list of the home page: its first lines, and where the rest is."""

    title: str
    count: int
    url: str
    empty: str
    columns: list[str] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)


def home(user: Any) -> dict[str, Any]:
    """What the home page of the person's role shows."""
    role = user.affectation.role
    context: dict[str, Any] = {"blocks": blocks(user), "links": links(user.affectation.profil)}
    if role == Role.PRESCRIPTEUR:
        context["openings"] = openings(user)
    if is_granted(user, BillingPermission.VIEW_MOIS):
        context["months"] = months(user)
    if role in (Role.GESTIONNAIRE_ANSM, Role.GESTIONNAIRE_HAS):
        context["a_publier"] = to_publish(user)
    if role == Role.ADMIN or user.affectation.gerant:
        context["approvals"] = to_approve(user).count()
        context["approvals_url"] = link("referentiel:a_approuver")
    return context


def blocks(user: Any) -> list[Block]:
    """What waits for the person first, then what ends soon."""
    held = counts(user)
    heads, found = columns(user), []
    for tab in onglets_of(user):
        if not tab.home or (tab.quiet and not held[tab.code]):
            continue
        count = held[tab.code]
        lines = rows(dossiers_of(user, tab)[:SHOWN], user) if count else []
        url = f"{reverse('access:dossiers')}?onglet={tab.code}"
        title = "Ce qui vous attend" if tab.code == "a_faire" else tab.label
        found.append(Block(title, count, url, tab.empty_text, heads, lines))
    return found


PHARMACY = [
    ("Commandes", "access:commandes", False),
    ("Stock et péremptions", "access:stock", False),
]


def links(profil: str) -> list[dict[str, Any]]:
    """The pages a role comes for, besides its lists."""
    wanted: dict[str, list[tuple[str, str, bool]]] = {
        Role.PRESCRIPTEUR: [("Nouvelle demande d'AAC", "access:demande_nouvelle", True)],
        Role.INTERNE: [("Nouvelle demande d'AAC", "access:demande_nouvelle", True)],
        INTERNE_PUI: PHARMACY,
        Role.PHARMACIEN: PHARMACY,
        Role.FACTURATION: [
            ("Mois de facturation", "billing:mois", True),
            ("Séjours et administrations", "billing:sejours", False),
        ],
        Role.GESTIONNAIRE_ANSM: [("Gérer le référentiel", "referentiel:gestion", True)],
        Role.GESTIONNAIRE_HAS: [("Gérer le référentiel", "referentiel:gestion", True)],
        Role.ADMIN_ETABLISSEMENT: [("Personnes et droits", "referentiel:personnes", True)],
        Role.ADMIN: [
            ("Personnes et droits", "referentiel:personnes", True),
            ("Exploitation", "access:operations", False),
        ],
    }
    found = [
        {"label": label, "url": link(name), "primary": primary}
        for label, name, primary in wanted.get(profil, [])
        if link(name)
    ]
    if found or profil in ONGLETS:
        return found
    return [{"label": "Référentiel", "url": link("referentiel:recherche")}]


def openings(user: Any) -> list[dict[str, Any]]:
    """For the head of a service: who opened its dossiers in an emergency, when and why."""
    return [
        {
            "at": opening.le,
            "who": opening.par.full_name,
            "service": str(opening.dossier.service or ""),
            "motif": opening.motif,
            "numero": opening.dossier.nom_affiche,
            "url": reverse("access:dossier", args=[opening.dossier_id]),
        }
        for opening in openings_for_head(user)[:20]
    ]


def months(user: Any) -> list[Any]:
    """The months of the year as last prepared: ready, blocked, exported."""
    from billing.selectors import mois

    return mois.months(user, today().year)[:3]
