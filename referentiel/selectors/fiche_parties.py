"""Parts of the public sheet: badges, safety card, words for the patient."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from referentiel.formats.french import SHORT_MONTHS, write_day
from referentiel.models import ExtraitSecurite, Produit
from referentiel.rules.obtention import EN_MOTS_SIMPLES
from referentiel.selectors.disponibilites import badges_of
from referentiel.selectors.versions import Suite
from referentiel.states import RubriqueSecurite, TypeCadre


@dataclass(frozen=True)
class Etiquette:
    """A badge of the product, dated, with its official page."""

    kind: str
    label: str
    lien: str


@dataclass(frozen=True)
class EnMotsSimples:
    """A part for the patient: the product's own text, or a general one per framework."""

    titre: str
    texte: str
    general: bool


def badges(produit: Produit) -> list[Etiquette]:
    """Shortages and major interest, in words with their date."""
    return [
        Etiquette(
            "brouillon" if badge.kind == "mitm" else "alerte",
            f"{badge.label} depuis le {write_day(badge.since, SHORT_MONTHS)}"
            if badge.since
            else badge.label,
            badge.url,
        )
        for badge in badges_of([produit], produit.specialites.all())[produit.pk]
    ]


def safety_card(suites: Iterable[Suite]) -> list[tuple[str, list[ExtraitSecurite]]]:
    """Passages of the versions in effect, heading by heading in reading order."""
    read = [suite.courante.document.pk for suite in suites if suite.en_vigueur]
    if not read:
        return []
    rows = ExtraitSecurite.objects.filter(document__in=read).select_related("document")
    by_heading: dict[str, list[ExtraitSecurite]] = defaultdict(list)
    for row in rows.order_by("document__type", "ordre"):
        by_heading[row.rubrique].append(row)
    return [
        (str(heading.label), by_heading[heading])
        for heading in RubriqueSecurite
        if heading in by_heading
    ]


def in_plain_words(produit: Produit, frameworks: Iterable[str]) -> list[EnMotsSimples]:
    """The product's own words for the patient, else general ones for each framework."""
    if produit.resume_patient:
        return [EnMotsSimples("", produit.resume_patient, general=False)]
    kinds = dict.fromkeys(TypeCadre(framework) for framework in frameworks)
    several = len(kinds) > 1
    return [
        EnMotsSimples(str(kind.label) if several else "", EN_MOTS_SIMPLES[kind], general=True)
        for kind in kinds
    ]
