"""The establishments as the platform keeps them: filters, lines, file, one page each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.text import slugify

from engine.clocks import today
from referentiel.folding import fold
from referentiel.formats.french import SHORT_MONTHS, write_day
from referentiel.models import Affectation, Omedit, Organisation, TypeOrganisation
from referentiel.roles import Role
from referentiel.rules.departements import REGION_OF
from referentiel.rules.etablissements import CODES, statut_label
from referentiel.selectors import annuaire

REGIONS = sorted(set(REGION_OF.values()), key=fold)
COLUMNS = ["Organisation", "Type", "Région", "Route", "Personnes", "Administrateur"]


@dataclass(frozen=True)
class Filtre:
    """What the list is narrowed to; what is empty asks nothing."""

    type: str = ""
    region: str = ""
    departement: str = ""
    statut: str = ""
    route: str = ""
    a_confirmer: bool = False
    sans_admin: bool = False


def found(user: Any, words: str, f: Filtre) -> QuerySet[Organisation]:
    """The organisations a person keeps, searched without accents and filtered."""
    rows: Any = annuaire.organisations(user, type=f.type)
    if words:
        rows = rows.filter(pk__in=_named(words))
    if f.region:
        rows = rows.filter(region=f.region)
    if f.departement:
        rows = rows.filter(etablissement__departement=f.departement.upper())
    if f.statut:
        juridique, espic = CODES[f.statut]
        rows = rows.filter(etablissement__statut_juridique=juridique, etablissement__espic=espic)
    if f.route:
        rows = rows.filter(etablissement__route_facturation=f.route)
    if f.a_confirmer:
        rows = rows.filter(etablissement__route_a_confirmer=True)
    if f.sans_admin:
        rows = rows.filter(administree=False, type=TypeOrganisation.ETABLISSEMENT)
    found_rows: QuerySet[Organisation] = rows
    return found_rows


def _named(words: str) -> list[Any]:
    """Those whose name, town or FINESS hold every word, the same on both databases."""
    wanted = fold(words).split()
    known = Organisation.objects.values_list(
        "pk", "nom", "etablissement__ville", "etablissement__finess",
        "etablissement__finess_juridique",
    )  # fmt: skip
    return [
        pk for pk, *texts in known
        if all(word in fold(" ".join(text or "" for text in texts)) for word in wanted)
    ]  # fmt: skip


def row_of(organisation: Any) -> dict[str, Any]:
    """One line of the list."""
    known = getattr(organisation, "etablissement", None)
    place = {"text": organisation.region or "–", "sub": known.departement if known else ""}
    return {
        "url": reverse("referentiel:organisation", args=[organisation.pk]),
        "title": organisation.nom,
        "sub": f"FINESS {known.finess} · {known.ville}".rstrip(" ·") if known else "",
        "cells": [
            {
                "text": organisation.get_type_display(),
                "sub": statut_label(known.statut_juridique, known.espic) if known else "",
            },
            place,
            _route(known),
            {"text": organisation.personnes, "num": True},
            _admin(organisation),
        ],
    }


def _route(known: Any) -> dict[str, Any]:
    if known is None:
        return {"text": "–"}
    if known.route_a_confirmer:
        return {"tag_kind": "alerte", "tag_label": "À confirmer", "text": known.route_facturation}
    return {"text": known.route_facturation, "sub": "saisie" if known.route_saisie else ""}


def _admin(organisation: Any) -> dict[str, Any]:
    if organisation.type != TypeOrganisation.ETABLISSEMENT:
        return {"text": "Par la plateforme"}
    if organisation.administree:
        return {"tag_kind": "accorde", "tag_label": "En place"}
    return {"tag_kind": "alerte", "tag_label": "À inviter"}


# --- The file ---------------------------------------------------------------------------

FILE: tuple[tuple[str, Callable[[Any, Any], Any]], ...] = (
    ("finess", lambda o, e: e and e.finess),
    ("finess_juridique", lambda o, e: e and e.finess_juridique),
    ("finess_epmsi", lambda o, e: e and e.pmsi_number),
    ("nom", lambda o, e: o.nom),
    ("type", lambda o, e: o.get_type_display()),
    ("statut", lambda o, e: e and statut_label(e.statut_juridique, e.espic)),
    ("categorie", lambda o, e: e and e.categorie),
    ("region", lambda o, e: o.region),
    ("departement", lambda o, e: e and e.departement),
    ("ville", lambda o, e: e and e.ville),
    ("mode_tarif", lambda o, e: e and e.mode_tarif),
    ("route_facturation", lambda o, e: e and e.route_facturation),
    ("route_a_confirmer", lambda o, e: e and e.route_a_confirmer),
    ("route_saisie", lambda o, e: e and e.route_saisie),
    ("pharmacies", lambda o, e: e and " | ".join(pui.nom for pui in e.puis.all())),
    ("services", lambda o, e: e and len(e.services.all())),
    ("personnes", lambda o, e: o.personnes),
    ("administree", lambda o, e: o.administree),
)


def file_rows(rows: QuerySet[Organisation]) -> Iterator[list[Any]]:
    """What the list shows, all pages together, a few hundred at a time."""
    held = rows.prefetch_related("etablissement__puis", "etablissement__services")
    for organisation in held.iterator(chunk_size=500):
        known = getattr(organisation, "etablissement", None)
        yield [read(organisation, known) for _, read in FILE]


# --- One establishment ------------------------------------------------------------------


def identity(etablissement: Any) -> list[dict[str, str]]:
    """What the register of hospitals says of a site."""
    e = etablissement
    facts = (
        ("FINESS géographique", e.finess),
        ("FINESS juridique", e.finess_juridique),
        ("SIRET", e.siret),
        ("Statut", statut_label(e.statut_juridique, e.espic)),
        ("Catégorie", e.categorie),
        ("Ville", e.ville),
        ("Département", e.departement),
        ("Région", e.organisation.region),
        ("Mode de tarification", e.mode_tarif),
        ("Source", e.source),
    )
    return [{"label": label, "value": value} for label, value in facts if value]


def administrators_of(organisation: Organisation) -> list[dict[str, Any]]:
    """Those who keep an establishment, with the state of their role."""
    on = today()
    held = Affectation.objects.filter(
        Q(fin=None) | Q(fin__gte=on), organisation=organisation, role=Role.ADMIN_ETABLISSEMENT
    ).exclude(statut="TERMINEE")
    return [
        {
            "cells": [
                {
                    "text": role.user.full_name,
                    "sub": role.user.email,
                    "url": reverse("referentiel:affectation", args=[role.pk]),
                },
                {"text": annuaire.dates(role.debut, role.fin)},
                _state(annuaire.etat_of(role, on)),
            ]
        }
        for role in held.select_related("user").order_by("user__nom", "pk")
    ]


def _state(etat: annuaire.Etat) -> dict[str, str]:
    return {"tag_kind": etat.kind, "tag_label": etat.label}


# --- Whom to reach in the region --------------------------------------------------------


@dataclass(frozen=True)
class ContactRegional:
    """A body of the region: what it is, its name, how it is reached, where it is corrected."""

    titre: str
    nom: str
    lignes: tuple[str, ...] = ()
    site: str = ""


Reader = Callable[[str, str], Iterable[ContactRegional]]
_readers: list[Reader] = []


def regional_contacts(function: Reader) -> Reader:
    """Register what an upper app knows of a region (region, department)."""
    if function not in _readers:
        _readers.append(function)
    return function


def contacts_of(etablissement: Any) -> list[ContactRegional]:
    """The region's OMEDIT and its pharmacovigilance centres."""
    region, departement = etablissement.organisation.region, etablissement.departement
    return [c for reader in _readers for c in reader(region, departement)]


@regional_contacts
def omedit_contact(region: str, departement: str) -> list[ContactRegional]:
    """The OMEDIT of a region, as the platform completed it."""
    row = Omedit.objects.filter(region=region).first()
    if row is None:
        return []
    lines = tuple(text for text in (row.courriel, row.telephone) if text)
    return [ContactRegional("OMEDIT", row.nom, lines, row.site)]


def omedits() -> QuerySet[Omedit]:
    """Every OMEDIT, by region."""
    return Omedit.objects.order_by("region")


def omedit_named(slug: str) -> Omedit | None:
    """The OMEDIT whose region reads so in an address."""
    return next((row for row in omedits() if slugify(row.region) == slug), None)


def omedit_rows(*, editable: bool) -> list[dict[str, Any]]:
    """The table of the OMEDIT; a link to correct it for those who may."""
    return [
        {
            "cells": [
                {"text": row.region, "url": omedit_url(row) if editable else ""},
                {"text": row.nom},
                {"text": row.courriel or "–"},
                {"text": row.telephone or "–"},
                {"text": row.site or "–", "url": row.site},
                {"text": write_day(row.verifie_le, SHORT_MONTHS) if row.verifie_le else "–"},
            ]
        }
        for row in omedits()
    ]


def omedit_url(row: Omedit) -> str:
    """Where an OMEDIT is corrected."""
    return reverse("referentiel:omedit", args=[slugify(row.region)])
