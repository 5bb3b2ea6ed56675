"""The boxes of each product, for a search by CIP: the BDPM joins none to a UCD."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from referentiel.models import Presentation, Specialite, SpecialiteAmm
from referentiel.rules.noms import MIN_BRAND, brand_of, same_strength


class Unit(NamedTuple):
    """What a speciality says of its product: its UCD, its CIS."""

    produit_id: UUID
    ucd7: str | None
    cis: str
    ucd_en_attente: bool


class Amm(NamedTuple):
    """What a speciality of the BDPM says: its brand, and whether its AMM is in force."""

    cis: str
    marque: str
    denomination: str
    statut_amm: str
    absente_version: str


class Boxes:
    """The presentations of each product: by the CIS of its units, else by its brand."""

    def __init__(self) -> None:
        units = [Unit(*row) for row in Specialite.objects.order_by().values_list(*Unit._fields)]
        self.waiting = {unit.produit_id for unit in units if unit.ucd_en_attente}
        carried = grouped((unit.produit_id, unit.cis) for unit in units if unit.cis)
        self._carried, self._cis = carried, dict(carried)
        self.ucds = grouped((unit.produit_id, unit.ucd7) for unit in units if unit.ucd7)
        self._codes: dict[str, list[str]] = defaultdict(list)
        for cis, cip7, cip13 in Presentation.objects.order_by().values_list("cis", "cip7", "cip13"):
            self._codes[cis] += [cip7, cip13]
        self._by_brand: dict[str, list[str]] = defaultdict(list)
        self._whole: dict[str, list[str]] = defaultdict(list)
        self._names: dict[str, str] = {}
        self._marketed: dict[str, str] = {}
        for row in SpecialiteAmm.objects.order_by("cis").values_list(*Amm._fields):
            amm = Amm(*row)
            self._names[amm.cis] = amm.denomination
            self._whole[amm.marque].append(amm.cis)
            for start in _beginnings(amm.marque):
                self._by_brand[start].append(amm.cis)
            if amm.statut_amm == SpecialiteAmm.ACTIVE and not amm.absente_version:
                self._marketed[amm.cis] = amm.denomination
        named = Specialite.objects.exclude(cis="").order_by().values("cis")
        self._conditions: dict[str, str] = {
            cis: " ; ".join(conditions)
            for cis, conditions in SpecialiteAmm.objects.filter(cis__in=named)
            .order_by()
            .values_list("cis", "conditions")
        }

    def codes_of(self, produit_id: UUID, nom: str) -> tuple[str, ...]:
        """CIP 7 and CIP 13 of the boxes of a product."""
        return tuple(
            code for cis in self._alike(produit_id, nom) for code in self._codes.get(cis, ())
        )

    def conditions_of(self, produit_id: UUID) -> str:
        """The conditions of prescription of the AMM, where a unit names its CIS."""
        found = self._carried.get(produit_id, [])
        return " ; ".join(filter(None, (self._conditions.get(cis, "") for cis in found)))

    def marketed(self, produit_id: UUID, nom: str) -> str:
        """A speciality of this medicine whose AMM is in force."""
        held = (self._marketed.get(cis, "") for cis in self._alike(produit_id, nom))
        return next(filter(None, held), "")

    def alike(self, produit_id: UUID) -> list[str]:
        """The CIS of a product already asked for by its name."""
        return self._cis.get(produit_id, [])

    def _alike(self, produit_id: UUID, nom: str) -> list[str]:
        """The CIS of the units, else those of the brand: read once for each product."""
        known = self._cis.get(produit_id)
        if known is None:
            known = self._cis[produit_id] = self._same_medicine(nom)
        return known

    def _same_medicine(self, nom: str) -> list[str]:
        """The specialities of the brand, at the same strength or at one that is not said."""
        brand = brand_of(nom)
        if len(brand) < MIN_BRAND:
            return []
        shorter = [cis for start in _beginnings(brand)[:-1] for cis in self._whole.get(start, ())]
        alike = shorter + self._by_brand.get(brand, [])
        return [cis for cis in alike if same_strength(nom, self._names[cis])]


def _beginnings(brand: str) -> list[str]:
    """The brand cut after each of its words, from the length a comparison asks for."""
    words = brand.split()
    cuts = (" ".join(words[:count]) for count in range(1, len(words) + 1))
    return [cut for cut in cuts if len(cut) >= MIN_BRAND]


def grouped(pairs: Iterable[tuple[UUID, str]]) -> Mapping[UUID, list[str]]:
    """Values by product, sorted: the order of a database is not ours."""
    found: dict[UUID, list[str]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return {key: sorted(values) for key, values in found.items()}
