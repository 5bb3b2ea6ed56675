"""Dated badges of a product: shortages, strains, ends of marketing, major therapeutic interest.

No public key joins a UCD to a speciality of the BDPM: a product takes the badges of the CIS it
carries, else of the specialities of the same brand whose strength is the same or is not said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from referentiel.models import Disponibilite, Mitm, Produit, Specialite, SpecialiteAmm
from referentiel.rules.noms import MIN_BRAND, brand_of, same_strength

KINDS = {"1": "rupture", "2": "tension", "3": "arret"}
MITM = "Médicament d'intérêt thérapeutique majeur"


@dataclass(frozen=True)
class Badge:
    """One badge: what it is, in words, since when, and its official page."""

    kind: str
    label: str
    since: date | None = None
    url: str = ""


Links = dict[UUID, set[str]]


def badges_of(
    produits: Collection[Produit], specialites: Iterable[Specialite] | None = None
) -> dict[UUID, list[Badge]]:
    """The badges of these products, the gravest first, in four queries whatever their number.

    `specialites` are theirs when the caller already read them.
    """
    if specialites is None:
        specialites = Specialite.objects.filter(produit__in=[p.pk for p in produits])
    cis_of = _cis_of(specialites)
    wanted = {cis for several in cis_of.values() for cis in several}
    if not wanted:
        return {p.pk: [] for p in produits}
    badges = badges_by_cis(wanted)
    return {p.pk: badges(cis_of.get(p.pk, set())) for p in produits}


def badges_by_cis(
    wanted: Collection[str] | None = None,
) -> Callable[[Iterable[str]], list[Badge]]:
    """The badges of these CIS, or of any, for a list of the whole register: two queries."""
    current = Disponibilite.objects.filter(statut__in=KINDS, absente_version="")
    listed = Mitm.objects.filter(absente_version="").order_by()
    if wanted is not None:
        current, listed = current.filter(cis__in=wanted), listed.filter(cis__in=wanted)
    shortages: dict[str, list[Disponibilite]] = defaultdict(list)
    for row in current.order_by("statut", "-debut"):
        shortages[row.cis].append(row)
    majors = {row.cis: row for row in listed}
    return lambda several: _badges(several, shortages, majors)


def _badges(
    several: Iterable[str], shortages: dict[str, list[Disponibilite]], majors: dict[str, Mitm]
) -> list[Badge]:
    """One badge of each kind: the latest shortage, and whether a speciality is a MITM."""
    several = sorted(several)
    rows = [row for cis in several for row in shortages.get(cis, [])]
    rows.sort(key=lambda row: row.debut or date.min, reverse=True)
    found: dict[str, Badge] = {}
    for row in sorted(rows, key=lambda row: row.statut):
        kind = KINDS[row.statut]
        found.setdefault(kind, Badge(kind, row.libelle, row.debut, row.lien))
    for cis in several:
        if cis in majors:
            found.setdefault("mitm", Badge("mitm", MITM, None, majors[cis].lien))
    return list(found.values())


def products_of_cis(cis: Collection[str]) -> dict[str, set[UUID]]:
    """By CIS, the products of the register it joins (two queries)."""
    found: dict[str, set[UUID]] = defaultdict(set)
    links = _cis_of(Specialite.objects.all(), SpecialiteAmm.objects.filter(cis__in=set(cis)))
    for produit, several in links.items():
        for one in several:
            found[one].add(produit)
    return {one: found[one] for one in cis if one in found}


def _cis_of(
    specialites: Iterable[Specialite], amms: Iterable[SpecialiteAmm] | None = None
) -> Links:
    """By product, its CIS: those it carries, else those of its brand and strength."""
    found: Links = defaultdict(set)
    labels: dict[str, list[tuple[str, UUID]]] = defaultdict(list)
    for row in specialites:
        if row.cis:
            found[row.produit_id].add(row.cis)
            continue
        brand = brand_of(row.libelle)
        if len(brand) >= MIN_BRAND:
            labels[brand].append((row.libelle, row.produit_id))
    if amms is None:
        named = SpecialiteAmm.objects.filter(marque__in=labels, absente_version="")
        amms = named.only("cis", "marque", "denomination")
    for amm in amms:
        for label, produit in labels.get(amm.marque, ()):
            if same_strength(label, amm.denomination):
                found[produit].add(amm.cis)
    return found
