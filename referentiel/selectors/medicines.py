"""What dossiers, bills and pages read of the medicines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from uuid import UUID

from django.db.models import Q, QuerySet

from engine.clocks import today
from referentiel.models import (
    Cadre,
    CodeIndication,
    CodeUcd,
    LigneLes,
    Produit,
    Specialite,
    SpecialiteAmm,
)
from referentiel.models.cadres import covering, open_on
from referentiel.rules import codes
from referentiel.rules.noms import (
    brand_of,
    form_of,
    same_brand,
    strength_of,
    substances_of,
)
from referentiel.rules.similarity import same_indication
from referentiel.selectors.search_index import registre
from referentiel.selectors.trouves import Trouves
from referentiel.states import TypeCadre

# What an authorisation must carry (CSP, R. 5121-74-3 I 3°; the company by decision of the project).
MENTIONS_OBLIGATOIRES = {
    "nom": "nom ou nom de code",
    "dci": "DCI",
    "forme": "forme",
    "dosage": "dosage",
    "laboratoire": "laboratoire",
}


# --- Search -----------------------------------------------------------------------------


def matching(q: str) -> Trouves:
    """Products that hold every word typed, codes and names first, misspelt words understood."""
    known = registre()
    return Trouves(known, known.find(q, today()))


def search_produits(q: str, limit: int = 20) -> list[Produit]:
    """The first products a search box offers."""
    if not q.strip():
        return []
    return matching(q).prefetch_related("specialites")[:limit]


# --- Cadres and codes -------------------------------------------------------------------


def cadres_ouverts(
    produit: Produit, on: date, framework: TypeCadre | None = None
) -> QuerySet[Cadre]:
    """The cadres of a product in force on a day."""
    found = Cadre.objects.filter(open_on(on), produit=produit)
    return found.filter(framework=framework) if framework else found


def codes_on(ucd7: str, on: date) -> QuerySet[CodeIndication]:
    """Codes of a UCD that may be billed for a day of administration.

    `NXXXX00` is refused since 1 January 2023, whatever the list says (SOL 1019).
    """
    standing = CodeIndication.objects.filter(covering(on), specialite__ucd7=ucd7)
    return standing.exclude(code=codes.CODE_ANCIENNE_ATU)


def code_for(
    cadre: Cadre | None, specialite: Specialite, on: date, *, continuite: bool | None = None
) -> CodeIndication | None:
    """The billing code of a cadre for one UCD on a day; nothing when none stands."""
    if not specialite.ucd7:
        return None
    return code_among(codes_on(specialite.ucd7, on), cadre, continuite=continuite)


def code_among(
    standing: Iterable[CodeIndication], cadre: Cadre | None, *, continuite: bool | None = None
) -> CodeIndication | None:
    """Of the codes of one UCD that stand on a day, the one of a cadre.

    The cadre's own code when it stands; else, for an AAC, the UCD's generic code: `NXXXX02` for a
    treatment begun under AAC, `NXXXX01` for an indication of no list. Nothing when none stands.
    """
    rows = list(standing)
    if cadre is not None:
        for row in rows:
            if row.cadre_id == cadre.pk or (row.code == cadre.code and not row.generique):
                return row
        if cadre.framework != TypeCadre.AAC:
            return None
    goes_on = continuite if continuite is not None else bool(cadre and cadre.continuite)
    generic = codes.CODE_CONTINUITE if goes_on else codes.CODE_AUTRE
    return next((row for row in rows if row.code == generic), None)


def codes_by_specialite(specialites: Iterable[UUID]) -> dict[UUID, list[CodeIndication]]:
    """All the codes of some specialities, whatever their dates, in one query."""
    found: dict[UUID, list[CodeIndication]] = defaultdict(list)
    for row in CodeIndication.objects.filter(specialite__in=list(specialites)):
        found[row.specialite_id].append(row)
    return found


def published_ucds(ucds: Iterable[str]) -> set[str] | None:
    """Of these UCD, those that the list of UCD or of indication codes holds; None without lists.

    The list of UCD leaves out hundreds of those the list of codes bills.
    """
    if not CodeUcd.objects.exists():
        return None
    asked = list(ucds)
    labels = CodeUcd.objects.filter(ucd7__in=asked).values_list("ucd7", flat=True)
    coded = CodeIndication.objects.filter(specialite__ucd7__in=asked, saisi=False)
    return {*labels, *(row.specialite.ucd7 or "" for row in coded.select_related("specialite"))}


def les_periods(ucds: Iterable[str]) -> dict[str, list[LigneLes]]:
    """What the liste en sus holds of these UCD, whatever the dates, in one query."""
    found: dict[str, list[LigneLes]] = defaultdict(list)
    for row in LigneLes.objects.filter(ucd7__in=list(ucds)):
        found[row.ucd7].append(row)
    return found


# --- Mentions ---------------------------------------------------------------------------


def mentions_manquantes(produit: Produit) -> list[str]:
    """Mandatory mentions of an authorisation this product still lacks (CSP, R. 5121-74-3)."""
    return [label for name, label in MENTIONS_OBLIGATOIRES.items() if not getattr(produit, name)]


# --- Other routes (decision 22) ---------------------------------------------------------


class AutreVoie(Enum):
    """Where another route leads."""

    AMM = "AMM"
    AAP = "AAP"
    CPC = "CPC"


@dataclass(frozen=True)
class Alternative:
    """Another route in force for the same need, in one sentence."""

    route: AutreVoie
    sentence: str
    amm: SpecialiteAmm | None = None
    cadre: Cadre | None = None


def alternatives(produit: Produit, indication: str | Cadre, on: date) -> list[Alternative]:
    """An AMM in force for the brand or the same substance, form and strength; an AAP or a CPC."""
    text = indication.indication if isinstance(indication, Cadre) else indication
    return other_cadres(produit, text, on) + marketed(produit)


def other_cadres(produit: Produit, indication: str, on: date) -> list[Alternative]:
    """An AAP or CPC in force for the indication: same product, or same brand."""
    brand = brand_of(produit.nom)
    near = Q(produit=produit)
    if len(brand) >= 4:
        near |= Q(produit__texte_recherche__startswith=brand)
    if produit.dci:
        near |= Q(produit__dci__iexact=produit.dci)
    cadres = (
        Cadre.objects.filter(open_on(on), near, framework__in=[TypeCadre.AAP, TypeCadre.CPC])
        .select_related("produit")
        .order_by("produit__nom", "code")
    )
    found = []
    for cadre in cadres:
        if same_indication(indication, cadre.indication):
            until = f" jusqu'au {cadre.fin:%d/%m/%Y}" if cadre.fin else ""
            kind = (
                "Un accès précoce est ouvert"
                if cadre.framework == TypeCadre.AAP
                else "Un cadre de prescription compassionnelle est en vigueur"
            )
            found.append(
                Alternative(
                    AutreVoie(cadre.framework),
                    f"{kind}{until} pour cette indication : {cadre.produit.nom}, "
                    f"« {cadre.indication} ».",
                    cadre=cadre,
                )
            )
    return found


def marketed(produit: Produit) -> list[Alternative]:
    """BDPM specialities with an AMM in force: same brand, or same DCI, form and strength."""
    candidates = _amm_candidates(produit)
    by_brand = [row for row in candidates if same_brand(row.marque, brand_of(produit.nom))]
    if by_brand:
        strength = strength_of(produit.dosage or produit.nom)
        first = min(by_brand, key=lambda row: strength_of(row.denomination) != strength)
        return [
            Alternative(
                AutreVoie.AMM,
                f"Une AMM est en vigueur pour la même marque : {first.denomination}, "
                f"{first.titulaire}. Le circuit ordinaire convient peut-être.",
                amm=first,
            )
        ]
    same = next((row for row in candidates if _same_medicine(produit, row)), None)
    if same is None:
        return []
    return [
        Alternative(
            AutreVoie.AMM,
            f"Une AMM est en vigueur pour la même DCI, la même forme et le même dosage : "
            f"{same.denomination}, {same.titulaire}.",
            amm=same,
        )
    ]


def _amm_candidates(produit: Produit) -> list[SpecialiteAmm]:
    brand = brand_of(produit.nom)
    near = Q()
    if brand:
        near |= Q(marque__startswith=brand.split()[0])
    for substance in substances_of(produit.dci):
        near |= Q(substances__contains=substance)
    if not near:
        return []
    return list(
        SpecialiteAmm.objects.filter(
            near, statut_amm=SpecialiteAmm.ACTIVE, absente_version=""
        ).order_by("denomination")
    )


def _same_medicine(produit: Produit, row: SpecialiteAmm) -> bool:
    """Same substances, same kind of form, same strength: all three, or no match."""
    wanted, held = substances_of(produit.dci), substances_of(row.substances)
    form, strength = form_of(produit.forme), strength_of(produit.dosage)
    return bool(
        wanted
        and wanted <= held
        and form
        and form == form_of(row.forme)
        and strength
        and strength == strength_of(row.denomination)
    )
